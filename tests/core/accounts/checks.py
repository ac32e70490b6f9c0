"""What each guard of the accounts is for, as a check that fails when the guard is broken."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from core.accounts.looking import account, ledger, names_belong, the_hold
from core.accounts.policies import POLICY, set_policy
from core.scene import NORTH, Scene, configure_quietly
from rollbook.desk import accounts, decisions, pausing, people, syncing
from rollbook.directory.tables import accounts as accounts_table
from rollbook.errors import Stale
from rollbook.roster.accounts import AccountState
from rollbook.roster.kinds import Kind


def goes_in(scene: Scene) -> None:
    """A sync goes in without another guard that has to refuse it."""
    try:
        scene.sync()
    except Stale as refused:
        pytest.fail(str(refused))


def no_name_goes_to_a_second_person(scene: Scene) -> None:
    """Somebody of the same name comes after somebody has left."""
    gone = dict(scene.sis.users["s1-03"])
    scene.sis.drop_user("s1-03")
    scene.sync()
    scene.sis.add_student("s1", "other")
    scene.sis.users["other"] |= {**gone, "agents": ""}
    goes_in(scene)
    assert account(scene, "other").username != account(scene, "s1-03").username
    names_belong(scene)


def no_two_newcomers_get_one_name(scene: Scene) -> None:
    for person in ("n1", "n2", "n3"):
        scene.sis.add_student("s1", person, grades="01", givenName="Ann", familyName="Lee")
    goes_in(scene)
    assert len({account(scene, person).username for person in ("n1", "n2", "n3")}) == 3


def only_a_suspended_account_is_deleted(scene: Scene) -> None:
    """It was made active again behind rollbook's back while its purge waited."""
    scene.sis.drop_user("s1-01")
    scene.sync()
    scene.clock.forward(days=91)
    view = accounts.purge(scene.desk, NORTH, confirm=1, reason="x")
    with scene.desk.store.write() as connection:
        row = update(accounts_table).where(accounts_table.c.id == "s1-01")
        connection.execute(row.values(state=AccountState.ACTIVE))
    with pytest.raises(Stale):
        scene.approve(view.holds[0])


def an_active_account_is_not_due(scene: Scene) -> None:
    scene.sis.drop_user("s1-01")
    scene.sync()
    with scene.desk.store.write() as connection:
        row = update(accounts_table).where(accounts_table.c.id == "s1-01")
        connection.execute(row.values(state=AccountState.ACTIVE))
    scene.clock.forward(days=91)
    assert accounts.purge_preview(scene.desk, NORTH).count == 0


def a_mass_rename_waits(scene: Scene) -> None:
    student = {**POLICY["student"], "username": "{family}{grad.2}"}
    set_policy(scene, {**POLICY, "student": student})
    scene.sync()
    assert account(scene, "s1-01").username == "gfamilys10137"


def five_of_thirty_two_are_many(scene: Scene) -> None:
    for student in ("s1-01", "s1-02", "s1-03", "s2-01", "s2-02"):
        scene.sis.users[student]["familyName"] = "Kim"
    assert the_hold(scene.sync(), "C1").count == 5


def a_mass_move_waits(scene: Scene) -> None:
    student = {**POLICY["student"], "ou": "/Pupils/{school_name}"}
    set_policy(scene, {**POLICY, "student": student})
    scene.sync()
    assert account(scene, "s1-01").ou == "/Students/School 1/2037"


def an_account_waits_with_the_record(scene: Scene) -> None:
    scene.sis.drop_students("s1", 5)
    scene.sync()
    assert account(scene, "s1-01").state is AccountState.ACTIVE


def what_waits_is_asked_for_again(scene: Scene) -> None:
    for student in ("s1-01", "s1-02", "s1-03", "s2-01", "s2-02"):
        scene.sis.users[student]["familyName"] = "Kim"
    decisions.reject(scene.desk, the_hold(scene.sync(), "C1").id, reason="x")
    scene.sis.users["s2-05"]["phone"] = "5"
    assert the_hold(scene.sync(), "C1").count == 5


def the_digest_covers_the_accounts(scene: Scene) -> None:
    """Two runs that say the same of records and not the same of accounts have two digests."""
    scene.sis.users["s1-01"]["familyName"] = "Kim"
    first = scene.sync(preview=True)
    with scene.desk.store.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO account_names (district, namespace, name, account, run) "
            "VALUES ('north', 'username', 'gkim37', 's2-01', 'north.1')"
        )
    second = scene.sync(preview=True)
    assert first.counts == second.counts
    assert first.digest != second.digest


def what_was_shown_is_what_is_applied(scene: Scene) -> None:
    scene.sis.users["s1-01"]["familyName"] = "Kim"
    view = scene.sync(preview=True)
    with scene.desk.store.write() as connection:
        row = update(accounts_table).where(accounts_table.c.id == "s1-01")
        connection.execute(row.values(username="behind"))
    with pytest.raises(Stale):
        syncing.apply(scene.desk, view.summary.id)


def a_name_given_meanwhile_is_not_given_twice(scene: Scene) -> None:
    scene.sis.users["s1-01"]["familyName"] = "Kim"
    view = scene.sync(preview=True)
    with scene.desk.store.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO account_names (district, namespace, name, account, run) "
            "VALUES ('north', 'username', 'gkim37', 's2-01', 'north.1')"
        )
    with pytest.raises(Stale):
        syncing.apply(scene.desk, view.summary.id)
    assert ledger(scene)["username", "gkim37"] == "s2-01"


def two_people_delete(scene: Scene) -> None:
    scene.sis.drop_user("s1-01")
    scene.sync()
    scene.clock.forward(days=91)
    view = accounts.purge(scene.desk, NORTH, confirm=1, reason="x")
    scene.approve_as("sam", view.holds[0])
    assert account(scene, "s1-01").state is AccountState.SUSPENDED


def what_is_due_is_not_slept_through(scene: Scene) -> None:
    scene.sis.users["s1-04"]["enabledUser"] = "false"
    scene.sync()
    scene.clock.forward(days=4)
    scene.sync()
    assert account(scene, "s1-04").state is AccountState.SUSPENDED


def an_account_rests_with_a_pause(scene: Scene) -> None:
    """A pause begins after the preview of a change that touches no record."""
    student = {**POLICY["student"], "groups": []}
    set_policy(scene, {**POLICY, "student": student})
    configure_quietly(scene, thresholds={"move_floor": 100})
    pausing.pause(scene.desk, NORTH, school="s1", reason="x")
    goes_in(scene)
    assert account(scene, "s1-01").groups == ("class-of-2037",)
    assert account(scene, "s2-01").groups == ()


def a_stranger_gets_no_account_of_another(scene: Scene) -> None:
    """An id is used again, a day after its student has left."""
    scene.sis.drop_user("s1-01")
    scene.sync()
    scene.sis.add_student("s2", "s1-01", givenName="Zoe", familyName="Stone", identifier="q1")
    scene.sis.demographics["s1-01"]["birthDate"] = "2019-09-09"
    scene.sync_through()
    assert account(scene, "s1-01").id != "s1-01"


def a_stranger_waits(scene: Scene) -> None:
    """As before, and nobody has looked yet."""
    scene.sis.drop_user("s1-01")
    scene.sync()
    scene.sis.add_student("s2", "s1-01", givenName="Zoe", familyName="Stone", identifier="q1")
    scene.sis.demographics["s1-01"]["birthDate"] = "2019-09-09"
    scene.sync()
    assert "s1-01" not in scene.users()


def what_is_theirs_waits_with_a_stranger(scene: Scene) -> None:
    """A student's id is another child's by now, who was born on another day."""
    before = scene.held()[Kind.DEMOGRAPHICS]["s1-01"]
    scene.sis.users["s1-01"] |= {"givenName": "Eve", "familyName": "Adams"}
    scene.sis.demographics["s1-01"]["birthDate"] = "2011-01-01"
    scene.sync()
    assert scene.held()[Kind.DEMOGRAPHICS]["s1-01"] == before


def nobody_is_back_under_a_name_that_waits(scene: Scene) -> None:
    """Six students come back with another family name, all on one day."""
    gone = {person: dict(scene.sis.users[person]) for person in scene.sis.students()[:6]}
    births = {person: dict(scene.sis.demographics[person]) for person in gone}
    for person in gone:
        scene.sis.drop_user(person)
    scene.sync_through()
    for person, row in gone.items():
        scene.sis.users[person] = row | {"familyName": "Stone", "agents": ""}
        scene.sis.demographics[person] = births[person]
    view = scene.sync()
    for hold in [hold for hold in view.holds if not hold.of_accounts]:
        view = scene.approve(hold)
    assert "reactivate" in the_hold(view, "C1").covers
    assert account(scene, "s1-01").state is AccountState.SUSPENDED


def nobody_who_is_here_loses_the_account(scene: Scene) -> None:
    """The record was brought back behind rollbook's back while the purge waited."""
    scene.sis.drop_user("s1-01")
    scene.sync()
    scene.clock.forward(days=91)
    view = accounts.purge(scene.desk, NORTH, confirm=1, reason="x")
    with scene.desk.store.write() as connection:
        connection.exec_driver_sql("UPDATE users SET removed_in = NULL WHERE id = 's1-01'")
    with pytest.raises(Stale):
        scene.approve(view.holds[0])
    assert account(scene, "s1-01").state is AccountState.SUSPENDED


def nobody_who_is_here_is_due(scene: Scene) -> None:
    scene.sis.drop_user("s1-01")
    scene.sync()
    with scene.desk.store.write() as connection:
        connection.exec_driver_sql("UPDATE users SET removed_in = NULL WHERE id = 's1-01'")
    scene.clock.forward(days=91)
    assert accounts.purge_preview(scene.desk, NORTH).count == 0


def a_lost_list_suspends_nobody(scene: Scene) -> None:
    """Nobody is left out any more who was, and the SIS has disabled them since."""
    listed = scene.sis.students("s1")[:5]
    student = {**POLICY["student"], "disabled": {"suspend_after": 0}}
    set_policy(scene, {**POLICY, "student": student, "exclude": listed})
    for one in listed:
        scene.sis.users[one]["enabledUser"] = "false"
    scene.sync_through()
    set_policy(scene, {**POLICY, "student": student})
    scene.sync()
    assert account(scene, listed[0]).state is AccountState.ACTIVE


def groups_wait_for_their_seats(scene: Scene) -> None:
    set_policy(scene, {**POLICY, "student": {**POLICY["student"], "groups": "{class_id}"}})
    scene.sync_through()
    for student in scene.sis.students("s1")[:5]:
        scene.sis.move_student(student, "s1")
    goes_in(scene)
    assert account(scene, "s1-01").groups == ("c-s1-1",)


def accounts_wait_for_their_list(scene: Scene) -> None:
    set_policy(scene, {**POLICY, "file": str(scene.drop / "nowhere.csv")})
    scene.sis.users["s1-01"]["familyName"] = "Kim"
    goes_in(scene)
    assert account(scene, "s1-01").username == "gfamilys10137"


def a_drip_of_renames_waits(scene: Scene) -> None:
    for some in (("s1-01", "s1-02", "s1-03"), ("s2-01", "s2-02")):
        for student in some:
            scene.sis.users[student]["familyName"] = "Kim"
        scene.sync()
    assert account(scene, "s2-01").username == "gfamilys20137"


def a_merge_lets_no_policy_in(scene: Scene) -> None:
    set_policy(scene, {**POLICY, "staff": {**POLICY["staff"], "groups": ["staff"]}})
    people.merge(scene.desk, NORTH, "s2-01", "s2-02", reason="one child")
    assert account(scene, "t-s1-1").groups == ()
