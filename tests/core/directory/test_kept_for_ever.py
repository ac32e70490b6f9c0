"""What the database itself refuses: rewriting the trail and the journal, deleting records."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from core.writing import apply_changes
from rollbook.directory import audit, runs
from rollbook.directory.store import Store
from rollbook.directory.tables import KEPT_FOR_EVER, NEVER_DELETED, RECORD_TABLES, metadata
from rollbook.directory.tables import runs as runs_table
from rollbook.errors import Stale
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.states import RunKind, RunState

from .conftest import ACTOR

_ACCOUNT_ROWS: dict[str, Callable[[str], dict[str, object]]] = {
    "accounts": lambda run: {
        **{"district": "north", "id": "x", "person": "x", "role": "student", "username": "ax"},
        **{"groups": [], "state": "active", "password_due": True, "changed_in": run},
    },
    "account_names": lambda run: {
        **{"district": "north", "namespace": "username", "name": "ax", "account": "x", "run": run}
    },
    "account_changes": lambda run: {
        **{"run": run, "seq": 0, "lane": 0, "verb": "create", "account": "x", "person": "x"},
        **{"role": "student", "label": "X", "after": {}},
    },
}


@pytest.fixture(autouse=True)
def _written(store: Store, run: str) -> None:
    changes = [Change(kind, Verb.ADD, "x", None, {}) for kind in Kind]
    with store.write() as connection:
        apply_changes(connection, "north", run, changes, 0)
        audit.write(connection, ACTOR, "test.event")
        for name, row in _ACCOUNT_ROWS.items():
            connection.execute(insert(metadata.tables[name]).values(**row(run)))


@pytest.mark.parametrize("name", [*KEPT_FOR_EVER, *NEVER_DELETED])
def test_rows_are_never_deleted(store: Store, name: str) -> None:
    table = metadata.tables[name]
    with (
        pytest.raises(DatabaseError, match=rf"{name} are kept"),
        store.write() as connection,
    ):
        connection.execute(delete(table))
    with store.read() as connection:
        assert connection.execute(select(table)).all() != []


@pytest.mark.parametrize("server", ["postgresql"], indirect=True)
@pytest.mark.parametrize("name", [*KEPT_FOR_EVER, *NEVER_DELETED])
def test_tables_are_never_emptied(store: Store, name: str) -> None:
    with (
        pytest.raises(DatabaseError, match=rf"rows of {name} are kept: TRUNCATE"),
        store.write() as connection,
    ):
        connection.exec_driver_sql(f"TRUNCATE {name} CASCADE")


_REWRITTEN = {"audit": "seq", "account_changes": "lane", "account_names": "account"}


@pytest.mark.parametrize("name", KEPT_FOR_EVER)
def test_the_trail_and_the_journal_are_never_rewritten(store: Store, name: str) -> None:
    table = metadata.tables[name]
    with store.read() as connection:
        before = connection.execute(select(table)).all()
    with (
        pytest.raises(DatabaseError, match=rf"{name} are kept"),
        store.write() as connection,
    ):
        connection.execute(update(table).values({_REWRITTEN[name]: 100}))
    with store.read() as connection:
        assert connection.execute(select(table)).all() == before


def test_every_kind_of_record_is_guarded() -> None:
    assert set(NEVER_DELETED) == {"accounts", *(t.name for t in RECORD_TABLES.values())}
    assert len(NEVER_DELETED) == len(Kind) + 1


def test_one_run_of_a_district_is_applied_at_a_time(store: Store, run: str) -> None:
    with store.write() as connection:
        second = runs.create(connection, ACTOR, "north", RunKind.SYNC)
        other = runs.create(connection, ACTOR, "south", RunKind.SYNC)
        for free in (run, other):
            runs.move(connection, ACTOR, runs.get(connection, free), RunState.APPLYING)
    with pytest.raises(IntegrityError), store.write() as connection:
        connection.execute(
            update(runs_table).where(runs_table.c.id == second).values(state=RunState.APPLYING)
        )


def test_a_run_is_moved_from_where_the_mover_saw_it_or_not_at_all(store: Store, run: str) -> None:
    with store.write() as connection:
        seen = runs.get(connection, run)
        runs.move(connection, ACTOR, seen, RunState.STAGED)
    with pytest.raises(Stale, match="STAGED"), store.write() as connection:
        runs.move(connection, ACTOR, seen, RunState.CANCELLED)
    with store.read() as connection:
        assert runs.get(connection, run).state == RunState.STAGED


def test_a_merge_of_one_person_is_in_force_once(store: Store) -> None:
    table = metadata.tables["merges"]
    row = {
        **{"id": "m1", "district": "north", "number": 1, "keep": "a", "lose": "b", "label": ""},
        **{"from_lose": [], "run": "r", "state": "ACTIVE", "reason": "", "created_by": "sam"},
        "created_at": ACTOR.at,
    }
    with store.write() as connection:
        connection.execute(insert(table).values(row))
        connection.execute(insert(table).values(row | {"id": "m2", "number": 2, "state": "SPLIT"}))
    with pytest.raises(IntegrityError), store.write() as connection:
        connection.execute(insert(table).values(row | {"id": "m3", "number": 3}))
