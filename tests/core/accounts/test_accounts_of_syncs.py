"""Accounts as consequences: what syncs, decisions, pauses, undo and merges make of them."""

from __future__ import annotations

import pytest

from core.accounts.looking import account, ledger, names_belong, rows, the_hold, told
from core.accounts.policies import POLICY, set_policy
from core.graded_sis import roll_up
from core.scene import NORTH, Scene, configure_quietly
from rollbook.desk import auditing, decisions, pausing, people, relinking, syncing, undoing
from rollbook.desk.views import Kind, Lane, RunState
from rollbook.errors import Stale
from rollbook.roster.accounts import AccountReason, AccountState, AccountVerb
from rollbook.roster.kinds import RoleGroup


@pytest.fixture
def scene(accounts_scene: Scene) -> Scene:
    return accounts_scene


def test_everybody_has_an_account_but_guardians(scene: Scene) -> None:
    ann = account(scene, "s1-01")
    assert (ann.username, ann.email) == (
        "gfamilys10137",
        "gfamilys10137@students.north.example.org",
    )
    assert (ann.ou, ann.groups) == ("/Students/School 1/2037", ("class-of-2037",))
    assert (ann.state, ann.password_due) == (AccountState.ACTIVE, True)
    assert account(scene, "t-s1-1").ou == "/Staff/School 1"
    assert len(ledger(scene)) == 30 * 2 + 2
    names_belong(scene)


def test_the_same_again_is_nothing(scene: Scene) -> None:
    view = scene.sync()
    assert view.summary.state is RunState.NOOP
    assert told(view) == {}


def test_a_day_of_changes_is_one_of_account_changes(scene: Scene) -> None:
    scene.sis.add_student("s1", "new", grades="01", classes=("c-s1-1",))
    scene.sis.users["s1-01"]["familyName"] = "O’Hara"
    scene.sis.move_student("s1-02", "s2", ("c-s2-1",))
    scene.sis.drop_user("s1-03")
    scene.sis.users["s1-04"]["enabledUser"] = "false"
    preview = scene.sync(preview=True)
    assert told(preview) == {"create": 1, "rename": 1, "move": 1, "leave": 1, "suspend": 1}
    assert preview.consequences == {
        **{"account_create": 1, "rename": 1, "move": 1, "suspend": 1, "reactivate": 0},
        **{"regroup": 0, "leave": 1, "delete": 0, "notice": 0},
    }
    assert account(scene, "s1-01").username == "gfamilys10137"
    [renamed] = rows(scene, preview.summary.id, verb=AccountVerb.RENAME)
    assert renamed.before == {
        "username": "gfamilys10137",
        "email": "gfamilys10137@students.north.example.org",
    }
    assert renamed.after["username"] == "gohara37"
    assert (renamed.lane, renamed.person, renamed.school_name) == (
        Lane.READY,
        "s1-01",
        "School 1",
    )
    view = syncing.apply(scene.desk, preview.summary.id)
    assert view.accounts.applied == preview.accounts.counts
    assert account(scene, "s1-01").username == "gohara37"
    assert account(scene, "s1-02").ou == "/Students/School 2/2036"
    assert account(scene, "s1-03").reason is AccountReason.LEFT
    assert str(account(scene, "s1-03").delete_on) == "2026-06-08"
    assert str(account(scene, "s1-04").suspend_on) == "2026-03-13"
    names_belong(scene)


def test_what_is_due_is_done_though_the_file_is_the_same(scene: Scene) -> None:
    scene.sis.users["s1-04"]["enabledUser"] = "false"
    scene.sync()
    scene.clock.forward(days=2)
    assert scene.sync().summary.message.startswith("Nothing to do: the input is the same")
    scene.clock.forward(days=1)
    view = scene.sync()
    assert (view.summary.state, told(view)) == (RunState.APPLIED, {"suspend": 1})
    assert account(scene, "s1-04").state is AccountState.SUSPENDED
    assert scene.sync().summary.state is RunState.NOOP


def test_nobody_gets_the_name_of_who_left_and_who_comes_back_gets_it_again(scene: Scene) -> None:
    gone = dict(scene.sis.users["s1-03"])
    scene.sis.drop_user("s1-03")
    scene.sis.add_student("s1", "other")
    scene.sis.users["other"] |= {**gone, "agents": ""}
    scene.sync()
    assert account(scene, "other").username == "gifamilys10335"
    scene.sis.add_student("s1", "s1-03")
    scene.sis.users["s1-03"] |= {**gone, "agents": ""}
    view = scene.sync()
    assert told(view) == {"reactivate": 1}
    back = account(scene, "s1-03")
    assert (back.username, back.state, back.delete_on) == (
        "gfamilys10335",
        AccountState.ACTIVE,
        None,
    )
    names_belong(scene)


def half_a_grade_up(scene: Scene) -> list[str]:
    """Every second student is suddenly a grade up in March: too few for R5, and no roll-up."""
    configure_quietly(scene, thresholds={"update_percent": 100, "key_update_percent": 100})
    students = scene.sis.students()[::2]
    for student in students:
        grade = int(scene.sis.users[student]["grades"])
        scene.sis.users[student]["grades"] = f"{grade + 1:02}"
    return students


def test_too_many_renames_wait_and_the_records_go_in(scene: Scene) -> None:
    half_a_grade_up(scene)
    scene.sis.add_student("s2", "new", grades="01")
    scene.sis.drop_user("s2-15")
    view = scene.sync()
    for hold in [h for h in view.holds if not h.of_accounts]:
        view = scene.approve(hold)
    hold = the_hold(view, "C1")
    assert (hold.count, hold.base, hold.missing) == (16, 32, 1)
    assert hold.covers == {"create": {"account": 1}, "rename": {"account": 15}}
    assert "new" in scene.users()
    assert scene.users()["s1-01"]["grades"] == ["02"]
    assert view.accounts.applied == {
        AccountVerb.SUSPEND: 1,
        AccountVerb.MOVE: 15,
        AccountVerb.REGROUP: 15,
    }
    assert account(scene, "s1-01").username == "gfamilys10137"
    waiting = rows(scene, view.summary.id, hold=hold.id)
    assert {row.verb for row in waiting} == {AccountVerb.CREATE, AccountVerb.RENAME}
    assert {row.lane for row in waiting} == {Lane.HELD}
    view = scene.approve(hold)
    assert view.summary.state is RunState.APPLIED
    assert account(scene, "s1-01").username == "gfamilys10136"
    assert account(scene, "new").state is AccountState.ACTIVE
    names_belong(scene)


def test_what_was_turned_down_is_asked_again_and_goes_when_the_cause_does(scene: Scene) -> None:
    students = half_a_grade_up(scene)
    view = scene.sync()
    for hold in [h for h in view.holds if not h.of_accounts]:
        view = scene.approve(hold)
    view = decisions.reject(scene.desk, the_hold(view, "C1").id, reason="wrong grades")
    assert view.summary.state is RunState.APPLIED
    scene.sis.users["t-s1-1"]["phone"] = "5"
    assert the_hold(scene.sync(), "C1").count == 15
    for student in students:
        grade = int(scene.sis.users[student]["grades"])
        scene.sis.users[student]["grades"] = f"{grade - 1:02}"
    view = scene.sync_through()
    assert AccountVerb.RENAME not in view.accounts.counts
    assert account(scene, "s1-01").username == "gfamilys10137"
    assert scene.sync().summary.state is RunState.NOOP


def test_a_wrong_year_in_the_sessions_renames_nobody(scene: Scene) -> None:
    for session in scene.sis.tables["academicSessions"].values():
        session["schoolYear"] = "2027"
    assert scene.sync().holds[0].rule == "C3"
    view = scene.sync_through()
    assert AccountVerb.RENAME not in view.accounts.counts


def test_a_roll_up_renames_nobody_but_those_who_stay_behind(scene: Scene) -> None:
    scene.clock.forward(days=135)
    roll_up(scene.sis, but=("s1-02",))
    view = scene.sync_through()
    by_verb = {verb: rows(scene, view.summary.id, verb=verb) for verb in AccountVerb}
    assert [row.person for row in by_verb[AccountVerb.RENAME]] == ["s1-02"]
    assert [row.person for row in by_verb[AccountVerb.MOVE]] == ["s1-02"]
    assert account(scene, "s1-01").username == "gfamilys10137"
    assert account(scene, "s1-02").username == "gfamilys10237"
    assert len(by_verb[AccountVerb.SUSPEND]) == 6
    names_belong(scene)


def test_too_many_moves_wait(scene: Scene) -> None:
    scene.sis.tables["orgs"]["s1"]["name"] = "Lincoln"
    configure_quietly(scene, thresholds={"move_floor": 15})
    view = scene.sync()
    hold = the_hold(view, "C2")
    assert (hold.count, told(view)) == (16, {"move": 16})
    assert account(scene, "s1-01").ou == "/Students/School 1/2037"
    scene.approve(hold)
    assert account(scene, "s1-01").ou == "/Students/Lincoln/2037"


def test_an_account_waits_with_its_person(scene: Scene) -> None:
    scene.sis.drop_students("s1", 5)
    view = scene.sync()
    assert [hold.rule for hold in view.holds] == ["R1"]
    assert account(scene, "s1-01").state is AccountState.ACTIVE
    scene.approve(view.holds[0])
    assert account(scene, "s1-01").state is AccountState.SUSPENDED


def test_what_is_paused_of_people_is_paused_of_their_accounts(scene: Scene) -> None:
    pausing.pause(scene.desk, NORTH, kinds=(Kind.USER,), school="s1", reason="x")
    scene.sis.users["s1-01"]["familyName"] = "Paused"
    scene.sis.users["s2-01"]["familyName"] = "Renamed"
    set_policy(scene, {**POLICY, "staff": {**POLICY["staff"], "ou": "/People/{school_name}"}})
    view = scene.sync()
    assert account(scene, "s1-01").username == "gfamilys10137"
    assert account(scene, "s2-01").username == "grenamed37"
    assert account(scene, "t-s1-1").ou == "/Staff/School 1"
    assert account(scene, "t-s2-1").ou == "/People/School 2"
    assert sum(view.accounts.paused.values()) == 2


def test_another_policy_shows_at_the_next_run_under_its_rules(scene: Scene) -> None:
    student = {**POLICY["student"], "username": "{family}{grad.2}"}
    set_policy(scene, {**POLICY, "student": student})
    view = scene.sync()
    hold = the_hold(view, "C1")
    assert (hold.count, hold.approvers) == (30, 2)
    assert [h.rule for h in view.holds] == ["C1"]
    assert account(scene, "s1-01").username == "gfamilys10137"
    set_policy(scene, POLICY)
    assert told(scene.sync()) == {}


@pytest.mark.parametrize("another", [True, False])
def test_an_approval_carries_over_under_the_same_policy_only(scene: Scene, another: bool) -> None:
    scene.sis.drop_students("s1", 6)
    [hold] = scene.sync(preview=True).holds
    scene.approve_as("sam", hold)
    if another:
        left = {"suspend_after": 0, "delete_after": 1}
        set_policy(scene, POLICY | {"student": POLICY["student"] | {"left": left}})
    scene.sis.add_student("s2", "new", grades="01")
    view = scene.sync()
    assert [bool(hold.approvals) for hold in view.holds] == [not another]
    assert ("s1-01" in scene.users()) is another


def test_an_approval_applies_what_was_shown_or_nothing(scene: Scene) -> None:
    half_a_grade_up(scene)
    view = scene.sync()
    for hold in [h for h in view.holds if not h.of_accounts]:
        view = scene.approve(hold)
    with scene.desk.store.write() as connection:
        connection.exec_driver_sql("UPDATE accounts SET username = 'x' WHERE id = 's1-01'")
    before = ledger(scene)
    with pytest.raises(Stale, match="1 of 15 accounts are no longer"):
        scene.approve(the_hold(view, "C1"))
    assert ledger(scene) == before


def test_a_name_that_was_given_meanwhile_makes_it_stale(scene: Scene) -> None:
    scene.sis.users["s1-01"]["familyName"] = "Kim"
    view = scene.sync(preview=True)
    with scene.desk.store.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO account_names (district, namespace, name, account, run) "
            "VALUES ('north', 'username', 'gkim37', 's2-01', 'north.1')"
        )
    with pytest.raises(Stale, match="given to somebody else meanwhile"):
        syncing.apply(scene.desk, view.summary.id)
    assert scene.users()["s1-01"]["family_name"] == "Familys1-01"


def test_undo_brings_accounts_back_and_the_ledger_stays(scene: Scene) -> None:
    scene.sis.add_student("s1", "new", grades="01")
    scene.sis.users["s1-01"]["familyName"] = "Kim"
    scene.sis.drop_user("s1-03")
    run = scene.sync().summary.id
    book = ledger(scene)
    undone = undoing.undo(scene.desk, run, reason="x")
    assert told(undone) == {"reactivate": 1, "rename": 1, "suspend": 1}
    assert account(scene, "s1-01").username == "gfamilys10137"
    assert account(scene, "s1-03").state is AccountState.ACTIVE
    assert account(scene, "new").state is AccountState.SUSPENDED
    assert ledger(scene) == book
    names_belong(scene)


def test_a_merge_suspends_one_account_and_a_split_gives_it_back(scene: Scene) -> None:
    merge = people.merge(scene.desk, NORTH, "s1-01", "s1-02", reason="one child")
    lost = account(scene, "s1-02")
    assert (lost.state, lost.reason, lost.delete_on) == (
        AccountState.SUSPENDED,
        AccountReason.MERGED,
        None,
    )
    scene.sync()
    assert account(scene, "s1-02").state is AccountState.SUSPENDED
    people.split(scene.desk, merge.id, reason="two children")
    assert account(scene, "s1-02").state is AccountState.ACTIVE
    assert account(scene, "s1-02").username == "gfamilys10236"
    names_belong(scene)


def test_who_is_re_linked_keeps_the_account(scene: Scene) -> None:
    for student in scene.sis.students("s1"):
        scene.sis.rekey(student, f"new-{student}")
    view = scene.sync()
    hold = the_hold(view, "R4")
    plan = relinking.relink_preview(scene.desk, hold.id)
    desk, other = scene.desk, scene.at("lee")
    view = relinking.relink(desk, hold.id, confirm=plan.count, reason="x", digest=None)
    if view.summary.state is RunState.HELD and not view.accounts.applied:
        view = relinking.relink(other, hold.id, confirm=plan.count, reason="x", digest=None)
    assert told(view) == {"relink": 15}
    ann = account(scene, "new-s1-01")
    assert (ann.id, ann.username, ann.state) == ("s1-01", "gfamilys10137", AccountState.ACTIVE)
    undoing.undo(scene.desk, view.summary.id, reason="x")
    assert account(scene, "s1-01").username == "gfamilys10137"
    names_belong(scene)


def test_of_whom_nothing_can_be_made_is_told_every_time(scene: Scene) -> None:
    for person in ("x1", "x2"):
        scene.sis.add_student("s1", person, grades="01", givenName="؟", familyName="؟")
    view = scene.sync()
    [finding] = [f for f in view.findings if f.code == "no-username"]
    assert (finding.count, finding.record_id) == (2, "x1")
    assert "x1, x2" in finding.message
    scene.sis.users["s1-01"]["phone"] = "5"
    assert [f.count for f in scene.sync().findings if f.code == "no-username"] == [2]
    for person in ("x1", "x2"):
        scene.sis.users[person] |= {"givenName": "Ann", "familyName": "Lee"}
    assert told(scene.sync()) == {"create": 2}


def test_the_trail_has_counts_and_no_names(scene: Scene) -> None:
    scene.sis.users["s1-01"]["familyName"] = "Canary"
    scene.sync()
    entries = auditing.audit(scene.desk, NORTH)
    applied = next(entry for entry in entries if entry.event == "run.applied")
    assert applied.body["account_changes"] == 1
    assert "canary" not in str([entry.body for entry in entries]).lower()


def test_a_student_who_becomes_staff_is_named_and_placed_as_staff(scene: Scene) -> None:
    scene.sis.users["s1-01"] |= {"role": "teacher", "grades": ""}
    view = scene.sync_through()
    assert told(view) == {"rename": 1, "move": 1, "regroup": 1}
    found = account(scene, "s1-01")
    assert (found.role, found.ou) == (RoleGroup.STAFF, "/Staff/School 1")
    assert (found.username, found.groups) == ("givens101.familys101", ())


def test_capitals_of_other_letters_stay_in_the_ledger(scene: Scene) -> None:
    """Whatever the database's own locale takes for a capital."""
    overrides = {"s1-01": {"email": "ÉA@north.example.org"}}
    set_policy(scene, {**POLICY, "overrides": overrides})
    assert told(scene.sync()) == {"rename": 1}
    assert ledger(scene)["email", "Éa@north.example.org"] == "s1-01"
    assert scene.sync().summary.state is RunState.NOOP
    names_belong(scene)


def test_what_a_policy_renamed_comes_back_with_the_policy(scene: Scene) -> None:
    student = {**POLICY["student"], "username": "{family}{grad.2}"}
    set_policy(scene, {**POLICY, "student": student})
    scene.approve(the_hold(scene.sync(), "C1"))
    assert account(scene, "s1-01").username == "familys10137"
    set_policy(scene, POLICY)
    scene.approve(the_hold(scene.sync(), "C1"))
    assert account(scene, "s1-01").username == "gfamilys10137"
    names_belong(scene)
