"""A newer file that takes away no more than was approved needs no second decision."""

import pytest

from core.desk.test_class_reuse import next_year
from core.scene import Scene, configure_quietly
from rollbook.desk import auditing, decisions, syncing
from rollbook.desk.views import HoldState, HoldView, RunState, RunView
from rollbook.roster.kinds import Kind


def previewed(scene: Scene, count: int = 8) -> HoldView:
    """Students would leave; the lane is approved, and waits for the run to be applied."""
    scene.sis.drop_students("s1", count)
    [hold] = scene.sync(preview=True).holds
    scene.approve_as("sam", hold)
    return hold


def back(scene: Scene, student: str, before: dict[str, dict[str, str]]) -> None:
    """A student who was missing is there again."""
    scene.sis.users[student] = before[student]
    scene.sis.demographics[student] = {"birthDate": "2016-02-02"}


def left(scene: Scene) -> int:
    return 30 - len([user for user in scene.users() if user.startswith("s1-")])


def only_hold(view: RunView) -> HoldView:
    [hold] = view.holds
    return hold


def test_the_same_people_need_no_second_decision(scene: Scene) -> None:
    old = previewed(scene)
    scene.sis.add_student("s2", "new")
    view = scene.sync()
    assert view.summary.state is RunState.APPLIED
    hold = only_hold(view)
    assert (hold.state, [a.who for a in hold.approvals]) == (HoldState.APPROVED, ["sam"])
    assert left(scene) == 8
    assert "new" in scene.users()
    carried = [e for e in auditing.audit(scene.desk) if e.event == "approval.carried"]
    assert [(e.subject, e.body["from"]) for e in carried] == [(hold.id, old.id)]


def test_fewer_people_need_none_either(scene: Scene) -> None:
    rows = {student: dict(scene.sis.users[student]) for student in scene.sis.students("s1")}
    previewed(scene)
    back(scene, "s1-01", rows)
    assert scene.sync().summary.state in (RunState.APPLIED, RunState.HELD)
    assert left(scene) == 7


def test_one_more_is_a_new_decision(scene: Scene) -> None:
    previewed(scene)
    scene.sis.drop_user("s1-09")
    view = scene.sync()
    assert view.summary.state is RunState.HELD
    assert only_hold(view).approvals == ()
    assert left(scene) == 0


def test_another_one_instead_is_too(scene: Scene) -> None:
    rows = {student: dict(scene.sis.users[student]) for student in scene.sis.students("s1")}
    previewed(scene)
    back(scene, "s1-01", rows)
    scene.sis.drop_user("s1-09")
    assert scene.sync().summary.state is RunState.HELD
    assert left(scene) == 0


def test_a_record_that_was_written_since_is_another_one(scene: Scene) -> None:
    rows = {student: dict(scene.sis.users[student]) for student in scene.sis.students("s1")}
    previewed(scene)
    for student in list(rows)[:8]:
        back(scene, student, rows)
        scene.sis.users[student]["phone"] = "5"
    scene.sync()
    scene.sis.drop_students("s1", 8)
    assert scene.sync().summary.state is RunState.HELD
    assert left(scene) == 0


@pytest.mark.parametrize("whose", ["s1-21", "s1-22"])
def test_what_was_to_be_given_to_somebody_goes_to_nobody_else(scene: Scene, whose: str) -> None:
    seat = {"classSourcedId": "c-s1-1", "schoolSourcedId": "s1", "role": "student", "primary": ""}
    next_year(scene.sis, "c-s1-1")
    scene.sis.enrollments["seat"] = seat | {"userSourcedId": "s1-21"}
    scene.approve_as("sam", only_hold(scene.sync(preview=True)))
    scene.sis.enrollments["seat"] = seat | {"userSourcedId": whose}
    hold = only_hold(scene.sync())
    assert hold.rule == "C4"
    carries = whose == "s1-21"
    assert hold.state is (HoldState.APPROVED if carries else HoldState.OPEN)
    assert ("seat" in scene.held()[Kind.ENROLLMENT]) is carries


def test_an_approval_that_has_expired_does_not_carry(scene: Scene) -> None:
    previewed(scene)
    scene.clock.forward(hours=25)
    scene.sis.add_student("s2", "new")
    assert scene.sync().summary.state is RunState.HELD
    assert left(scene) == 0


def test_a_carried_approval_grows_no_younger(scene: Scene) -> None:
    previewed(scene)
    scene.clock.forward(hours=20)
    scene.sis.add_student("s2", "new")
    view = scene.sync(preview=True)
    assert view.summary.state is RunState.READY
    scene.clock.forward(hours=5)
    assert syncing.apply(scene.desk, view.summary.id).summary.state is RunState.HELD
    assert left(scene) == 0
    assert only_hold(scene.run(view.summary.id)).state is HoldState.OPEN


def test_an_approval_that_was_used_is_used_up(scene: Scene) -> None:
    """The very people come back and leave again: that is another decision."""
    rows = {student: dict(scene.sis.users[student]) for student in scene.sis.students("s1")}
    hold = previewed(scene)
    syncing.apply(scene.desk, hold.run)
    assert left(scene) == 8
    for student in list(rows)[:8]:
        back(scene, student, rows)
    scene.sync()
    scene.sis.drop_students("s1", 8)
    assert scene.sync().summary.state is RunState.HELD
    assert left(scene) == 0


def test_what_a_carried_approval_let_in_is_not_asked_about_again(scene: Scene) -> None:
    scene.sis.drop_students("s2", 8)
    scene.sis.drop_students("s1", 8)
    first, _ = scene.sync(preview=True).holds
    scene.approve_as("sam", first)
    scene.sis.add_student("s2", "new")
    used, other = scene.sync().holds
    assert (used.school, used.state, left(scene)) == ("s1", HoldState.APPROVED, 8)
    view = scene.approve_as("sam", other)
    assert view.summary.state is RunState.APPLIED
    assert {hold.state for hold in view.holds} == {HoldState.APPROVED}


def test_a_rejection_does_not_carry(scene: Scene) -> None:
    scene.sis.drop_students("s1", 8)
    [hold] = scene.sync(preview=True).holds
    decisions.reject(scene.desk, hold.id, reason="no")
    scene.sis.add_student("s2", "new")
    assert scene.sync().summary.state is RunState.HELD


def test_the_word_of_one_of_two_carries_and_wants_the_other(scene: Scene) -> None:
    hold = previewed(scene, 16)
    assert (hold.approvers, scene.run(hold.run).summary.state) == (2, RunState.HELD)
    scene.sis.add_student("s2", "new")
    view = scene.sync()
    assert view.summary.state is RunState.HELD
    now = only_hold(view)
    assert ([a.who for a in now.approvals], now.missing) == (["sam"], 1)
    assert scene.approve_as("lee", now).summary.state is RunState.APPLIED
    assert left(scene) == 16


def test_it_carries_twice(scene: Scene) -> None:
    previewed(scene, 16)
    for number in range(2):
        scene.sis.add_student("s2", f"new-{number}")
        now = only_hold(scene.sync(preview=True))
        assert [a.who for a in now.approvals] == ["sam"]
    scene.approve_as("lee", now)
    assert syncing.apply(scene.desk, now.run).summary.state is RunState.APPLIED
    assert left(scene) == 16


@pytest.mark.parametrize("rule", ["R6", "R9"])
def test_what_doubts_the_input_is_looked_at_anew(scene: Scene, rule: str) -> None:
    if rule == "R6":
        for number in range(70):
            scene.sis.add_student("s1", f"new-{number:02}")
    else:
        scene.configure(thresholds={"surge_floor": 1000})
        scene.sis.add_student("s1", "new")
    scene.sis.drop_students("s1", 8)
    view = scene.sync(preview=True)
    assert [hold.rule for hold in view.holds] == [rule, "R1"]
    scene.approve_as("lee", view.holds[0])
    scene.sis.add_student("s2", "later")
    again = scene.sync()
    assert [h.state for h in again.holds if h.rule == rule] in ([HoldState.OPEN], [])
    assert rule != "R6" or again.summary.state is RunState.HELD


def test_another_policy_is_another_decision(scene: Scene) -> None:
    previewed(scene)
    configure_quietly(scene, thresholds={"removal_percent": 9})
    assert scene.sync().summary.state is RunState.HELD
    assert left(scene) == 0
