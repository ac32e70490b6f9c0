"""What somebody with a role tries in psql to get past a decision: the database refuses each."""

from datetime import date

import pytest
from psycopg.errors import InsufficientPrivilege

from core.desk.psql import APPROVE, DECIDE, approve, entry, raw
from core.scene import NORTH, Scene
from postgres.server import Server
from rollbook.desk import auditing, plans, syncing
from rollbook.desk.desk import Desk
from rollbook.desk.plan_views import ClassFate, PlanDraft
from rollbook.desk.views import HoldView, RunView
from rollbook.directory import audit
from rollbook.directory.audit import Actor
from rollbook.directory.role_script import role_script
from rollbook.roster.states import HoldState

pytestmark = pytest.mark.parametrize("server", ["postgresql"], indirect=True)

Desks = dict[str, Desk]


def six_and_then(scene: Scene, desks: Desks, more: int) -> tuple[HoldView, HoldView]:
    """A hold for six students that was approved and not applied, and that of a newer file."""
    scene.sis.drop_students("s1", 6)
    scene.sis.write(scene.drop)
    six = _of_the_first_school(syncing.sync(desks["otto"], NORTH, preview=True))
    approve(desks["anna"], six)
    if more:
        scene.sis.drop_students("s1", more)
    scene.sis.write(scene.drop)
    return six, _of_the_first_school(syncing.sync(desks["otto"], NORTH, preview=True))


def _of_the_first_school(view: RunView) -> HoldView:
    [hold] = (hold for hold in view.holds if hold.school == "s1")
    return hold


@pytest.mark.parametrize(
    "shadow",
    [
        "approvals AS SELECT '{newer.id}' AS hold, 'anna' AS who, now() AS at, NULL AS consumed_in",
        "changes AS SELECT * FROM public.changes WHERE run <> '{newer.run}'",
    ],
)
def test_a_temporary_table_takes_no_tables_place(
    scene: Scene, postgres: Server, database: str, desks: Desks, shadow: str
) -> None:
    """With approvals that nobody gave, or without the changes that nobody approved."""
    six, newer = six_and_then(scene, desks, 8)
    with postgres.connect(database, "otto") as otto:
        otto.execute(f"CREATE TEMP TABLE {shadow.format(newer=newer)}")
        otto.execute(f"UPDATE public.holds SET carried_from = '{six.id}' WHERE id = '{newer.id}'")
        with pytest.raises(InsufficientPrivilege, match="has 0 of the approvals"):
            otto.execute(DECIDE.format(hold=newer.id, who="otto"))


def test_an_approval_carries_over_to_no_more_than_it_allowed(
    scene: Scene, postgres: Server, database: str, desks: Desks
) -> None:
    six, newer = six_and_then(scene, desks, 8)
    carry = f"UPDATE holds SET carried_from = '{six.id}' WHERE id = '{newer.id}'"
    with pytest.raises(InsufficientPrivilege, match="has 0 of the approvals"):
        raw(postgres, database, "otto", carry, DECIDE, hold=newer.id, who="otto")


def test_nor_to_another_hold(scene: Scene, postgres: Server, database: str, desks: Desks) -> None:
    """The earlier one is of another school."""
    scene.sis.drop_students("s2", 6)
    six, newer = six_and_then(scene, desks, 8)
    with postgres.connect(database) as owner:
        other = owner.execute(
            "SELECT id FROM holds WHERE run = %s AND school = 's2'", (newer.run,)
        ).fetchone()
    assert other is not None
    carry = f"UPDATE holds SET carried_from = '{six.id}' WHERE id = '{other[0]}'"
    with pytest.raises(InsufficientPrivilege, match="has 0 of the approvals"):
        raw(postgres, database, "otto", carry, DECIDE, hold=other[0], who="otto")


def test_to_as_much_it_does(scene: Scene, desks: Desks) -> None:
    six, newer = six_and_then(scene, desks, 0)
    assert (newer.state, newer.carried_from) == (HoldState.APPROVED, six.id)


@pytest.mark.parametrize("whence", ["itself", "one that there is not"])
def test_a_hold_carries_over_from_an_earlier_one(
    postgres: Server, database: str, hold: HoldView, whence: str
) -> None:
    """Else whoever looks at it looks for ever, or finds nothing."""
    older = hold.id if whence == "itself" else "north.1.h9"
    carry = f"UPDATE holds SET carried_from = '{older}' WHERE id = '{hold.id}'"
    with pytest.raises(InsufficientPrivilege, match="from no earlier one"):
        raw(postgres, database, "otto", carry)


@pytest.mark.parametrize("state", ["REJECTED", "SUPERSEDED", "EXPIRED"])
def test_what_was_decided_is_decided(
    postgres: Server, database: str, desks: Desks, hold: HoldView, state: str
) -> None:
    decide = f"UPDATE holds SET state = '{state}', decided_by = 'otto' WHERE id = '{hold.id}'"
    for change in (
        "state = 'OPEN', decided_by = NULL",
        "reason = 'x'",
        "decided_at = now()",
    ):
        again = f"UPDATE holds SET {change} WHERE id = '{hold.id}'"
        with pytest.raises(InsufficientPrivilege, match="is decided about"):
            raw(postgres, database, "otto", decide, again)


def test_an_approved_hold_keeps_who_approved_it(
    postgres: Server, database: str, desks: Desks, hold: HoldView
) -> None:
    approve(desks["anna"], hold)
    for change in (
        "decided_by = 'otto'",
        "decided_by = NULL",
        "reason = 'x'",
        "carried_from = 'x'",
    ):
        with pytest.raises(InsufficientPrivilege, match="is decided about"):
            raw(postgres, database, "otto", f"UPDATE holds SET {change} WHERE id = '{hold.id}'")


@pytest.mark.parametrize("state", ["REJECTED", "SUPERSEDED", "EXPIRED", "OPEN"])
def test_nobody_decides_in_anothers_name(
    postgres: Server, database: str, hold: HoldView, state: str
) -> None:
    update = f"UPDATE holds SET state = '{state}', decided_by = 'anna' WHERE id = '{hold.id}'"
    insert = (
        "INSERT INTO holds (id, run, district, rule, title, records, base, percent, why, cause, "
        "whole_run, covers, state, created_at, expires_at, decided_by) SELECT 'again', run, "
        f"district, rule, title, 1, 1, 1, '', '', whole_run, covers, '{state}', created_at, "
        f"expires_at, 'anna' FROM holds WHERE id = '{hold.id}'"
    )
    for statement in (update, insert):
        with pytest.raises(InsufficientPrivilege):
            raw(postgres, database, "otto", statement)


def test_who_uses_an_approval_changes_nothing_of_it(
    postgres: Server, database: str, hold: HoldView
) -> None:
    """An approver may change the own approval, and mark anybody's as used."""
    with postgres.connect(database, "anna") as anna:
        anna.execute(APPROVE.format(hold=hold.id, who="anna"))
    for change in ("reason = 'y'", "confirmed = 999", "digest = 'e'", "times = 2", "at = now()"):
        with pytest.raises(InsufficientPrivilege, match="stays as it was given"):
            raw(postgres, database, "arno", f"UPDATE approvals SET consumed_in = 1, {change}")
    raw(postgres, database, "arno", "UPDATE approvals SET consumed_in = 1 WHERE who = 'anna'")


def test_a_plan_comes_into_force_by_an_approvers_own_word(
    postgres: Server, database: str, desks: Desks
) -> None:
    draft = PlanDraft(date(2026, 3, 1), date(2026, 3, 20), classes=ClassFate.REPLACED)
    plan = plans.add_plan(desks["otto"], NORTH, draft, reason="second term").id
    ended = plans.add_plan(
        desks["otto"],
        NORTH,
        PlanDraft(date(2026, 4, 1), date(2026, 4, 20), classes=ClassFate.REPLACED),
        reason="third term",
    ).id
    plans.agree_to_plan(desks["anna"], ended)
    plans.end_plan(desks["otto"], ended)
    copy = (
        "INSERT INTO expected_plans (id, district, number, starts, ends, announced, reason, "
        "created_by, created_at, {more}) SELECT 'x', district, 9, starts, ends, announced, reason, "
        f"'otto', created_at, {{value}} FROM expected_plans WHERE id = '{plan}'"
    )
    arno = "agreed_by = 'arno', agreed_at = now()"
    for login, statement in (
        ("otto", copy.format(more="agreed_at", value="now()")),
        ("otto", copy.format(more="ended_by", value="'anna'")),
        ("anna", f"UPDATE expected_plans SET {arno}, ended_by = 'anna' WHERE id = '{plan}'"),
        (
            "anna",
            f"UPDATE expected_plans SET {arno}, ended_by = 'anna', ended_at = now() "
            f"WHERE id = '{plan}'",
        ),
        ("anna", f"UPDATE expected_plans SET agreed_by = 'anna' WHERE id = '{plan}'"),
    ):
        with pytest.raises(InsufficientPrivilege):
            raw(postgres, database, login, statement)
    for login, change in (
        ("otto", "ended_at = NULL, ended_by = 'otto'"),
        ("anna", "ended_at = NULL, ended_by = NULL"),
        ("anna", "agreed_by = 'anna', agreed_at = now()"),
    ):
        with postgres.connect(database, login) as connection:
            again = f"UPDATE expected_plans SET {change} WHERE id = '{ended}'"
            assert connection.execute(again).rowcount == 0


def test_who_changed_the_policy_is_not_somebody_else(
    postgres: Server, database: str, desks: Desks
) -> None:
    seen = (
        "INSERT INTO policy_changes (district, revision, seen_by, seen_at) "
        "VALUES ('north', 'x', '{by}', now())"
    )
    raw(postgres, database, "anna", seen, by="anna")
    with pytest.raises(InsufficientPrivilege):
        raw(postgres, database, "anna", seen, by="otto")


def test_a_changeset_that_is_saved_gets_no_more(
    postgres: Server, database: str, desks: Desks, hold: HoldView
) -> None:
    """Without a lane and a number, a change that was added goes in with no run."""
    approve(desks["anna"], hold)
    lane = f"INSERT INTO lanes (run, number) VALUES ('{hold.run}', 77)"
    counted = (
        "INSERT INTO lane_counts SELECT run, lane, kind, verb, 's2', role, takes_away, 1 "
        f"FROM lane_counts WHERE run = '{hold.run}' AND kind = 'user'"
    )
    of_accounts = (
        "INSERT INTO account_counts (run, lane, verb, changes) "
        f"VALUES ('{hold.run}', 0, 'delete', 1)"
    )
    for statement in (lane, counted, of_accounts):
        with pytest.raises(InsufficientPrivilege, match="is saved"):
            raw(postgres, database, "otto", statement)


@pytest.mark.parametrize(
    ("before", "after"),
    [("HELD", "STAGED"), ("READY", "PLANNED"), ("SUPERSEDED", "READY"), ("REJECTED", "HELD")],
)
def test_a_run_goes_on_and_not_back(
    postgres: Server, database: str, hold: HoldView, before: str, after: str
) -> None:
    move = "UPDATE runs SET state = '{state}' WHERE id = '" + hold.run + "'"
    with postgres.connect(database) as owner:
        owner.execute(move.format(state=before))
    with pytest.raises(InsufficientPrivilege, match=f"is already {before}"):
        raw(postgres, database, "otto", move.format(state=after))


@pytest.mark.parametrize(
    "wrong",
    [
        {"seq": 2**31 - 1},
        {"previous": "f" * 64},
        {"hash": "f" * 64},
        {"body": "something else"},
        {"district": NORTH},
        {"event": "hold.approved"},
    ],
)
def test_an_entry_goes_on_from_the_last_one(
    scene: Scene, postgres: Server, database: str, wrong: dict[str, object]
) -> None:
    with pytest.raises(InsufficientPrivilege, match="does not go on from the last"):
        raw(postgres, database, "otto", entry(scene.desk, "otto", **wrong))


def test_the_database_knows_the_hash_of_whatever_is_written(scene: Scene, desks: Desks) -> None:
    """The first entry too, and any character."""
    every = "".join(map(chr, (*range(1, 0x300), 0x2028, 0xFEFF, 0x1F600, 0x10FFFF)))
    actor = Actor("otto", scene.clock())
    with desks["otto"].store.write() as connection:
        for text in ("", every, '"\\/', "Ünïcödé", "null"):
            audit.write(
                connection, actor, "test.event", district=text, subject=text, body={text: text}
            )
        audit.write(connection, actor, "test.event")
    assert auditing.verify(desks["vera"]).ok


def test_a_viewer_cannot_make_writers_wait(postgres: Server, database: str, desks: Desks) -> None:
    with postgres.connect(database) as owner:
        locks = owner.execute(
            "SELECT p.oid::regprocedure::text, pg_get_function_identity_arguments(p.oid) "
            "FROM pg_proc p WHERE proname LIKE '%advisory%lock%' AND proname NOT LIKE '%unlock%'"
        ).fetchall()
    assert len(locks) == 16
    with postgres.connect(database, "vera") as vera:
        for name, arguments in locks:
            numbers = "1, 2" if "," in arguments else "1"
            with pytest.raises(InsufficientPrivilege):
                vera.execute(f"SELECT {name.split('(')[0]}({numbers})")


def test_an_owner_who_is_no_superuser_runs_the_script_too(postgres: Server, database: str) -> None:
    """Also after a superuser, and keeps the locks that writers take."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    said: list[str] = []
    with postgres.connect(database) as administrator:
        administrator.execute("CREATE ROLE orla LOGIN CREATEROLE")
        for (table,) in administrator.execute(tables).fetchall():
            administrator.execute(f"ALTER TABLE {table} OWNER TO orla")
        for statement in (
            "GRANT rollbook_viewer, rollbook_operator, rollbook_approver TO orla WITH ADMIN TRUE, "
            "INHERIT FALSE",
            "ALTER SCHEMA public OWNER TO orla",
            role_script(),
        ):
            administrator.execute(statement)
        with postgres.connect(database, "orla") as orla:
            orla.add_notice_handler(lambda notice: said.append(str(notice.message_primary)))
            orla.execute(role_script())
            orla.execute("SELECT pg_try_advisory_lock(1)")
        for statement in ("REASSIGN OWNED BY orla TO postgres", "DROP OWNED BY orla"):
            administrator.execute(statement)
        administrator.execute("DROP ROLE orla")
    assert any("no superuser" in line for line in said)


def test_nobody_makes_anything_beside_the_tables(postgres: Server, database: str) -> None:
    """As everybody could before PostgreSQL 15, also in a database that was upgraded since."""
    with postgres.connect(database) as connection:
        connection.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
        connection.execute(role_script())
    with pytest.raises(InsufficientPrivilege):
        raw(postgres, database, "otto", "CREATE TABLE public.mine (id int)")


def test_a_rule_of_an_older_script_is_gone(postgres: Server, database: str) -> None:
    with postgres.connect(database) as connection:
        connection.execute(
            "CREATE POLICY rollbook_changed ON expected_plans FOR UPDATE TO rollbook_operator "
            "USING (true) WITH CHECK (true)"
        )
        connection.execute(role_script())
        query = "SELECT count(*) FROM pg_policies WHERE policyname = 'rollbook_changed'"
        assert connection.execute(query).fetchone() == (0,)
