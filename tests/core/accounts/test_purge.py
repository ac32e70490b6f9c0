"""Deleting accounts: never by a sync, only suspended ones that are due, and by two people."""

from __future__ import annotations

import pytest

from core.accounts.looking import account, ledger, names_belong, the_hold, told
from core.accounts.policies import POLICY, set_policy
from core.scene import NORTH, Scene
from rollbook.desk import accounts, decisions, exports, undoing
from rollbook.desk.account_exports import account_lines
from rollbook.desk.account_lists import accounts as list_accounts
from rollbook.desk.account_views import AccountFilter
from rollbook.desk.views import RoleGroup, RunKind, RunState
from rollbook.errors import ConfigInvalid, Held, Stale
from rollbook.roster.accounts import AccountState


@pytest.fixture
def scene(accounts_scene: Scene) -> Scene:
    """Two students have left, and their accounts are due by now."""
    for student in ("s1-01", "s1-02"):
        accounts_scene.sis.drop_user(student)
    accounts_scene.sync()
    accounts_scene.clock.forward(days=91)
    return accounts_scene


def test_a_sync_counts_what_is_due_and_deletes_nothing(scene: Scene) -> None:
    scene.sis.users["s1-05"]["phone"] = "5"
    view = scene.sync()
    assert view.consequences["delete"] == 2
    assert told(view) == {}
    assert account(scene, "s1-01").state is AccountState.SUSPENDED


def test_a_purge_waits_for_two_people(scene: Scene) -> None:
    preview = accounts.purge_preview(scene.desk, NORTH)
    assert (preview.count, [row.person for row in preview.accounts]) == (2, ["s1-01", "s1-02"])
    book = ledger(scene)
    view = accounts.purge(scene.desk, NORTH, confirm=2, reason="spring")
    assert (view.summary.kind, view.summary.state) == (RunKind.PURGE, RunState.HELD)
    hold = the_hold(view, "PURGE")
    assert (hold.count, hold.base, hold.approvers, hold.waiting) == (2, 32, 2, 2)
    assert scene.approve_as("sam", hold).summary.state is RunState.HELD
    assert account(scene, "s1-01").state is AccountState.SUSPENDED
    view = scene.approve_as("lee", hold)
    assert (view.summary.state, told(view)) == (RunState.APPLIED, {"delete": 2})
    assert account(scene, "s1-01").state is AccountState.DELETED
    assert ledger(scene) == book
    names_belong(scene)
    assert accounts.purge_preview(scene.desk, NORTH).count == 0
    with pytest.raises(Stale, match="has changed nothing"):
        undoing.undo(scene.desk, view.summary.id, reason="x")


def test_who_comes_back_after_a_purge_gets_the_old_name(scene: Scene) -> None:
    gone = account(scene, "s1-01").username
    view = accounts.purge(scene.desk, NORTH, confirm=2, reason="spring")
    scene.approve(view.holds[0])
    scene.sis.add_student("s1", "s1-01", grades="01")
    scene.sync()
    back = account(scene, "s1-01")
    assert (back.username, back.state, back.password_due) == (gone, AccountState.ACTIVE, True)


def test_a_purge_names_the_number_and_a_reason_and_takes_no_ones_place(scene: Scene) -> None:
    with pytest.raises(Stale, match="2 accounts are due to be deleted, not 3"):
        accounts.purge(scene.desk, NORTH, confirm=3, reason="x")
    with pytest.raises(ConfigInvalid, match="needs a reason"):
        accounts.purge(scene.desk, NORTH, confirm=2, reason=" ")
    scene.sis.users["s1-05"]["phone"] = "5"
    scene.sync(preview=True)
    with pytest.raises(Held, match="waits for a decision"):
        accounts.purge(scene.desk, NORTH, confirm=2, reason="x")


def test_who_came_back_meanwhile_is_not_deleted(scene: Scene) -> None:
    view = accounts.purge(scene.desk, NORTH, confirm=2, reason="spring")
    scene.sis.add_student("s1", "s1-01", grades="01")
    scene.sync()
    with pytest.raises(Stale):
        scene.approve(view.holds[0])
    assert account(scene, "s1-01").state is AccountState.ACTIVE


def test_who_is_here_keeps_the_account_whatever_became_of_it(scene: Scene) -> None:
    """Two are back: the one is excluded, the other has an override that belongs to a third."""
    for student in ("s1-01", "s1-02"):
        scene.sis.add_student("s1", student, grades="01")
    overrides = {"s1-02": {"username": account(scene, "s1-03").username}}
    policy = {**POLICY, "exclude": ["s1-01"], "overrides": overrides}
    set_policy(scene, policy)
    view = scene.sync_through()
    assert [f.code for f in view.findings if f.code == "override-taken"] == ["override-taken"]
    back = account(scene, "s1-02")
    assert (back.username, back.state) == ("gfamilys10236", AccountState.ACTIVE)
    assert account(scene, "s1-01").state is AccountState.SUSPENDED
    set_policy(scene, {**policy, "exclude": []})
    assert accounts.purge_preview(scene.desk, NORTH).count == 0
    scene.sync_through()
    assert account(scene, "s1-01").state is AccountState.ACTIVE


@pytest.mark.parametrize("what", ["another day", "excluded"])
def test_what_has_changed_since_stops_a_purge(scene: Scene, what: str) -> None:
    view = accounts.purge(scene.desk, NORTH, confirm=2, reason="spring")
    if what == "excluded":
        set_policy(scene, {**POLICY, "exclude": ["s1-01"]})
    else:
        later = "UPDATE accounts SET delete_on = '2999-01-01' WHERE id = 's1-01'"
        with scene.desk.store.write() as connection:
            connection.exec_driver_sql(later)
    with pytest.raises(Stale):
        scene.approve(view.holds[0])
    assert account(scene, "s1-01").state is AccountState.SUSPENDED


def test_a_purge_can_be_turned_down_and_exported(scene: Scene) -> None:
    view = accounts.purge(scene.desk, NORTH, confirm=2, reason="spring")
    file = scene.desk.home.exports / "purge.csv"
    assert exports.export_hold(scene.desk, view.holds[0].id, file) == 2
    assert file.read_text(encoding="utf-8").splitlines()[1].startswith("delete,s1-01,")
    view = decisions.reject(scene.desk, view.holds[0].id, reason="not yet")
    assert view.summary.state is RunState.REJECTED
    assert accounts.purge_preview(scene.desk, NORTH).count == 2


def test_lists_find_by_name_state_and_role(scene: Scene) -> None:
    def people(**wanted: object) -> list[str]:
        found = list_accounts(scene.desk, NORTH, AccountFilter(**wanted))  # type: ignore[arg-type]
        assert len(found) == len(list(found))
        return [row.person for row in found]

    assert people(state=AccountState.SUSPENDED) == ["s1-01", "s1-02"]
    assert people(role=RoleGroup.STAFF) == ["t-s1-1", "t-s2-1"]
    assert people(search="FAMILYS1-0", state=AccountState.ACTIVE) == [
        f"s1-0{number}" for number in range(3, 10)
    ]
    assert people(search="gfamilys21537@STUDENTS") == []
    assert len(people(password_due=True)) == 32


def test_an_export_for_people_commands_no_spreadsheet(scene: Scene) -> None:
    scene.sis.users["s1-05"] |= {"givenName": "=HYPERLINK(1)", "familyName": "-2"}
    scene.sync()
    found = list_accounts(scene.desk, NORTH, AccountFilter(search="HYPERLINK"))
    header, line = account_lines(found, "csv")
    assert header.startswith("person,label,role,school,username,email")
    assert "'-2, =HYPERLINK(1)" in line
    [exact] = account_lines(found, "ndjson")
    assert '"label":"-2, =HYPERLINK(1)"' in exact


def test_a_history_tells_every_name(scene: Scene) -> None:
    scene.sis.users["s1-05"]["familyName"] = "Kim"
    scene.sync()
    for word in ("s1-05", "gfamilys10533", "GKIM33@students.north.example.org"):
        found = accounts.history(scene.desk, NORTH, word)
        assert found.account.person == "s1-05"
        assert [(n.name, n.current) for n in found.names if n.namespace == "username"] == [
            ("gfamilys10533", False),
            ("gkim33", True),
        ]
        assert [event.verb.value for event in found.events] == ["create", "rename"]


def test_a_policy_is_tried_before_it_is_saved(scene: Scene) -> None:
    file = scene.desk.home.root / "new.toml"
    file.write_text('[accounts.student]\nusername = "{family}.{given}"\n', encoding="utf-8")
    before = ledger(scene)
    found = accounts.sample(scene.desk, NORTH, policy=file, people=("s1-05", "s1-01", "t-s1-1"))
    one, gone, teacher = found.samples
    assert (one.username, one.email) == ("familys105.givens105", None)
    assert one.now is not None
    assert one.now.username == "gfamilys10533"
    assert (gone.username, teacher.username) == (None, None)
    assert "has left" in gone.problem
    assert "no policy for staff" in teacher.problem
    assert ledger(scene) == before
    spread = accounts.sample(scene.desk, NORTH, number=6)
    assert len(spread.samples) == 5
    assert spread.school_year == 2026
    file.write_text("[accounts.student]\nusername = '{x}'\n", encoding="utf-8")
    with pytest.raises(ConfigInvalid, match=r"new.toml: student.username: .*no part 'x'"):
        accounts.sample(scene.desk, NORTH, policy=file)
