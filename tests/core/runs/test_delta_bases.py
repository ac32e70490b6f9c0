"""What a delta goes into: not into a set that was turned down, nor into one that is newer."""

import pytest

from core.deltas import read_rows, write_delta, write_rows
from core.mutation import Mutant
from core.scene import NORTH, Scene
from core.small_sis import SmallSis
from rollbook.desk import decisions, syncing
from rollbook.desk.views import RunState, RunView

SUNDAY, MONDAY = "2026-03-01T18:00:00.000Z", "2026-03-02T06:00:00.000Z"


def delta(
    scene: Scene, before: SmallSis, after: SmallSis, stamp: str, *, preview: bool = False
) -> RunView:
    write_delta(before, after, scene.drop, stamp)
    return syncing.sync(scene.desk, NORTH, preview=preview)


def without(sis: SmallSis, student: str) -> SmallSis:
    after = sis.copy()
    after.drop_user(student)
    return after


def renamed(sis: SmallSis, student: str) -> SmallSis:
    after = sis.copy()
    after.users[student]["givenName"] = "Changed"
    return after


def what_was_turned_down_does_not_come_with_the_next_delta(scene: Scene) -> None:
    start = scene.sis
    wrong = delta(scene, start, without(start, "s1-04"), SUNDAY, preview=True)
    assert wrong.summary.state is RunState.READY
    decisions.reject_run(scene.desk, wrong.summary.id, reason="the wrong file")
    view = delta(scene, start, renamed(start, "s2-01"), MONDAY)
    assert "s1-04" in scene.users()
    assert view.summary.state is RunState.INPUT_REFUSED
    assert view.findings[0].code == "delta-without-base"
    assert "turned down" in view.findings[0].message


def test_what_was_turned_down_does_not_come_with_the_next_delta(scene: Scene) -> None:
    what_was_turned_down_does_not_come_with_the_next_delta(scene)
    scene.sis = renamed(scene.sis, "s2-01")
    assert scene.sync().summary.state is RunState.APPLIED
    after = renamed(scene.sis, "s2-02")
    assert delta(scene, scene.sis, after, "2026-03-02T09:00:00Z").summary.state is RunState.APPLIED


def test_that_guard_broken_is_caught(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    place = "rollbook.directory.runs:was_turned_down"
    Mutant(place, "last.state == RunState.REJECTED", "False").put_in(monkeypatch)
    with pytest.raises(AssertionError):
        what_was_turned_down_does_not_come_with_the_next_delta(scene)


def test_a_part_that_was_turned_down_is_held_again(scene: Scene) -> None:
    after = scene.sis.copy()
    after.drop_students("s1", 12)
    [hold] = delta(scene, scene.sis, after, SUNDAY).holds
    decisions.reject(scene.desk, hold.id, reason="not all of them")
    view = delta(scene, after, renamed(after, "s2-01"), MONDAY)
    assert [hold.rule for hold in view.holds] == ["R1"]
    assert "s1-01" in scene.users()
    assert scene.users()["s2-01"]["given_name"] == "Changed"


@pytest.mark.parametrize(("days", "state"), [(1, "APPLIED"), (3, "INPUT_REFUSED")])
def test_a_delta_from_before_the_bulk_set_is_refused(scene: Scene, days: int, state: str) -> None:
    """A bulk set is a day or two on its way, and what changes meanwhile is no old news."""
    before = scene.sis.copy()
    scene.sis.users["s1-02"]["givenName"] = "Newest"
    scene.clock.forward(days=days)
    assert scene.sync().summary.state is RunState.APPLIED
    view = delta(scene, before, without(before, "s1-04"), SUNDAY)
    assert view.summary.state == state
    assert ("s1-04" in scene.users()) == (state == "INPUT_REFUSED")
    if state == "INPUT_REFUSED":
        assert view.findings[0].code == "delta-out-of-order"
        assert "a bulk set came at 2026-03-05" in view.findings[0].message


def in_bulk(scene: Scene, name: str, after: SmallSis) -> None:
    """Have a file of the delta in the drop come whole."""
    whole = after.write(scene.drop.parent / "whole")
    (whole / f"{name}.csv").replace(scene.drop / f"{name}.csv")
    manifest = scene.drop / "manifest.csv"
    text = manifest.read_text()
    for mode in ("delta", "absent"):
        text = text.replace(f"file.{name},{mode}", f"file.{name},bulk")
    manifest.write_text(text)


def test_whole_files_that_do_not_agree_are_refused_beside_a_delta_of_another(scene: Scene) -> None:
    """Seats of who has left may stay in what changes go into, not in a file that came whole."""
    states = []
    for night, students in enumerate((("s1-01", "s1-02"), ("s1-11", "s1-12")), 1):
        before = scene.sis.copy()
        scene.sis.tables["courses"]["k-s1"]["title"] = f"Reading {night}"
        write_delta(before, scene.sis, scene.drop, f"2026-03-02T0{night}:00:00Z")
        for student in students:
            del scene.sis.users[student]
            del scene.sis.demographics[student]
        for name in ("users", "enrollments", "demographics"):
            in_bulk(scene, name, scene.sis)
        states.append(syncing.sync(scene.desk, NORTH).summary.state)
    assert states == [RunState.APPLIED, RunState.INPUT_REFUSED]
    assert "s1-11" in scene.users()


def test_what_a_delta_takes_from_the_end_of_a_file_was_not_cut_off(scene: Scene) -> None:
    after = scene.sis.copy()
    for seat in list(after.enrollments)[-11:]:
        del after.enrollments[seat]
    view = delta(scene, scene.sis, after, SUNDAY)
    assert "R9" not in {hold.rule for hold in view.holds}


def test_a_file_that_nobody_reads_may_come_in_bulk_beside_a_delta(scene: Scene) -> None:
    write_delta(scene.sis, renamed(scene.sis, "s1-01"), scene.drop, SUNDAY)
    (scene.drop / "results.csv").write_text("sourcedId,status,dateLastModified\nr1,,\n")
    manifest = scene.drop / "manifest.csv"
    manifest.write_text(manifest.read_text() + "file.results,bulk\n")
    assert syncing.sync(scene.desk, NORTH).summary.state is RunState.APPLIED
    assert scene.users()["s1-01"]["given_name"] == "Changed"


def test_lines_without_anything_above_the_rows_do_not_move_them(scene: Scene) -> None:
    """Findings name the line of the file that has the row."""
    scene.sis.write(scene.drop)
    users = scene.drop / "users.csv"
    header, *lines = users.read_text().splitlines(keepends=True)
    users.write_text("".join([header, "," * header.count(",") + "\r\n", *lines]))
    syncing.sync(scene.desk, NORTH)
    write_delta(scene.sis, renamed(scene.sis, "s1-01"), scene.drop, SUNDAY)
    rows = read_rows(scene.drop / "users.csv")
    write_rows(scene.drop / "users.csv", [row | {"enabledUser": "perhaps"} for row in rows])
    view = syncing.sync(scene.desk, NORTH)
    [told] = [f for f in view.findings if f.severity == "error"]
    assert (told.file, told.line) == ("users.csv (delta)", 2)
