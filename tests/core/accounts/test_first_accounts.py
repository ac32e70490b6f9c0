"""The first accounts of a role wait until somebody has looked at them, however long that takes."""

from __future__ import annotations

from typing import Any

import pytest

from core.accounts.looking import rows, the_hold
from core.accounts.policies import POLICY, set_policy
from core.mutation import Mutant
from core.scene import NORTH, Scene
from rollbook.desk import decisions, people, syncing
from rollbook.desk.account_lists import accounts
from rollbook.desk.views import HoldView, RunState, RunView
from rollbook.roster.accounts import AccountVerb
from rollbook.roster.kinds import RoleGroup

STUDENTS: dict[str, Any] = {"student": {"username": "{given}.{number}", "length": 40}}


def made(scene: Scene) -> int:
    """Accounts that there are."""
    return len(list(accounts(scene.desk, NORTH)))


def first_of(view: RunView, role: RoleGroup) -> HoldView:
    """The hold of the first accounts of a role."""
    [found] = [hold for hold in view.holds if hold.title == "first accounts" and hold.role == role]
    return found


def test_first_accounts_wait_for_every_night_until_they_are_approved(scene: Scene) -> None:
    set_policy(scene, STUDENTS)
    view = scene.sync()
    assert first_of(view, RoleGroup.STUDENT).count == 60
    scene.clock.forward(days=1)
    scene.sis.users["s1-05"]["givenName"] = "Other"
    view = scene.sync()
    decisions.reject(
        scene.desk, first_of(view, RoleGroup.STUDENT).id, reason="these names are wrong"
    )
    people.merge(scene.desk, NORTH, "s2-01", "s2-02", reason="one child")
    assert made(scene) == 0
    scene.clock.forward(days=1)
    view = scene.sync()
    assert (first_of(view, RoleGroup.STUDENT).count, made(scene)) == (59, 0)
    scene.approve(first_of(view, RoleGroup.STUDENT))
    assert made(scene) == 59
    scene.sis.add_student("s1", "x1", identifier="77")
    assert (scene.sync().holds, made(scene)) == ((), 60)


def test_a_policy_of_one_more_role_is_looked_at_first(scene: Scene) -> None:
    set_policy(scene, STUDENTS)
    scene.sync_through()
    set_policy(scene, STUDENTS | {"staff": POLICY["staff"]})
    scene.sis.add_student("s1", "x1", identifier="77")
    scene.sis.users["s1-01"] |= {"role": "teacher", "grades": ""}
    view = scene.sync()
    hold = first_of(view, RoleGroup.STAFF)
    assert (hold.count, hold.covers) == (6, {"create": {"account": 6}})
    # The student's own is none of them, and one who came to the role with an account was never one.
    waiting = rows(scene, view.summary.id, hold=hold.id)
    assert all(row.person.startswith("t-") for row in waiting)
    for other in [h for h in view.holds if h.title != "first accounts"]:
        scene.approve(other)
    assert made(scene) == 61
    scene.clock.forward(days=1)
    scene.sis.users["s1-05"]["givenName"] = "Other"
    assert first_of(scene.sync(), RoleGroup.STAFF).count == 6


def test_first_accounts_wait_beside_a_hold_of_the_whole_run(scene: Scene) -> None:
    """The review of another policy is no look at the names."""
    set_policy(scene, STUDENTS)
    scene.configure(thresholds={"removal_percent": 50})
    scene.sis.users["s1-05"]["givenName"] = "Other"
    view = scene.sync()
    assert sorted(hold.rule for hold in view.holds) == ["C1", "R9"]
    scene.approve(the_hold(view, "R9"))
    assert made(scene) == 0
    assert scene.approve(the_hold(view, "C1")).summary.state is RunState.APPLIED
    assert made(scene) == 60


def test_new_accounts_are_counted_with_the_renames_that_they_wait_with(
    accounts_scene: Scene,
) -> None:
    scene = accounts_scene
    for student in scene.sis.students("s1")[:5]:
        scene.sis.users[student]["familyName"] = "Kim"
    scene.sis.add_student("s1", "x1", grades="01")
    view = scene.sync(preview=True)
    hold = the_hold(view, "C1")
    assert (hold.count, "1 new account" in hold.why) == (6, True)
    waiting = rows(scene, view.summary.id, hold=hold.id)
    assert [row.verb for row in waiting].count(AccountVerb.CREATE) == 1
    scene.approve(hold)
    syncing.apply(scene.desk, view.summary.id)
    assert len([row for row in accounts(scene.desk, NORTH) if row.person == "x1"]) == 1


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_that_guard_broken_lets_them_in(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    keeps = Mutant(
        "rollbook.runs.account_holds:Keeping.keeps", "cell.role == self.role", "cell.role is None"
    )
    keeps.put_in(monkeypatch)
    set_policy(scene, STUDENTS)
    scene.sync()
    assert made(scene) == 60
