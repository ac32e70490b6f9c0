"""Holds on a whole run, alone, two at once, and together with a held lane."""

import pytest

from core.scene import Scene
from rollbook.desk import auditing, decisions, syncing
from rollbook.desk.views import HoldState, Lane, RunState, RunView
from rollbook.errors import Held, Stale


@pytest.fixture
def review(scene: Scene) -> RunView:
    """The limits were changed (R9), and a lane would be held as well (R1)."""
    scene.configure(thresholds={"removal_percent": 11})
    scene.sis.drop_students("s1", 6)
    scene.sis.add_student("s2", "new-1", classes=("c-s2-1",))
    return scene.sync()


def test_nothing_goes_in_before_the_whole_run_is_decided(scene: Scene, review: RunView) -> None:
    assert [(h.rule, h.whole_run) for h in review.holds] == [("R9", True), ("R1", False)]
    assert "thresholds of this district have changed" in review.holds[0].why
    assert scene.generation() == 1
    assert {row.lane for row in scene.rows(review.summary.id)} == {Lane.HELD}
    with pytest.raises(Held, match="R9"):
        syncing.apply(scene.desk, review.summary.id)


def test_the_whole_run_first_and_then_the_lane(scene: Scene, review: RunView) -> None:
    whole, lane = review.holds
    view = scene.approve(whole)
    assert view.summary.state is RunState.HELD
    assert "new-1" in scene.users()
    assert "s1-01" in scene.users()
    assert scene.approve(lane).summary.state is RunState.APPLIED
    assert "s1-01" not in scene.users()
    assert scene.sync().summary.state is RunState.NOOP


def test_the_lane_first_and_then_the_whole_run(scene: Scene, review: RunView) -> None:
    whole, lane = review.holds
    view = scene.approve(lane)
    assert view.summary.state is RunState.HELD
    assert scene.generation() == 1
    assert scene.approve(whole).summary.state is RunState.APPLIED
    assert scene.users().keys() == scene.sis.users.keys()
    assert scene.generation() == 2


def test_an_approval_that_waited_too_long_for_its_sister_is_void(
    scene: Scene, review: RunView
) -> None:
    whole, lane = review.holds
    scene.approve(lane)
    scene.clock.forward(hours=25)
    view = scene.approve(whole)
    assert view.summary.state is RunState.HELD
    assert {"s1-01", "new-1"} <= scene.users().keys()
    assert decisions.hold(scene.desk, lane.id).state is HoldState.OPEN
    assert scene.approve(lane).summary.state is RunState.APPLIED


def test_one_that_has_not_waited_too_long_is_good(scene: Scene, review: RunView) -> None:
    whole, lane = review.holds
    scene.approve(lane)
    scene.clock.forward(hours=23)
    assert scene.approve(whole).summary.state is RunState.APPLIED


def test_rejected_the_whole_run_ends_with_all_its_holds(scene: Scene, review: RunView) -> None:
    whole, lane = review.holds
    view = decisions.reject(scene.desk, whole.id, reason="not now")
    assert view.summary.state is RunState.REJECTED
    assert [hold.state for hold in view.holds] == [HoldState.REJECTED] * 2
    assert view.holds[1].reason == f"with {whole.id}: not now"
    assert scene.generation() == 1
    with pytest.raises(Stale, match="already rejected"):
        scene.approve(lane)
    again = scene.sync()
    assert [hold.rule for hold in again.holds] == ["R9", "R1"]


def test_the_lane_rejected_and_the_whole_run_approved(scene: Scene, review: RunView) -> None:
    whole, lane = review.holds
    decisions.reject(scene.desk, lane.id, reason="they are here")
    assert scene.approve(whole).summary.state is RunState.APPLIED
    assert {"s1-01", "new-1"} <= scene.users().keys()


def test_a_review_is_made_once(scene: Scene, review: RunView) -> None:
    scene.approve(review.holds[0])
    scene.sis.users["s2-01"]["email"] = "x@north.example.org"
    scene.sis.add_student("s1", "s1-01")
    assert [hold.rule for hold in scene.sync().holds] == ["R1"]


def test_a_wipe_out_and_a_review_are_two_decisions(scene: Scene) -> None:
    scene.configure(thresholds={"surge_floor": 60})
    for student in scene.sis.students("s1"):
        scene.sis.users[student]["agents"] = ""
    view = scene.sync()
    assert [hold.rule for hold in view.holds] == ["R0", "R9"]
    wipe_out, review = view.holds
    assert wipe_out.rung == 2
    assert scene.approve(review).summary.state is RunState.HELD
    assert scene.generation() == 1
    assert scene.approve(wipe_out).summary.state is RunState.APPLIED
    assert scene.generation() == 2


def test_a_surge_is_held_as_a_whole(scene: Scene) -> None:
    for number in range(70):
        scene.sis.add_student("s1", f"new-{number:02}")
    view = scene.sync()
    [hold] = view.holds
    assert (hold.rule, hold.whole_run) == ("R6", True)
    assert scene.users().keys() & {"new-00", "new-69"} == set()
    assert scene.approve(hold).summary.state is RunState.APPLIED
    assert "new-69" in scene.users()


def test_a_raised_limit_releases_no_open_hold(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    [hold] = scene.sync().holds
    scene.configure(thresholds={"removal_percent": 90})
    assert decisions.hold(scene.desk, hold.id).state is HoldState.OPEN
    again = scene.sync()
    assert again.summary.id != hold.run
    assert [h.rule for h in again.holds] == ["R9"]
    assert "s1-01" in scene.users()


def test_a_new_source_is_reviewed(scene: Scene) -> None:
    scene.drop = scene.drop.with_name("elsewhere")
    scene.configure(source={"path": scene.drop})
    scene.sis.add_student("s1", "new-1")
    [hold] = scene.sync().holds
    assert hold.rule == "R9"
    assert "source" in hold.why
    assert auditing.verify(scene.desk).ok


def test_the_list_behind_a_whole_run_hold_is_its_scope(scene: Scene, review: RunView) -> None:
    whole, lane = review.holds
    of_whole = scene.rows(review.summary.id, hold=whole.id)
    assert len(of_whole) == whole.count == len(scene.rows(review.summary.id))
    assert len(scene.rows(review.summary.id, hold=lane.id)) == 36


def test_the_list_behind_a_wipe_out_is_what_it_counts(scene: Scene) -> None:
    for student in scene.sis.students("s1"):
        scene.sis.users[student]["agents"] = ""
    scene.sis.drop_user("s2-01")
    hold = scene.sync().holds[0]
    assert (hold.rule, hold.count) == ("R0", 30)
    assert len(scene.rows(hold.run, hold=hold.id)) == 30
    assert {row.school for row in scene.rows(hold.run, school="s2")} == {"s2"}
