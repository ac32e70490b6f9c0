"""C8: suspensions that no record and no date speaks of; and what pauses make of suspensions."""

from __future__ import annotations

import pytest

from core.accounts.looking import account, rows, the_hold
from core.accounts.policies import POLICY, set_policy
from core.scene import NORTH, Scene, configure_quietly
from rollbook.config.district import Thresholds
from rollbook.desk import decisions, pausing
from rollbook.desk.views import RunState, Verb
from rollbook.holds.account_rules import Earlier, sudden_suspensions
from rollbook.roster.accounts import AccountState, AccountVerb


@pytest.fixture
def scene(accounts_scene: Scene) -> Scene:
    return accounts_scene


def test_a_list_that_is_lost_suspends_nobody_unseen(scene: Scene) -> None:
    listed = scene.sis.students("s1")[:6]
    policy = {**POLICY, "student": {**POLICY["student"], "disabled": {"suspend_after": 0}}}
    set_policy(scene, {**policy, "exclude": listed})
    for student in listed:
        scene.sis.users[student]["enabledUser"] = "false"
    scene.sync_through()
    set_policy(scene, policy)
    scene.sis.users["s1-01"]["familyName"] = "Kim"
    scene.sis.drop_user("s2-01")
    view = scene.sync()
    hold = the_hold(view, "C8")
    assert (hold.count, hold.covers) == (6, {"suspend": {"account": 6}})
    assert {row.person for row in rows(scene, view.summary.id, hold=hold.id)} == set(listed)
    assert account(scene, "s2-01").state is AccountState.SUSPENDED
    assert account(scene, "s1-01").state is AccountState.ACTIVE
    assert the_hold(scene.sync(), "C8").count == 6
    scene.approve(hold)
    assert account(scene, "s1-01").state is AccountState.SUSPENDED


@pytest.fixture
def left_alone(scene: Scene) -> list[str]:
    """Six students of a school, disabled in the SIS, whose accounts are left alone."""
    listed = scene.sis.students("s1")[:6]
    set_policy(scene, {**AT_ONCE, "exclude": listed})
    for student in listed:
        scene.sis.users[student]["enabledUser"] = "false"
    scene.sync_through()
    return listed


AT_ONCE = {**POLICY, "student": {**POLICY["student"], "disabled": {"suspend_after": 0}}}


def test_a_few_a_night_add_up(scene: Scene, left_alone: list[str]) -> None:
    set_policy(scene, {**AT_ONCE, "exclude": left_alone[3:]})
    view = scene.sync()
    assert view.accounts.applied == {AccountVerb.SUSPEND: 3}
    assert view.consequences["sudden"] == 3
    set_policy(scene, {**AT_ONCE, "exclude": left_alone[5:]})
    hold = the_hold(scene.sync(), "C8")
    assert hold.count == 2
    assert "after 3 in the last 24 hours; the limit for 24 hours is 1 %" in hold.why
    decisions.reject(scene.desk, hold.id, reason="they stay")
    scene.clock.forward(days=9)
    again = the_hold(scene.sync(), "C8")
    assert "2 of which were held before and not approved" in again.why
    scene.approve(again)
    set_policy(scene, AT_ONCE)
    assert scene.sync().accounts.applied == {AccountVerb.SUSPEND: 1}, "what was seen counts no more"


def test_a_week_has_twice_the_limit() -> None:
    week = (Earlier("7 days", 2, 6),)
    assert sudden_suspensions(3, 100, Thresholds(), earlier=week) == []
    [hold] = sudden_suspensions(4, 100, Thresholds(), earlier=week)
    assert "after 6 in the last 7 days; the limit for 7 days is 2 %, from 10 up" in hold.why


def test_a_school_has_a_limit_of_its_own(scene: Scene, left_alone: list[str]) -> None:
    configure_quietly(scene, thresholds={"rename_floor": 100})
    set_policy(scene, AT_ONCE)
    hold = the_hold(scene.sync(), "C8")
    assert hold.count == 6
    assert "at School 1; the limit of a school is 10 %, from 5 up" in hold.why
    assert account(scene, left_alone[0]).state is AccountState.ACTIVE


def test_what_the_records_say_or_a_date_is_not_sudden(scene: Scene) -> None:
    for student in scene.sis.students("s1")[:6]:
        scene.sis.users[student]["enabledUser"] = "false"
    scene.sync_through()
    scene.clock.forward(days=3)
    view = scene.sync()
    assert (view.summary.state, view.accounts.applied) == (
        RunState.APPLIED,
        {AccountVerb.SUSPEND: 6},
    )


def test_a_pause_of_removals_keeps_suspensions_back(scene: Scene) -> None:
    scene.sis.users["s1-04"]["enabledUser"] = "false"
    scene.sync()
    pausing.pause(scene.desk, NORTH, verbs=(Verb.REMOVE,), reason="that was wrong")
    scene.clock.forward(days=4)
    scene.sync()
    assert account(scene, "s1-04").state is AccountState.ACTIVE


def test_what_waits_with_its_record_has_not_gone_by(scene: Scene, left_alone: list[str]) -> None:
    """Three nights of four would be twelve; but all of them wait for the same review of R5."""
    set_policy(scene, {**AT_ONCE, "exclude": left_alone[4:]})
    for student in scene.sis.students():
        scene.sis.users[student]["email"] = f"{student}@elsewhere.example.org"
    for night in range(3):
        scene.sis.users["t-s1-1"]["phone"] = str(night)
        view = scene.sync()
        assert (view.consequences["sudden"], [hold.rule for hold in view.holds]) == (4, ["R5"])
