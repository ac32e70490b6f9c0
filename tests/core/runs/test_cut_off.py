"""R9: a file that ends before the last rows of the one before may have been cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.scene import NORTH, Scene
from rollbook.desk import decisions, syncing
from rollbook.desk.views import RunState, RunView
from rollbook.snapshots.cut_off import lost_end


def cut(scene: Scene, file: str, rows: int) -> RunView:
    """Sync what the system has, but for the last rows of a file."""
    path = scene.sis.write(scene.drop) / file
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-rows]))
    return syncing.sync(scene.desk, NORTH)


def more_classes(scene: Scene) -> None:
    """Of the 246 enrollments the last ones belong to many, and a tenth is more than ten."""
    for student in scene.sis.students()[::2]:
        for class_id in ("c-s1-1", "c-s2-1", "c-s1-2", "c-s2-2", "c-s2-3"):
            if f"e-{student}-{class_id}" not in scene.sis.enrollments:
                scene.sis.enroll(student, class_id)
    scene.sync_through()


@pytest.mark.parametrize(("rows", "held"), [(9, False), (10, True)])
def test_the_end_of_a_file_is_missing(scene: Scene, rows: int, held: bool) -> None:
    more_classes(scene)
    scene.sis.users["s1-01"]["phone"] = "1"
    view = cut(scene, "enrollments.csv", rows)
    if not held:
        assert view.summary.state is RunState.APPLIED
        return
    [hold] = view.holds
    assert (hold.rule, hold.whole_run) == ("R9", True)
    assert f"The last {rows} rows of enrollments.csv" in hold.why
    assert "phone" not in scene.users()["s1-01"]
    decisions.reject(scene.desk, hold.id, reason="cut off")
    assert scene.sync().summary.state is RunState.APPLIED
    assert scene.users()["s1-01"]["phone"] == "1"


def test_cut_off_again_it_is_held_again_and_approved_it_is_the_whole(scene: Scene) -> None:
    more_classes(scene)
    [hold] = cut(scene, "enrollments.csv", 12).holds
    decisions.reject(scene.desk, hold.id, reason="cut off")
    scene.sis.users["s1-01"]["phone"] = "1"
    [hold] = cut(scene, "enrollments.csv", 12).holds
    assert hold.rule == "R9"
    assert scene.approve(hold).summary.state is RunState.APPLIED
    scene.sis.users["s1-01"]["phone"] = "2"
    assert cut(scene, "enrollments.csv", 12).summary.state is RunState.APPLIED


def test_the_last_class_may_end(scene: Scene) -> None:
    """Its seats are the last rows, and they belong to one class."""
    more_classes(scene)
    for student in scene.sis.students("s2")[:12]:
        scene.sis.enrollments.pop(f"e-{student}-c-s2-3", None)
        scene.sis.enroll(student, "c-s2-3")
    scene.sync_through()
    for student in scene.sis.students("s2")[:12]:
        del scene.sis.enrollments[f"e-{student}-c-s2-3"]
    assert scene.sync().holds == ()


def test_leavers_from_anywhere_are_no_end(scene: Scene) -> None:
    more_classes(scene)
    for enrollment in list(scene.sis.enrollments)[::16]:
        del scene.sis.enrollments[enrollment]
    assert scene.sync().holds == ()


def test_a_small_file_in_which_all_is_new_is_no_end(tmp_path: Path) -> None:
    """The two have their header in common, and it is no row."""
    older, newer = tmp_path / "older", tmp_path / "newer"
    older.write_text("sourcedId,title\n" + "".join(f"a{n},A\n" for n in range(12)))
    newer.write_text("sourcedId,title\n" + "".join(f"b{n},B\n" for n in range(12)))
    assert lost_end(older, newer, lambda record: True, 12) == []
    newer.write_text("sourcedId,title\na0,A\na1,A\n")
    assert len(lost_end(older, newer, lambda record: True, 10)) == 10
