"""C8: suspensions that no record and no date speaks of; and what pauses make of suspensions."""

from __future__ import annotations

import pytest

from core.accounts.looking import account, rows, the_hold
from core.accounts.policies import POLICY, set_policy
from core.scene import NORTH, Scene
from rollbook.desk import pausing
from rollbook.desk.views import RunState, Verb
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
