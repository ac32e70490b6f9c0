"""The first run is a review; approved, it is the directory; the second one is nothing."""

import pytest

from core.scene import Scene
from core.small_sis import Version
from rollbook.desk import decisions
from rollbook.desk.views import HoldState, Kind, RunState


def test_the_first_run_waits_for_a_person_and_writes_nothing(empty_scene: Scene) -> None:
    view = empty_scene.sync()
    assert view.summary.state is RunState.HELD
    [hold] = view.holds
    assert (hold.rule, hold.whole_run, hold.count) == ("R9", True, view.summary.counts.add)
    assert empty_scene.users() == {}
    assert empty_scene.generation() == 0


def test_schools_have_their_names_before_anything_is_in(empty_scene: Scene) -> None:
    view = empty_scene.sync()
    named = {"s1": "School 1", "s2": "School 2"}
    assert {s.school: s.name for s in view.schools if s.school in named} == named
    assert view.expectation is not None
    assert {s.school: s.name for s in view.expectation.schools} == named
    students = empty_scene.rows(view.summary.id, kind=Kind.USER, school="s1")
    assert {row.school_name for row in students} == {"School 1"}


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_approved_it_is_the_directory_and_the_same_file_again_is_nothing(
    empty_scene: Scene, version: Version
) -> None:
    view = empty_scene.sync(version=version)
    done = empty_scene.approve(view.holds[0])
    assert done.summary.state is RunState.APPLIED
    assert empty_scene.users().keys() == empty_scene.sis.users.keys()
    assert empty_scene.held()[Kind.ENROLLMENT].keys() == empty_scene.sis.enrollments.keys()
    [hold] = decisions.holds(empty_scene.desk, decided=True)
    assert (hold.state, hold.decided_by) == (HoldState.APPROVED, "sam")
    assert empty_scene.sync(version=version).summary.state is RunState.NOOP
    assert empty_scene.generation() == 1
