"""Undoing a run that changed accounts and no record: another policy, or what was due that day."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from core.accounts.looking import account, left_over, names_belong, the_hold, told
from core.accounts.policies import POLICY, set_policy
from core.accounts.test_ids_used_again import a_stranger
from core.scene import NORTH, Scene
from rollbook.accounts.taking_back import as_left, taken_back
from rollbook.desk import undoing
from rollbook.desk.views import RunState
from rollbook.directory.tables import accounts as accounts_table
from rollbook.errors import Stale
from rollbook.roster.accounts import Account, AccountReason, AccountState, AccountVerb
from rollbook.roster.kinds import RoleGroup

BY_FAMILY = {
    **POLICY,
    "student": {**POLICY["student"], "username": "{family}{grad.2}", "ou": "/Pupils"},
}


@pytest.fixture
def scene(accounts_scene: Scene) -> Scene:
    return accounts_scene


def test_the_old_names_come_back_and_stay_with_the_old_policy(scene: Scene) -> None:
    before = account(scene, "s1-01")
    set_policy(scene, BY_FAMILY)
    run = scene.sync_through().summary.id
    became = account(scene, "s1-01")
    assert (became.username, became.ou) == ("familys10137", "/Pupils")
    assert undoing.undo_preview(scene.desk, run) == {}
    both = {AccountVerb.RENAME: 30, AccountVerb.MOVE: 30}
    assert undoing.undo_accounts_preview(scene.desk, run) == both
    view = undoing.undo(scene.desk, run, reason="the names before were better")
    # To rename everybody took two people, and so does this.
    assert {(h.rule, h.count, h.approvers) for h in view.holds} == {
        ("C1", 30, 2),
        ("C2", 30, 2),
    }
    assert account(scene, "s1-01") == became
    for hold in view.holds:
        view = scene.approve(hold)
    assert (view.summary.state, told(view)) == (RunState.APPLIED, {"rename": 30, "move": 30})
    assert account(scene, "s1-01") == before
    names_belong(scene)
    assert the_hold(scene.sync(), "C1").count == 30
    set_policy(scene, POLICY)
    assert scene.sync().summary.state is RunState.NOOP
    assert left_over(scene) == []
    again = undoing.undo(scene.desk, view.summary.id, reason="they were not")
    for hold in again.holds:
        scene.approve(hold)
    assert account(scene, "s1-02").username == "familys10236"
    with pytest.raises(Stale, match="30 accounts have changed since: s1-01"):
        undoing.undo(scene.desk, view.summary.id, reason="x")


def test_what_has_changed_since_is_in_the_way(scene: Scene) -> None:
    set_policy(scene, {**POLICY, "overrides": {"s1-01": {"username": "ann"}}})
    run = scene.sync().summary.id
    scene.sis.users["s1-02"]["familyName"] = "Kim"
    scene.sync()
    set_policy(scene, {**POLICY, "overrides": {"s1-01": {"username": "bea"}}})
    later = scene.sync().summary.id
    for ask in (undoing.undo_accounts_preview, lambda d, r: undoing.undo(d, r, reason="x")):
        with pytest.raises(Stale, match="1 account has changed since: s1-01"):
            ask(scene.desk, run)
    undoing.undo(scene.desk, later, reason="x")
    undoing.undo(scene.desk, run, reason="x")
    assert account(scene, "s1-01").username == "gfamilys10137"
    assert account(scene, "s1-02").username == "gkim36"


def test_accounts_that_were_made_are_suspended_where_they_are_few(scene: Scene) -> None:
    set_policy(scene, {**POLICY, "exclude": ["n1", *(f"m{n}" for n in range(5))]})
    for person in ("n1", *(f"m{n}" for n in range(5))):
        scene.sis.add_student("s1", person, grades="01", familyName=f"New{person}")
    scene.sync()
    set_policy(scene, {**POLICY, "exclude": [f"m{n}" for n in range(5)]})
    first = scene.sync()
    assert told(first) == {"create": 1}
    view = undoing.undo(scene.desk, first.summary.id, reason="x")
    made = account(scene, "n1")
    assert (told(view), made.state, made.delete_on) == (
        {"suspend": 1},
        AccountState.SUSPENDED,
        None,
    )
    set_policy(scene, {**POLICY, "exclude": ["n1"]})
    many = scene.sync()
    assert told(many) == {"create": 5}
    view = undoing.undo(scene.desk, many.summary.id, reason="x")
    assert the_hold(view, "C8").count == 5
    assert account(scene, "m1").state is AccountState.ACTIVE
    scene.approve(the_hold(view, "C8"))
    assert account(scene, "m1").state is AccountState.SUSPENDED


def test_a_suspension_by_its_date_is_taken_back(scene: Scene) -> None:
    scene.sis.users["s1-04"]["enabledUser"] = "false"
    scene.sync()
    scene.clock.forward(days=3)
    waiting = account(scene, "s1-04")
    run = scene.sync()
    assert told(run) == {"suspend": 1}
    view = undoing.undo(scene.desk, run.summary.id, reason="x")
    assert (told(view), account(scene, "s1-04")) == ({"reactivate": 1}, waiting)
    assert told(scene.sync()) == {"suspend": 1}


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_an_account_of_a_former_person_stays_suspended(scene: Scene) -> None:
    later = {**POLICY["student"], "left": {"suspend_after": 2, "delete_after": 90}}
    set_policy(scene, {**POLICY, "student": later})
    scene.sis.drop_user("s1-04")
    scene.sync()
    scene.clock.forward(days=3)
    run = scene.sync()
    assert told(run) == {"suspend": 1}
    a_stranger(scene, "s1-04")
    assert told(scene.sync_through()) == {"vacate": 1, "create": 1}
    with pytest.raises(Stale, match="1 account has changed since: s1-04"):
        undoing.undo(scene.desk, run.summary.id, reason="x")
    assert account(scene, "s1-04~former").state is AccountState.SUSPENDED


def test_who_has_the_id_back_has_the_account_back(scene: Scene) -> None:
    before = account(scene, "s1-01")
    scene.sis.users["s1-01"] |= {"givenName": "Eve", "familyName": "Adams"}
    scene.sis.demographics["s1-01"]["birthDate"] = "2011-01-01"
    run = scene.sync_through().summary.id
    hers = account(scene, "s1-01")
    assert (hers.id, account(scene, "s1-01~former").id) == ("s1-01~2", "s1-01")
    view = undoing.undo(scene.desk, run, reason="it was a mistake")
    assert (view.summary.state, view.holds) == (RunState.APPLIED, ())
    assert told(view) == {"vacate": 1, "relink": 1, "reactivate": 1}
    assert [f.code for f in view.findings] == []
    assert account(scene, "s1-01") == before
    assert account(scene, "s1-01~2~former").state is AccountState.SUSPENDED
    names_belong(scene)
    view = undoing.undo(scene.desk, view.summary.id, reason="it was none")
    assert account(scene, "s1-01") == hers
    assert account(scene, "s1-01~former").state is AccountState.SUSPENDED
    names_belong(scene)
    elsewhere = update(accounts_table).where(accounts_table.c.id == "s1-01")
    with scene.desk.store.write() as connection:
        connection.execute(elsewhere.values(person="elsewhere"))
    view = undoing.undo(scene.desk, view.summary.id, reason="x")
    assert told(view) == {"vacate": 1, "create": 1}
    assert account(scene, "elsewhere").id == "s1-01"


def test_without_a_policy_accounts_are_left_alone(scene: Scene) -> None:
    set_policy(scene, {**POLICY, "overrides": {"s1-01": {"username": "ann"}}})
    run = scene.sync().summary.id
    set_policy(scene, None)
    with pytest.raises(Stale, match=f"{NORTH} has no account policy any more"):
        undoing.undo(scene.desk, run, reason="x")


GONE = Account(
    *("s1", "s1", RoleGroup.STUDENT, "ann", None, None, ()),
    *(AccountState.ACTIVE, None, None, None, True),
)


def test_each_verb_has_what_takes_it_back() -> None:
    left = GONE._replace(reason=AccountReason.LEFT, suspend_on="2026-03-01")
    undone = taken_back(AccountVerb.LEAVE, left, {})
    assert undone is not None
    assert undone.verb is AccountVerb.STAY
    undone = taken_back(AccountVerb.STAY, GONE, {"reason": "left", "suspend_on": "2026-03-01"})
    assert undone is not None
    assert (undone.verb, undone.after["suspend_on"]) == (AccountVerb.LEAVE, "2026-03-01")
    back = {"state": "deleted", "reason": "left", "delete_on": "2026-01-01"}
    undone = taken_back(AccountVerb.REACTIVATE, GONE, back)
    assert undone is not None
    assert (undone.verb, undone.after["state"]) == (AccountVerb.SUSPEND, "suspended")
    suspended = GONE._replace(state=AccountState.SUSPENDED)
    assert taken_back(AccountVerb.CREATE, suspended, None) is None
    after = {"state": "suspended"}
    assert as_left(AccountVerb.SUSPEND, suspended, "s1", after)
    assert not as_left(AccountVerb.SUSPEND, GONE, "s1", after)
    assert not as_left(AccountVerb.SUSPEND, suspended._replace(person="s1~former"), "s1", after)
