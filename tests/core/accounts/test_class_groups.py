"""Groups of classes follow the seats of people, and wait where these do."""

from __future__ import annotations

import pytest

from core.accounts.looking import account, left_over, rows, the_hold, told
from core.accounts.policies import POLICY, set_policy
from core.scene import NORTH, Scene
from rollbook.config.accounts import Accounts
from rollbook.desk import pausing, people, undoing
from rollbook.desk.accounts import sample
from rollbook.desk.views import Kind, RunState, Verb
from rollbook.roster.accounts import AccountVerb

GROUPS = ["class-of-{grad}", "in-{class_id}", "{class_name} {class_code}"]
BY_CLASS = {**POLICY, "student": {**POLICY["student"], "groups": GROUPS}}


@pytest.fixture
def scene(accounts_scene: Scene) -> Scene:
    """Everybody is in the one class of their school."""
    accounts_scene.sis.classes["c-s1-9"] = {**accounts_scene.sis.classes["c-s1-1"], "title": "Art"}
    accounts_scene.sis.classes["c-s1-9"]["classCode"] = "A9"
    accounts_scene.sis.enroll("t-s1-1", "c-s1-9", "teacher")
    set_policy(accounts_scene, BY_CLASS)
    assert the_hold(accounts_scene.sync(), "C2").count == 30
    accounts_scene.sync_through()
    return accounts_scene


def groups(scene: Scene, person: str) -> list[str]:
    return [one for one in account(scene, person).groups if not one.startswith("class-of")]


def test_who_comes_into_a_class_comes_into_its_groups(scene: Scene) -> None:
    assert groups(scene, "s1-01") == ["in-c-s1-1"], "a class without a code has no group by it"
    [shown] = sample(scene.desk, NORTH, people=["s1-01"]).samples
    assert shown.groups == account(scene, "s1-01").groups
    scene.sis.enroll("s1-01", "c-s1-9")
    view = scene.sync()
    assert told(view) == {"regroup": 1}
    assert view.consequences["regroup"] == 1
    assert groups(scene, "s1-01") == ["Art A9", "in-c-s1-1", "in-c-s1-9"]
    scene.sis.classes["c-s1-9"]["title"] = "Arts"
    assert told(scene.sync()) == {"regroup": 1}
    assert groups(scene, "s1-01") == ["Arts A9", "in-c-s1-1", "in-c-s1-9"]
    scene.sis.enrollments["e-s1-01-c-s1-9"]["userSourcedId"] = "s1-02"
    assert told(scene.sync()) == {"regroup": 2}
    assert groups(scene, "s1-02") == ["Arts A9", "in-c-s1-1", "in-c-s1-9"]
    assert groups(scene, "s1-01") == ["in-c-s1-1"]
    assert left_over(scene) == []
    merged = people.merge(scene.desk, NORTH, "s1-03", "s1-02", reason="one child").run
    assert groups(scene, "s1-03") == ["Arts A9", "in-c-s1-1", "in-c-s1-9"]
    undoing.undo(scene.desk, merged, reason="two")
    assert groups(scene, "s1-03") == ["in-c-s1-1"]
    assert left_over(scene) == []


def test_a_new_term_moves_everybody_and_is_no_mass_move(scene: Scene) -> None:
    for student in scene.sis.students("s1"):
        scene.sis.move_student(student, "s1", ("c-s1-9",))
    view = scene.sync()
    assert {hold.rule for hold in view.holds} & {"C1", "C2"} == set()
    assert AccountVerb.REGROUP not in view.accounts.applied
    held = {hold.id for hold in view.holds if Kind.ENROLLMENT in hold.covers.get("remove", {})}
    assert {row.hold for row in rows(scene, view.summary.id)} <= held
    while view.summary.state is RunState.HELD:
        view = scene.approve(next(hold for hold in view.holds if hold.decided_at is None))
    assert view.accounts.applied[AccountVerb.REGROUP] == 15
    assert groups(scene, "s1-01") == ["Art A9", "in-c-s1-9"]
    assert left_over(scene) == []


def test_paused_seats_move_nobody(scene: Scene) -> None:
    pausing.pause(scene.desk, NORTH, kinds=(Kind.ENROLLMENT,), reason="summer")
    scene.sis.enroll("s1-01", "c-s1-9")
    assert told(scene.sync()) == {}
    assert groups(scene, "s1-01") == ["in-c-s1-1"]


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_new_groups_need_not_wait_for_seats_that_are_kept_by_a_pause(scene: Scene) -> None:
    for student in scene.sis.students("s1")[:8]:
        scene.sis.move_student(student, "s1", ("c-s1-9",))
    view = scene.sync()
    assert view.applied[Kind.ENROLLMENT][Verb.ADD] == 8
    assert (told(view), groups(scene, "s1-01")) == ({"regroup": 8}, ["in-c-s1-1"])
    pausing.pause(scene.desk, NORTH, kinds=(Kind.ENROLLMENT,), verbs=(Verb.REMOVE,), reason="look")
    view = scene.sync()
    assert (view.holds, view.accounts.applied) == ((), {AccountVerb.REGROUP: 8})
    assert groups(scene, "s1-01") == ["Art A9", "in-c-s1-1", "in-c-s1-9"]


def test_a_class_is_no_part_of_a_place() -> None:
    student = {**POLICY["student"], "ou": "/{class_id}"}
    with pytest.raises(ValueError, match="there is no part 'class_id' here"):
        Accounts.model_validate({"student": student})
