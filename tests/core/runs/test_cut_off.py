"""R9: a file that ends before the last rows of the one before may have been cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.holds.cases import compared
from core.scene import NORTH, Scene
from core.small_sis import SmallSis, small_sis
from rollbook.desk import decisions, syncing
from rollbook.desk.views import RunState, RunView
from rollbook.runs.cut_off import why_cut_off
from rollbook.snapshots.cut_off import ids_from_the_end, lost_end
from rollbook.sources.oneroster_csv import read


def cut(scene: Scene, rows: int) -> RunView:
    """Sync what the system has, but for the last enrollments."""
    path = scene.sis.write(scene.drop) / "enrollments.csv"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-rows]))
    return syncing.sync(scene.desk, NORTH)


def why(folder: Path, before: SmallSis, after: SmallSis) -> str:
    older, newer = before.write(folder / "older"), after.write(folder / "newer")
    changeset = compared(lambda sis: read(older if sis is before else newer), before, after)
    return why_cut_off(changeset.changes, older, newer)


def test_it_waits_as_a_whole_until_it_is_mended_or_believed(scene: Scene) -> None:
    scene.sis.users["s1-01"]["phone"] = "1"
    [hold] = [hold for hold in cut(scene, 12).holds if hold.rule == "R9"]
    assert hold.whole_run
    assert "The last 12 enrollments of enrollments.csv" in hold.why
    decisions.reject(scene.desk, hold.id, reason="cut off")
    assert "phone" not in scene.users()["s1-01"]
    scene.sis.users["s1-01"]["phone"] = "2"
    assert "R9" in {hold.rule for hold in cut(scene, 12).holds}, "cut off again it is held again"
    assert scene.sync().summary.state is RunState.APPLIED
    scene.sync_through()
    view = cut(scene, 12)
    for hold in view.holds:
        scene.approve(hold)
    scene.sis.users["s1-01"]["phone"] = "3"
    assert cut(scene, 12).summary.state is RunState.APPLIED


@pytest.mark.parametrize(("rows", "held"), [(9, False), (10, True)])
def test_so_many_rows_make_an_end(tmp_path: Path, rows: int, held: bool) -> None:
    before, after = small_sis(), small_sis()
    for enrollment in list(after.enrollments)[-rows:]:
        del after.enrollments[enrollment]
    assert bool(why(tmp_path, before, after)) is held


def test_the_last_class_may_end(tmp_path: Path) -> None:
    """Its seats are the last rows, and they belong to one class."""
    before = small_sis()
    seats = [e for e, row in before.enrollments.items() if row["classSourcedId"] == "c-s2-3"]
    for enrollment in seats:
        before.enrollments[enrollment] = before.enrollments.pop(enrollment)
    after = before.copy()
    for enrollment in seats:
        del after.enrollments[enrollment]
    assert len(seats) > 10
    assert why(tmp_path, before, after) == ""


def test_who_came_last_may_leave_first(tmp_path: Path) -> None:
    """Their seats are the last rows, and they leave themselves."""
    before = small_sis()
    for student in ("one", "two"):
        before.add_student("s2", student, classes=tuple(before.classes))
    after = before.copy()
    for student in ("one", "two"):
        after.drop_user(student)
    assert why(tmp_path / "gone", before, after) == ""
    there = before.copy()
    there.tables["enrollments"] = dict(after.enrollments)
    assert "12 enrollments of enrollments.csv" in why(tmp_path / "cut", before, there)


def test_leavers_from_anywhere_are_no_end(tmp_path: Path) -> None:
    before, after = small_sis(), small_sis()
    for enrollment in list(after.enrollments)[::8]:
        del after.enrollments[enrollment]
    assert why(tmp_path, before, after) == ""


def lost(older: Path, newer: Path, missing: int) -> list[str]:
    before, now = ids_from_the_end(older), ids_from_the_end(newer)
    return lost_end(before, now, lambda records: True, missing)


def test_a_small_file_in_which_all_is_new_is_no_end(tmp_path: Path) -> None:
    """The two have their header in common, and it is no row."""
    older, newer = tmp_path / "older", tmp_path / "newer"
    older.write_text("sourcedId,title\n" + "".join(f"a{n},A\n" for n in range(12)))
    newer.write_text("sourcedId,title\n" + "".join(f"b{n},B\n" for n in range(12)))
    assert lost(older, newer, 12) == []
    newer.write_text("sourcedId,title\na0,A\na1,A\n")
    assert len(lost(older, newer, 10)) == 10


def test_an_end_of_any_length_is_all_gone_or_no_end() -> None:
    older = [f"row-{number}" for number in range(20_000)]
    newer = older[15_000:]

    def found(stays: set[str]) -> list[str]:
        return lost_end(older, newer, lambda rows: stays.isdisjoint(rows), 15_000)

    assert found({"row-15000"}) == older[:15_000]
    assert found({"row-14999"}) == found({"row-0"}) == found({"row-700"}) == []
