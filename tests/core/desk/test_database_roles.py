"""On PostgreSQL the operator is the database's role, and the database knows what that may do."""

from datetime import date

import pytest
from psycopg.errors import InsufficientPrivilege

from core.accounts.policies import POLICY, set_policy
from core.desk.psql import APPROVE, DECIDE, LOGINS, OUTSIDER, approve, entry, raw
from core.scene import NORTH, Scene, configure_quietly
from postgres.server import Server
from rollbook.desk import (
    auditing,
    clock_jumps,
    decisions,
    history,
    noticing,
    pausing,
    people,
    permissions,
    plans,
    roles,
    syncing,
    undoing,
)
from rollbook.desk.account_lists import accounts
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.plan_views import ClassFate, PlanDraft
from rollbook.desk.services import serving
from rollbook.desk.views import HoldView, Kind, RunState
from rollbook.directory import audit, fingerprints
from rollbook.directory.audit import Actor
from rollbook.directory.role_script import role_script
from rollbook.directory.roles import Role
from rollbook.directory.tables import metadata
from rollbook.errors import NotPermitted
from rollbook.service.loop import Service, tick
from rollbook.service.workers import InTurn

pytestmark = pytest.mark.parametrize("server", ["postgresql"], indirect=True)


def test_the_operator_is_the_role(desks: dict[str, Desk]) -> None:
    assert {login: desk.operator for login, desk in desks.items()} == {n: n for n in LOGINS}
    assert [desk.role for desk in desks.values()] == [
        Role.VIEWER,
        Role.OPERATOR,
        Role.APPROVER,
        Role.APPROVER,
    ]


def test_who_has_no_role_sees_nothing(scene: Scene, postgres: Server, database: str) -> None:
    with pytest.raises(NotPermitted, match=f"does not allow that to {OUTSIDER}"):
        open_desk(scene.desk.home.root, store_url=postgres.url(database, OUTSIDER))


def test_accounts_are_made_by_an_operator_and_an_approver(
    scene: Scene, desks: dict[str, Desk]
) -> None:
    set_policy(scene, POLICY)
    holds = syncing.sync(desks["otto"], NORTH).holds
    assert {hold.rule for hold in holds} == {"C1"}
    assert [approve(desks["anna"], hold) for hold in holds][-1] is RunState.APPLIED
    scene.sis.users["s1-01"]["familyName"] = "Kim"
    scene.sis.write(scene.drop)
    assert syncing.sync(desks["otto"], NORTH).summary.state is RunState.APPLIED
    found = {row.person: row.username for row in accounts(desks["vera"], NORTH)}
    assert found["s1-01"].startswith("gkim")


def test_a_day_with_an_operator_and_an_approver(
    scene: Scene, desks: dict[str, Desk], hold: HoldView
) -> None:
    with pytest.raises(NotPermitted, match="otto may not approve"):
        approve(desks["otto"], hold)
    assert approve(desks["anna"], hold) is RunState.APPLIED
    pause = pausing.pause(desks["otto"], NORTH, school="s1", reason="x")
    pausing.resume(desks["otto"], pause.id)
    scene.sis.add_student("s2", "new")
    scene.sis.write(scene.drop)
    ready = syncing.sync(desks["otto"], NORTH, preview=True)
    assert syncing.apply(desks["otto"], ready.summary.id).summary.state is RunState.APPLIED
    merge = people.merge(desks["otto"], NORTH, "s2-01", "s2-02", reason="one child")
    people.split(desks["otto"], merge.id, reason="two children")
    undone = undoing.undo(desks["otto"], ready.summary.id, reason="x")
    assert undone.summary.state in (RunState.APPLIED, RunState.HELD)
    acts = [entry.who for entry in auditing.audit(scene.desk)]
    assert {"otto", "anna"} <= set(acts)
    assert decisions.hold(scene.desk, hold.id).decided_by == "anna"
    assert auditing.verify(scene.desk).ok


def test_a_service_needs_no_more_than_an_operators_role(
    scene: Scene, desks: dict[str, Desk]
) -> None:
    """It reads, catches up, tells people, forgets old slots and voids approvals."""
    scene.configure(schedule={"times": ("06:30",)}, notices={})
    settings = 'from = "r@x.org"\nto = ["a@x.org"]\n[smtp]\nhost = "127.0.0.1"\nport = 1\n'
    (scene.desk.home.root / "notices.toml").write_text(settings, encoding="utf-8")
    said: list[str] = []
    with serving(desks["otto"], host="there", pid=1) as service_id:
        service = Service(desks["otto"], service_id, InTurn(), tell=said.append)
        tick(service)
        scene.sis.drop_students("s1", 15)
        scene.sis.write(scene.drop)
        scene.clock.forward(hours=1)
        tick(service)
        [hold] = decisions.holds(scene.desk, NORTH)
        approve(desks["anna"], hold)
        assert clock_jumps.distrust_approvals(desks["otto"], 600) == 1
        assert decisions.hold(scene.desk, hold.id).missing == 2
        approve(desks["anna"], hold)
        assert approve(desks["arno"], hold) is RunState.APPLIED
        for _ in range(5):
            scene.clock.forward(days=8)
            tick(service)
    assert not [line for line in said if "not allow" in line or "fault" in line], said
    [notice] = noticing.notices(scene.desk)
    assert notice.tries > 1
    [run, *_] = history.runs(scene.desk, NORTH)
    assert run.created_by == "otto"


def test_the_memory_of_grades_is_begun_by_an_operator_too(
    postgres: Server, database: str, desks: dict[str, Desk], hold: HoldView
) -> None:
    """It is empty in a new district, and after an upgrade of an older store."""
    with postgres.connect(database) as connection:
        for table in ("grade_years", "grade_moves", "former_students"):
            connection.execute(f"DELETE FROM {table}")
    assert approve(desks["anna"], hold) is RunState.APPLIED
    with postgres.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM grade_years").fetchone() == (1,)


def test_an_approval_that_waits_may_be_used_by_an_operator(
    scene: Scene, desks: dict[str, Desk]
) -> None:
    scene.sis.drop_students("s1", 6)
    scene.sis.write(scene.drop)
    view = syncing.sync(desks["otto"], NORTH, preview=True)
    approve(desks["anna"], view.holds[0])
    applied = syncing.apply(desks["otto"], view.summary.id)
    assert applied.summary.state is RunState.APPLIED
    assert "s1-01" not in scene.users()


def test_a_viewer_sees_everything_and_changes_nothing(
    desks: dict[str, Desk], hold: HoldView
) -> None:
    vera = desks["vera"]
    assert permissions.why_not(vera) == "vera may look and change nothing."
    assert permissions.why_not(desks["otto"]) is None
    assert decisions.holds(vera)[0].id == hold.id
    assert history.run(vera, hold.run).summary.state is RunState.HELD
    assert auditing.verify(vera).ok
    for act in (
        lambda: approve(vera, hold),
        lambda: decisions.reject(vera, hold.id, reason="x"),
        lambda: syncing.sync(vera, NORTH),
        lambda: pausing.pause(vera, NORTH, school="s1", reason="x"),
    ):
        with pytest.raises(NotPermitted, match="vera may look and change nothing"):
            act()


def test_a_viewer_cannot_approve_in_psql_either(
    scene: Scene, postgres: Server, database: str, hold: HoldView
) -> None:
    for statement in (APPROVE, DECIDE, entry(scene.desk, "vera")):
        with pytest.raises(InsufficientPrivilege):
            raw(postgres, database, "vera", statement, hold=hold.id, who="vera")


def test_a_viewer_can_write_no_table_at_all(postgres: Server, database: str) -> None:
    with postgres.connect(database, "vera") as connection:
        for table in metadata.tables:
            for statement in (
                f"DELETE FROM {table}",
                f"TRUNCATE {table} CASCADE",
                f"INSERT INTO {table} DEFAULT VALUES",
                f'UPDATE {table} SET "{next(iter(metadata.tables[table].c)).name}" = NULL',
                f"DROP TABLE {table}",
                f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            ):
                with pytest.raises(InsufficientPrivilege):
                    connection.execute(statement)
        with pytest.raises(InsufficientPrivilege):
            connection.execute("CREATE TABLE public.mine (id int)")
        with pytest.raises(InsufficientPrivilege):
            connection.execute("SET ROLE rollbook_approver")


def test_an_operator_cannot_approve_in_psql(
    postgres: Server, database: str, hold: HoldView
) -> None:
    words = {"hold": hold.id, "who": "otto"}
    with pytest.raises(InsufficientPrivilege):
        raw(postgres, database, "otto", APPROVE, **words)
    with pytest.raises(InsufficientPrivilege, match="has 0 of the approvals"):
        raw(postgres, database, "otto", DECIDE, **words)
    with pytest.raises(InsufficientPrivilege):
        raw(
            postgres,
            database,
            "otto",
            "UPDATE holds SET approvers = 0 WHERE id = '{hold}'",
            **words,
        )
    with pytest.raises(InsufficientPrivilege):
        raw(postgres, database, "otto", "ALTER TABLE holds DISABLE TRIGGER ALL", **words)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE changes SET lane = lane + 1",
        "DELETE FROM changes",
        "UPDATE student_fact_changes SET after = '{{}}'",
        "UPDATE lane_holds SET hold = 'x'",
        "DELETE FROM lane_holds",
        "UPDATE lanes SET pause = NULL",
        "DELETE FROM lanes",
        "DELETE FROM holds",
        "DELETE FROM users",
    ],
)
def test_an_operator_cannot_free_what_is_held(
    postgres: Server, database: str, hold: HoldView, statement: str
) -> None:
    with pytest.raises(InsufficientPrivilege):
        raw(postgres, database, "otto", statement)


def test_an_operator_may_do_all_that_a_sync_does(desks: dict[str, Desk]) -> None:
    """What is done on some days only."""
    with desks["otto"].store.write() as connection:
        for kind in Kind:
            fingerprints.forget_all(connection, NORTH, kind)
            made = fingerprints.Format("x", [], False)
            fingerprints.set_format(connection, NORTH, kind, made)
        for table in ("checklist_ticks", "fingerprint_bases", "fingerprint_formats"):
            connection.execute(metadata.tables[table].delete())
        facts = metadata.tables["student_fact_changes"]
        connection.execute(facts.update().values(applied_in=1))


def test_an_approver_approves_in_the_own_name_only(
    postgres: Server, database: str, hold: HoldView
) -> None:
    words = {"hold": hold.id, "who": "anna"}
    raw(postgres, database, "anna", APPROVE, DECIDE, **words)
    with pytest.raises(InsufficientPrivilege):
        raw(postgres, database, "arno", APPROVE, **words)
    with pytest.raises(InsufficientPrivilege):
        raw(postgres, database, "arno", APPROVE.format(hold=hold.id, who="arno"), DECIDE, **words)
    with pytest.raises(InsufficientPrivilege, match="has 0 of the approvals"):
        raw(postgres, database, "anna", DECIDE, **words)


def test_two_people_are_two_people_to_the_database_too(
    scene: Scene, postgres: Server, database: str, hold: HoldView
) -> None:
    with postgres.connect(database) as owner:
        owner.execute("UPDATE holds SET approvers = 2 WHERE id = %s", (hold.id,))
    with pytest.raises(InsufficientPrivilege, match="has 1 of the approvals"):
        raw(postgres, database, "anna", APPROVE, DECIDE, hold=hold.id, who="anna")
    with postgres.connect(database, "arno") as arno:
        arno.execute(APPROVE.format(hold=hold.id, who="arno"))
    raw(postgres, database, "anna", APPROVE, DECIDE, hold=hold.id, who="anna")


def test_an_approval_of_one_hold_is_none_of_another(
    scene: Scene, postgres: Server, database: str, desks: dict[str, Desk]
) -> None:
    """An operator may say that a hold was carried over; the database looks from where."""
    configure_quietly(scene, thresholds={"shrink_percent": 100})
    scene.sis.drop_students("s1", 15)
    scene.sis.drop_students("s2", 6)
    scene.sis.write(scene.drop)
    holds = syncing.sync(desks["otto"], NORTH).holds
    grave, other = (hold for hold in holds if hold.kind is Kind.USER)
    approve(desks["anna"], grave)
    carry = f"UPDATE holds SET carried_from = '{grave.id}' WHERE id = '{other.id}'"
    decide = DECIDE.format(who="otto", hold=other.id)
    with pytest.raises(InsufficientPrivilege, match="from no earlier one"):
        raw(postgres, database, "otto", carry, decide)


def test_what_was_carried_over_is_to_the_database_too(scene: Scene, desks: dict[str, Desk]) -> None:
    scene.sis.drop_students("s1", 6)
    scene.sis.write(scene.drop)
    [hold] = syncing.sync(desks["otto"], NORTH, preview=True).holds
    approve(desks["anna"], hold)
    scene.sis.add_student("s2", "new")
    scene.sis.write(scene.drop)
    assert syncing.sync(desks["otto"], NORTH).summary.state is RunState.APPLIED
    assert "s1-01" not in scene.users()


def test_nobody_changes_what_another_has_approved(
    postgres: Server, database: str, hold: HoldView
) -> None:
    with postgres.connect(database, "anna") as anna:
        anna.execute(APPROVE.format(hold=hold.id, who="anna"))
    change = "UPDATE approvals SET expires_at = now() + interval '1 year' WHERE hold = '{hold}'"
    raw(postgres, database, "anna", change, hold=hold.id)
    with pytest.raises(InsufficientPrivilege):
        raw(postgres, database, "arno", change, hold=hold.id)
    with pytest.raises(InsufficientPrivilege):
        raw(postgres, database, "otto", change, hold=hold.id)
    with pytest.raises(InsufficientPrivilege):
        raw(postgres, database, "anna", "DELETE FROM approvals WHERE hold = '{hold}'", hold=hold.id)


@pytest.mark.parametrize("login", ["otto", "anna"])
def test_the_trail_is_written_in_the_own_name_and_never_rewritten(
    scene: Scene, postgres: Server, database: str, login: str
) -> None:
    with scene.desk.store.write() as connection:
        audit.write(connection, Actor("sam", scene.clock()), "test.event")
    raw(postgres, database, login, entry(scene.desk, login))
    for statement in (
        entry(scene.desk, "sam"),
        "UPDATE audit SET who = 'sam'",
        "DELETE FROM audit",
        "TRUNCATE audit",
    ):
        with pytest.raises(InsufficientPrivilege):
            raw(postgres, database, login, statement)


def test_an_operator_cannot_make_a_viewer_more(postgres: Server, database: str) -> None:
    for statement in (
        "GRANT rollbook_approver TO vera",
        "CREATE ROLE mine LOGIN",
        "DROP POLICY rollbook_given ON approvals",
        "ALTER TABLE approvals DISABLE ROW LEVEL SECURITY",
        "DROP TRIGGER holds_need_approval ON holds",
    ):
        with pytest.raises(InsufficientPrivilege):
            raw(postgres, database, "otto", statement)


def test_a_refusal_of_the_database_itself_is_told(
    desks: dict[str, Desk], hold: HoldView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the desk had not asked first."""
    monkeypatch.setattr("rollbook.desk.desk.Desk.approver", Desk.actor)
    with pytest.raises(NotPermitted, match="the database does not allow that to otto"):
        approve(desks["otto"], hold)
    assert decisions.hold(desks["anna"], hold.id).state == "OPEN"


def test_every_table_has_its_grants(postgres: Server, database: str) -> None:
    with postgres.connect(database) as connection:
        for table in metadata.tables:
            query = "SELECT has_table_privilege(%s, %s, 'SELECT')"
            assert connection.execute(query, ("vera", table)).fetchone() == (True,), table
            query = "SELECT has_any_column_privilege(%s, %s, 'INSERT')"
            writes = connection.execute(query, ("anna", table)).fetchone()
            assert writes == (True,), table


def test_the_script_is_for_a_store_on_postgresql(desks: dict[str, Desk]) -> None:
    assert roles.script(desks["vera"]) == role_script()


def test_the_raw_attempts_are_real(
    scene: Scene, postgres: Server, database: str, hold: HoldView
) -> None:
    """The owner may do all of it: what was refused above was refused for the role."""
    with postgres.connect(database) as owner, owner.transaction(force_rollback=True):
        owner.execute(APPROVE.format(hold=hold.id, who="vera"))
        owner.execute(DECIDE.format(hold=hold.id, who="vera"))
        owner.execute(entry(scene.desk, "vera"))


AGREE = "UPDATE expected_plans SET agreed_by = '{who}', agreed_at = now() WHERE id = '{plan}'"
WIDEN = "UPDATE expected_plans SET announced = '{{}}' WHERE id = '{plan}'"
PROPOSE = (
    "INSERT INTO expected_plans (id, district, number, starts, ends, announced, reason, "
    "created_by, created_at, agreed_by, agreed_at) VALUES ('x', 'north', 9, '2026-03-01', "
    "'2026-03-31', '{{}}', 'x', '{by}', now(), {agreed}, now())"
)


def test_a_plan_is_proposed_by_one_and_agreed_to_by_who_may_approve(
    postgres: Server, database: str, desks: dict[str, Desk]
) -> None:
    draft = PlanDraft(date(2026, 3, 1), date(2026, 3, 20), classes=ClassFate.REPLACED)
    plan = plans.add_plan(desks["otto"], NORTH, draft, reason="second term").id
    with pytest.raises(NotPermitted, match="otto may not approve"):
        plans.agree_to_plan(desks["otto"], plan)
    for login, statement in (
        ("otto", AGREE.format(who="otto", plan=plan)),
        ("anna", AGREE.format(who="arno", plan=plan)),
        ("anna", WIDEN.format(plan=plan)),
        ("otto", PROPOSE.format(by="otto", agreed="'otto'")),
        ("otto", PROPOSE.format(by="anna", agreed="NULL")),
    ):
        with pytest.raises(InsufficientPrivilege):
            raw(postgres, database, login, statement.replace("{", "{{").replace("}", "}}"))
    assert plans.agree_to_plan(desks["anna"], plan).agreed_by == "anna"
    assert plans.end_plan(desks["otto"], plan).ended_by == "otto"
