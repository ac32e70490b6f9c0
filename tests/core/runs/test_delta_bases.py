"""What a delta goes into: not into a set that was turned down, nor into one that is newer."""

from pathlib import Path
from typing import Any

import pytest

from core.deltas import read_rows, write_delta, write_rows
from core.mutation import Mutant
from core.scene import NORTH, Scene, configure_quietly, new_scene
from core.small_sis import SmallSis, small_sis
from rollbook.desk import decisions, syncing
from rollbook.desk.views import HoldView, RunState, RunView
from rollbook.snapshots.stage import Staged, stage
from servers.sftp_server import PASSWORD, USER, running_sftp_server

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


def review(view: RunView) -> HoldView:
    [hold] = [hold for hold in view.holds if hold.rule == "R9"]
    return hold


def test_a_set_that_waits_for_a_review_keeps_the_changes_to_it_waiting(scene: Scene) -> None:
    """What looked cut off comes with the changes that were put into it."""
    before = scene.held()
    short = scene.sis.copy()
    for seat in list(short.enrollments)[-11:]:
        del short.enrollments[seat]
    short.write(scene.drop)
    hold = review(syncing.sync(scene.desk, NORTH))
    for stamp, student in ((SUNDAY, "s2-01"), (MONDAY, "s2-02")):
        after = renamed(short, student)
        again = review(delta(scene, short, after, stamp))
        assert hold.id in again.why
        assert scene.held() == before
        short, hold = after, again
    while waiting := decisions.holds(scene.desk, NORTH):
        scene.approve(waiting[0])
    assert scene.users()["s2-02"]["given_name"] == "Changed"


def test_what_is_turned_down_while_the_next_delta_is_read_does_not_come_with_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = scene.sis
    wrong = delta(scene, start, without(start, "s1-04"), SUNDAY, preview=True)
    other = scene.at("lee")

    def meanwhile(*args: Any) -> Staged:
        decisions.reject_run(other, wrong.summary.id, reason="the wrong file")
        return stage(*args)

    monkeypatch.setattr("rollbook.runs.sync.stage", meanwhile)
    view = delta(scene, start, renamed(start, "s2-01"), MONDAY)
    assert view.summary.state is RunState.INPUT_REFUSED
    assert view.findings[0].code == "delta-without-base"
    assert "s1-04" in scene.users()


def test_a_delta_without_rows_leaves_an_old_one_old(scene: Scene) -> None:
    before = scene.sis.copy()
    scene.sis.users["s1-02"]["givenName"] = "Newest"
    scene.clock.forward(days=30)
    scene.sync()
    write_delta(before, renamed(before, "s1-02"), scene.drop, MONDAY)
    users = scene.drop / "users.csv"
    users.write_text(users.read_text().splitlines()[0] + "\n")
    assert syncing.sync(scene.desk, NORTH).summary.state is RunState.NOOP
    view = delta(scene, before, without(before, "s1-04"), MONDAY)
    assert view.findings[0].code == "delta-out-of-order"
    assert "s1-04" in scene.users()


def test_changes_of_what_nobody_reads_make_no_delta(empty_scene: Scene) -> None:
    """Grades come as changes beside a roster that comes whole, from the first day on."""
    scene = empty_scene
    scene.sis.write(scene.drop)
    (scene.drop / "results.csv").write_text("sourcedId,status,dateLastModified\nr1,,\n")
    manifest = scene.drop / "manifest.csv"
    text = manifest.read_text()
    assert "file.results,absent" in text
    manifest.write_text(text.replace("file.results,absent", "file.results,delta"))
    view = syncing.sync(scene.desk, NORTH)
    assert [hold.rule for hold in view.holds] == ["R9"], view.summary.message


def test_a_bulk_set_that_is_read_again_is_no_newer_for_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lies on the server over a long weekend; the next delta is of what changed since Friday."""
    monkeypatch.setenv("SFTP_PASSWORD", PASSWORD)
    scene = new_scene(tmp_path, small_sis(1, 6, classes=2))
    with running_sftp_server(tmp_path) as server:
        sftp = {"password": "env:SFTP_PASSWORD", "host_keys": server.fingerprints}
        path = f"sftp://{USER}@127.0.0.1:{server.port}/drop"
        source = {"type": "oneroster-csv", "path": path, "sftp": sftp | {"settle_seconds": 0.01}}
        configure_quietly(scene, source=source)
        scene.sync_through()
        for _ in range(3):
            scene.clock.forward(days=1)
            assert syncing.sync(scene.desk, NORTH).summary.state is RunState.NOOP
        scene.clock.forward(days=1)
        view = delta(scene, scene.sis, renamed(scene.sis, "s1-02"), "2026-03-02T21:00:00Z")
    scene.close()
    assert view.summary.state is RunState.APPLIED
