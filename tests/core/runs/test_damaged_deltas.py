"""Damaged rows, in a delta and in the set before it: whoever they may be about stays."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.deltas import read_rows, write_delta, write_rows
from core.scene import NORTH, Scene, configure_quietly
from rollbook.desk import syncing
from rollbook.desk.views import RunState, RunView
from rollbook.roster.kinds import Kind

SUNDAY, MONDAY = "2026-03-01T18:00:00.000Z", "2026-03-02T06:00:00.000Z"

Spoil = Callable[[str], str]


def again(scene: Scene) -> RunView:
    return syncing.sync(scene.desk, NORTH)


def delta_about_another(scene: Scene) -> RunView:
    """A delta that names ``s2-01`` and nobody else."""
    after = scene.sis.copy()
    after.users["s2-01"]["givenName"] = "Changed"
    write_delta(scene.sis, after, scene.drop, SUNDAY)
    return again(scene)


def spoil_row(file: Path, record: str, spoil: Spoil) -> None:
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.startswith(f"{record},"))
    lines[at] = spoil(lines[at])
    file.write_text("".join(lines), encoding="utf-8")


DAMAGES: dict[str, Spoil] = {
    "a cell that is too long": lambda line: line.replace("Givens1-05", "G" * 140_000),
    "no id and a cell too few": lambda line: "," + line.split(",", 2)[2],
    "a quote within a cell": lambda line: line.replace("Givens1-05", '"Xeno" phon'),
    "a quote within the id": lambda line: '"s1"-05' + line.removeprefix("s1-05"),
    "a cell too many": lambda line: line.replace("Givens1-05", "Givens1,05"),
    "two rows in one": lambda line: line.rstrip() + line.removeprefix("s1-05"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_row_of_the_set_before_protects_whom_it_is_about(
    empty_scene: Scene, damage: str
) -> None:
    """What is kept of a file with passwords is written anew, and its damage has to stay."""
    scene = empty_scene
    for row in scene.sis.users.values():
        row["password"] = "canary"
    scene.sync_through()
    configure_quietly(scene, thresholds={"rejected_percent": 5})
    before = scene.held()
    scene.sis.write(scene.drop)
    spoil_row(scene.drop / "users.csv", "s1-05", DAMAGES[damage])
    assert again(scene).summary.state is RunState.NOOP
    assert delta_about_another(scene).summary.state is RunState.APPLIED
    after = scene.held()
    assert after[Kind.USER].pop("s2-01")["given_name"] == "Changed"
    del before[Kind.USER]["s2-01"]
    assert after == before


@pytest.mark.parametrize("gone", [False, True])
def test_a_line_of_two_rows_protects_the_second_whatever_becomes_of_the_first(
    scene: Scene, gone: bool
) -> None:
    """The line end between them was lost, and the second's id with it."""
    configure_quietly(scene, thresholds={"rejected_percent": 5})
    scene.sis.write(scene.drop)
    users = scene.drop / "users.csv"
    users.write_text(users.read_text().replace("\ng-s1-05,", "g-s1-05,"))
    assert again(scene).summary.state is RunState.NOOP
    after = scene.sis.copy()
    if gone:
        after.drop_user("s1-05")
    else:
        after.users["s1-05"]["givenName"] = "Changed"
    write_delta(scene.sis, after, scene.drop, SUNDAY)
    again(scene)
    assert "g-s1-05" in scene.users()


NEWER: dict[str, dict[str, str]] = {
    "no status": {"status": ""},
    "no such status": {"status": "actve"},
    "no date": {"dateLastModified": "yesterday"},
    "a date in no year": {"dateLastModified": "9999-12-31T23:59:59-05:00"},
    "an id with more in it": {"sourcedId": "s1-\u200b05"},
}


def delta_of_rows(scene: Scene, *changes: dict[str, str]) -> RunView:
    """A delta of rows of ``s1-05``, each as it stands in the set but for some cells; and of a new
    name of ``s2-01``."""
    scene.sis.write(scene.drop)
    rows = {row["sourcedId"]: row for row in read_rows(scene.drop / "users.csv")}
    write_delta(scene.sis, scene.sis, scene.drop, SUNDAY)
    fine = {"status": "active", "dateLastModified": MONDAY}
    written = [rows["s1-05"] | fine | change for change in changes]
    written.append(rows["s2-01"] | fine | {"givenName": "Changed"})
    write_rows(scene.drop / "users.csv", written)
    manifest = scene.drop / "manifest.csv"
    manifest.write_text(manifest.read_text().replace("file.users,absent", "file.users,delta"))
    return again(scene)


GONE = {"status": "tobedeleted", "dateLastModified": SUNDAY}


def test_the_rows_are_fit_but_for_what_is_wrong_with_them(scene: Scene) -> None:
    view = delta_of_rows(scene, GONE)
    assert view.summary.state is RunState.APPLIED
    assert "s1-05" not in scene.users()


@pytest.mark.parametrize("wrong", NEWER)
@pytest.mark.parametrize("first", [True, False])
def test_what_is_older_does_not_count_where_a_row_is_set_aside(
    scene: Scene, wrong: str, first: bool
) -> None:
    """Nobody can tell that they are not the newest word about the student."""
    configure_quietly(scene, thresholds={"rejected_percent": 5})
    rows = [GONE, NEWER[wrong]] if first else [NEWER[wrong], GONE]
    view = delta_of_rows(scene, *rows)
    assert view.summary.state is RunState.APPLIED
    assert scene.users()["s1-05"]["given_name"] == "Givens1-05"
    assert scene.users()["s2-01"]["given_name"] == "Changed"
    [told] = [f for f in view.findings if f.severity == "error"]
    assert (told.file, told.record_id) == ("users.csv", "s1-05")
    assert "Until then the record stays as it was." in told.remedy


@pytest.mark.parametrize("blank", ["", "NULL", " "])
def test_nobody_is_taken_away_where_it_is_not_known_whose_row_was_set_aside(
    scene: Scene, blank: str
) -> None:
    configure_quietly(scene, thresholds={"rejected_percent": 5})
    view = delta_of_rows(scene, GONE, {"sourcedId": blank})
    assert view.summary.state is RunState.APPLIED
    assert "s1-05" in scene.users()
    assert scene.users()["s2-01"]["given_name"] == "Changed"
    assert {f.code for f in view.findings} == {"blank-id", "incomplete"}
    assert delta_of_rows(scene, GONE | {"dateLastModified": "2026-03-02T09:00:00Z"})
    assert "s1-05" not in scene.users()


def test_a_damaged_row_of_a_delta_protects_whom_it_is_about(scene: Scene) -> None:
    configure_quietly(scene, thresholds={"rejected_percent": 5})
    delta_of_rows(scene)
    delta_of_rows(scene, GONE | {"dateLastModified": MONDAY}, {"givenName": "Twice"})
    users = scene.drop / "users.csv"
    users.write_text(users.read_text().replace("Twice", "Given,name"), encoding="utf-8")
    view = again(scene)
    assert "s1-05" in scene.users()
    assert [f.record_id for f in view.findings if f.code == "cell-count"] == ["s1-05"]


def test_a_line_of_two_rows_in_a_delta_may_be_about_anybody(scene: Scene) -> None:
    """Whom the second one is about nobody knows, and it may be newer than what takes them away."""
    configure_quietly(scene, thresholds={"rejected_percent": 5})
    delta_of_rows(scene, GONE, {"sourcedId": "s1-06"}, {"dateLastModified": MONDAY})
    users = scene.drop / "users.csv"
    users.write_text(users.read_text().replace("\ns1-05,active", "s1-05,active"))
    assert users.read_text().count("\n") == 4
    scene.clock.forward(days=1)
    view = again(scene)
    assert "incomplete" in {finding.code for finding in view.findings}
