"""What is grave wants two people, and not just any two."""

from dataclasses import replace

import pytest

from core.scene import NORTH, Scene, configure_quietly
from rollbook.desk import auditing, decisions, syncing
from rollbook.desk.views import HoldState, HoldView, Kind, RunState
from rollbook.errors import NotPermitted, Stale


def wiped(scene: Scene) -> HoldView:
    """No guardian link would be left at the first school."""
    for student in scene.sis.students("s1"):
        scene.sis.users[student]["agents"] = ""
    [hold] = scene.sync().holds
    return hold


def events(scene: Scene) -> list[str]:
    return [entry.event for entry in auditing.audit(scene.desk, NORTH, limit=6)]


def test_one_approval_changes_nothing_and_is_shown(scene: Scene) -> None:
    hold = wiped(scene)
    assert (hold.rule, hold.approvers, hold.missing, hold.rung) == ("R0", 2, 2, 2)
    view = scene.approve_as("sam", hold)
    assert view.summary.state is RunState.HELD
    assert len(scene.held()[Kind.GUARDIAN]) == 60
    [now] = decisions.holds(scene.desk)
    assert now.state is HoldState.OPEN
    assert (now.approvers, now.missing) == (2, 1)
    assert [(a.who, a.reason) for a in now.approvals] == [("sam", "seen")]
    assert events(scene)[0] == "approval.given"


def test_the_second_approval_applies_it(scene: Scene) -> None:
    hold = wiped(scene)
    scene.approve_as("sam", hold)
    view = scene.approve_as("lee", hold)
    assert view.summary.state is RunState.APPLIED
    assert len(scene.held()[Kind.GUARDIAN]) == 30
    [done] = [h for h in decisions.holds(scene.desk, decided=True) if h.id == hold.id]
    assert (done.state, done.decided_by, done.missing) == (HoldState.APPROVED, "lee", 0)
    assert [a.who for a in done.approvals] == ["sam", "lee"]


def test_the_same_person_is_not_two(scene: Scene) -> None:
    hold = wiped(scene)
    scene.approve_as("sam", hold)
    with pytest.raises(NotPermitted, match=r"sam has approved north\.2\.h1 already"):
        scene.approve_as("sam", hold)
    assert len(scene.held()[Kind.GUARDIAN]) == 60


def test_the_second_names_the_number_too(scene: Scene) -> None:
    hold = wiped(scene)
    scene.approve_as("sam", hold)
    with pytest.raises(Stale):
        decisions.approve(
            replace(scene.desk, operator="lee"), hold.id, confirm=hold.count + 1, reason="x"
        )
    assert len(scene.held()[Kind.GUARDIAN]) == 60


def test_the_first_approval_expires(scene: Scene) -> None:
    hold = wiped(scene)
    scene.approve_as("sam", hold)
    scene.clock.forward(hours=25)
    assert scene.approve_as("lee", hold).summary.state is RunState.HELD
    [now] = decisions.holds(scene.desk)
    assert [a.who for a in now.approvals] == ["lee"]
    assert scene.approve_as("sam", hold).summary.state is RunState.APPLIED


def test_either_may_still_reject_it(scene: Scene) -> None:
    hold = wiped(scene)
    scene.approve_as("sam", hold)
    decisions.reject(replace(scene.desk, operator="lee"), hold.id, reason="no")
    assert len(scene.held()[Kind.GUARDIAN]) == 60
    with pytest.raises(Stale):
        scene.approve_as("kim", hold)


def test_half_an_approval_outlives_the_decision_about_another_lane(scene: Scene) -> None:
    configure_quietly(scene, thresholds={"removal_floor": 3, "shrink_percent": 60})
    scene.clock.forward(hours=25)
    scene.sync()
    scene.clock.forward(hours=25)
    scene.sis.drop_students("s1", 15)
    scene.sis.drop_students("s2", 4)
    first, second = [hold for hold in scene.sync().holds if hold.kind is Kind.USER]
    assert (first.approvers, second.approvers) == (2, 1)
    scene.approve_as("sam", first)
    scene.approve_as("sam", second)
    assert len([u for u in scene.users() if u.startswith("s2-")]) == 26
    scene.approve_as("lee", first)
    assert len([u for u in scene.users() if u.startswith("s1-")]) == 15


@pytest.mark.parametrize("gone", [14, 15])
def test_half_of_a_scope_is_grave(scene: Scene, gone: int) -> None:
    scene.sis.drop_students("s1", gone)
    [hold] = scene.sync().holds
    assert hold.approvers == (2 if gone == 15 else 1)


def test_who_changed_the_policy_is_never_enough_alone(scene: Scene) -> None:
    scene.configure(thresholds={"removal_percent": 11})
    scene.sis.add_student("s1", "new")
    [hold] = scene.sync().holds
    assert (hold.rule, hold.approvers) == ("R9", 1)
    assert scene.approve_as("sam", hold).summary.state is RunState.HELD
    [now] = decisions.holds(scene.desk)
    assert (now.approvers, now.missing) == (2, 1)
    assert scene.approve_as("lee", hold).summary.state is RunState.APPLIED
    assert "policy.changed" in [e.event for e in auditing.audit(scene.desk, NORTH, limit=30)]


@pytest.mark.parametrize(("percent", "approvers"), [(25, 1), (25.5, 2)])
def test_a_wide_limit_wants_two(scene: Scene, percent: float, approvers: int) -> None:
    scene.configure(thresholds={"removal_percent": percent})
    scene.sis.add_student("s1", "new")
    [hold] = scene.sync().holds
    assert (hold.rule, hold.approvers) == ("R9", approvers)
    assert ("two people have looked: R1 begins at 25.5 %" in hold.why) is (approvers == 2)
    waits = scene.approve_as("lee", hold).summary.state is RunState.HELD
    assert waits is (approvers == 2)


def test_a_first_run_under_a_wide_limit_wants_one(empty_scene: Scene) -> None:
    configure_quietly(empty_scene, thresholds={"removal_percent": 40})
    [hold] = empty_scene.sync().holds
    assert empty_scene.approve_as("lee", hold).summary.state is RunState.APPLIED


def test_somebody_else_is_enough(scene: Scene) -> None:
    scene.configure(thresholds={"removal_percent": 11})
    scene.sis.add_student("s1", "new")
    [hold] = scene.sync().holds
    assert scene.approve_as("lee", hold).summary.state is RunState.APPLIED


def test_after_a_day_it_is_no_longer_asked_who_changed_it(scene: Scene) -> None:
    scene.configure(thresholds={"removal_percent": 11})
    scene.sis.add_student("s1", "new")
    [hold] = scene.sync().holds
    scene.clock.forward(hours=25)
    assert scene.approve_as("sam", hold).summary.state is RunState.APPLIED


def test_the_first_policy_of_a_district_is_no_change(empty_scene: Scene) -> None:
    [hold] = empty_scene.sync().holds
    assert empty_scene.approve_as("sam", hold).summary.state is RunState.APPLIED


def test_a_single_operator_approves_twice(scene: Scene) -> None:
    configure_quietly(scene, approvals={"single_operator": True})
    hold = wiped(scene)
    assert hold.single_operator
    assert scene.approve_as("sam", hold).summary.state is RunState.HELD
    assert len(scene.held()[Kind.GUARDIAN]) == 60
    assert decisions.hold(scene.desk, hold.id).missing == 1
    assert scene.approve_as("sam", hold).summary.state is RunState.APPLIED


def test_saying_that_there_is_one_operator_releases_no_open_hold(scene: Scene) -> None:
    hold = wiped(scene)
    scene.approve_as("sam", hold)
    scene.configure(approvals={"single_operator": True})
    with pytest.raises(NotPermitted):
        scene.approve_as("sam", hold)
    assert [h.rule for h in scene.sync().holds] == ["R0", "R9"]


def test_nobody_approves_that_they_themselves_go(scene: Scene) -> None:
    scene.sis.users["t-s1-1"] |= {"username": "lee", "email": "lee@north.example.org"}
    scene.sync()
    for user in ("t-s1-1", "t-s1-2", "t-s1-3", "t-s2-1", "t-s2-2"):
        scene.sis.drop_user(user)
    held = [h for h in scene.sync().holds if h.kind is Kind.USER and h.rule == "R1"]
    with pytest.raises(NotPermitted, match="own record"):
        scene.approve_as("lee", held[0])
    scene.approve_as("sam", held[0])


def test_an_operator_who_has_approved_before_is_privileged(scene: Scene) -> None:
    """Sam let the first sync in; one record with that name is a line of its own from then on."""
    scene.sis.users["t-s1-1"]["email"] = "sam@north.example.org"
    scene.sync()
    scene.sis.drop_user("t-s1-1")
    scene.sis.write(scene.drop)
    view = syncing.sync(replace(scene.desk, operator="schedule"), NORTH)
    [hold] = [h for h in view.holds if h.kind is Kind.USER]
    assert (hold.rule, hold.count) == ("R7", 1)
    assert "t-s1-1" in scene.users()


def test_protected_ids_and_administrators_wait(scene: Scene) -> None:
    scene.sis.users["boss"] = scene.sis.users["t-s1-1"] | {
        **{"role": "administrator", "username": "boss", "email": "boss@north.example.org"},
    }
    scene.sync()
    configure_quietly(scene, protected_ids=["s1-01"])
    scene.sis.users["boss"]["enabledUser"] = "false"
    scene.sis.drop_user("s1-01")
    scene.sis.drop_user("s1-02")
    [hold] = scene.sync().holds
    assert (hold.rule, hold.count, hold.approvers) == ("R7", 2, 2)
    assert scene.users()["boss"]["enabled"] is True
    assert {"s1-01", "s1-02"} & scene.users().keys() == {"s1-01"}
    scene.approve(hold)
    assert scene.users()["boss"]["enabled"] is False
    assert "s1-01" not in scene.users()
