"""Each guard that the database itself keeps: it refuses, and nothing else would if it were gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, insert, inspect
from sqlalchemy.exc import DatabaseError

from core.directory.conftest import ACTOR
from core.writing import apply_changes
from postgres.server import Server
from rollbook.directory import audit, runs
from rollbook.directory.store import open_store, sqlite_url
from rollbook.directory.tables import KEPT_FOR_EVER, NEVER_DELETED, RECORD_TABLES, metadata
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.states import HoldState, MergeState, RunKind, RunState


@dataclass(frozen=True)
class Guard:
    """The ``statement`` that a guard of a table refuses; ``what`` it is in a database."""

    table: str
    statement: str
    what: str = "trigger"


SECOND_RUN = "UPDATE runs SET state = 'APPLYING'"

ON_BOTH = {
    **{f"{t}_refuses_delete": Guard(t, f"DELETE FROM {t}") for t in NEVER_DELETED},
    **{f"{t}_refuses_delete": Guard(t, f"DELETE FROM {t}") for t in KEPT_FOR_EVER},
    "audit_refuses_update": Guard("audit", "UPDATE audit SET who = 'x'"),
    "account_changes_refuses_update": Guard("account_changes", "UPDATE account_changes SET lane=9"),
    "account_names_refuses_update": Guard("account_names", "UPDATE account_names SET account='y'"),
    "changes_refuses_update": Guard("changes", "UPDATE changes SET lane = 9"),
    "changes_refuses_delete": Guard("changes", "DELETE FROM changes"),
    "lanes_go_in_once": Guard("lanes", "UPDATE lanes SET applied_in = applied_in + 1"),
    "approvals_refuses_update": Guard("approvals", "UPDATE approvals SET consumed_in = NULL"),
    "approvals_refuses_delete": Guard("approvals", "DELETE FROM approvals"),
    "uq_runs_applying": Guard("runs", SECOND_RUN, "index"),
    "uq_merges_active_lose": Guard("merges", "UPDATE merges SET state = 'ACTIVE'", "index"),
}

STATES = {"runs": RunState, "holds": HoldState, "merges": MergeState}

AGAIN = {
    "runs": "INSERT INTO runs (id, district, number, kind, state, preview, findings_error, "
    "findings_warning, message, reason, created_by, created_at) SELECT 'again', district, 99, kind,"
    " 'DONE', preview, 0, 0, '', '', created_by, created_at FROM runs WHERE number = 1",
    "holds": "INSERT INTO holds (id, run, district, rule, title, records, base, percent, why, cause"
    ", whole_run, covers, state, created_at, expires_at) SELECT 'again', run, district, rule, title"
    ", 1, 1, 1, '', '', whole_run, covers, 'DONE', created_at, expires_at FROM holds",
    "merges": "INSERT INTO merges (id, district, number, keep, lose, label, from_lose, run, state, "
    "reason, created_by, created_at) SELECT 'again', district, 99, keep, lose, label, from_lose, "
    "run, 'DONE', reason, created_by, created_at FROM merges WHERE number = 1",
}
"""A row of a state that there is not."""

ON_BOTH |= {
    **{f"{t}_refuses_insert": Guard(t, AGAIN[t]) for t in STATES},
    **{f"{t}_refuses_update": Guard(t, f"UPDATE {t} SET state = 'DONE'") for t in STATES},
}

ON_POSTGRESQL = {
    f"{t}_refuses_truncate": Guard(t, f"TRUNCATE {t} CASCADE")
    for t in (*NEVER_DELETED, *KEPT_FOR_EVER, "changes")
}


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


@pytest.fixture(scope="module")
def filled(
    empty_store: str, tmp_path_factory: pytest.TempPathFactory, server: Server | None
) -> Iterator[Connection]:
    """A transaction on a store with a row, or two, in whatever is guarded; it is taken back."""
    url = (
        server.url(server.new_database(empty_store))
        if server
        else sqlite_url(tmp_path_factory.mktemp("guarded") / "store.db")
    )
    store = open_store(url)
    with store.engine.connect() as connection, connection.begin() as transaction:
        _fill(connection)
        yield connection
        transaction.rollback()
    store.close()


def _fill(connection: Connection) -> None:
    run, second = (runs.create(connection, ACTOR, "north", RunKind.SYNC) for _ in range(2))
    everything = [Change(kind, Verb.ADD, "x", None, {}) for kind in Kind]
    apply_changes(connection, "north", run, everything, 0)
    audit.write(connection, ACTOR, "test.event")
    for name, row in _ACCOUNT_ROWS.items():
        connection.execute(insert(metadata.tables[name]).values(**row(run)))
    hold = {
        **{"id": "h", "run": run, "district": "north", "rule": "R1", "title": "", "records": 1},
        **{"base": 1, "percent": 1, "why": "", "cause": "", "whole_run": False, "covers": {}},
        **{"state": HoldState.APPROVED, "created_at": ACTOR.at, "expires_at": ACTOR.at},
    }
    connection.execute(insert(metadata.tables["holds"]).values(**hold))
    approval = {
        **{"hold": "h", "who": "sam", "digest": "d", "generation": 0, "confirmed": 1},
        **{"reason": "x", "at": ACTOR.at, "expires_at": ACTOR.at, "consumed_in": 1},
    }
    connection.execute(insert(metadata.tables["approvals"]).values(**approval))
    for number in (1, 2):
        merge = {
            **{"id": f"m{number}", "district": "north", "number": number, "keep": "a", "lose": "b"},
            **{"label": "", "from_lose": [], "run": second, "state": MergeState.SPLIT},
            **{"reason": "", "created_by": "sam", "created_at": ACTOR.at},
        }
        connection.execute(insert(metadata.tables["merges"]).values(**merge))


@pytest.mark.parametrize("name", ON_BOTH)
def test_it_refuses_and_is_the_one_that_does(
    filled: Connection, server: Server | None, name: str
) -> None:
    _refuses_alone(filled, server, name, ON_BOTH[name])


@pytest.mark.parametrize("server", ["postgresql"], indirect=True)
@pytest.mark.parametrize("name", ON_POSTGRESQL)
def test_so_does_one_that_sqlite_does_not_need(
    filled: Connection, server: Server | None, name: str
) -> None:
    _refuses_alone(filled, server, name, ON_POSTGRESQL[name])


def _refuses_alone(connection: Connection, server: Server | None, name: str, guard: Guard) -> None:
    with pytest.raises(DatabaseError, match=guard.table), connection.begin_nested():
        connection.exec_driver_sql(guard.statement)
    with connection.begin_nested() as nested:
        connection.exec_driver_sql(_dropped(name, guard, server))
        done = connection.exec_driver_sql(guard.statement)
        assert done.rowcount
        nested.rollback()


def _dropped(name: str, guard: Guard, server: Server | None) -> str:
    if guard.what == "trigger" and server:
        return f"DROP TRIGGER {name} ON {guard.table}"
    return f"DROP {guard.what.upper()} {name}"


def test_there_are_no_others(filled: Connection, server: Server | None) -> None:
    triggers = (
        "SELECT DISTINCT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if server
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    found = set(filled.exec_driver_sql(triggers).scalars())
    inspector = inspect(filled)
    for table in inspector.get_table_names():
        found |= {str(i["name"]) for i in inspector.get_indexes(table) if i["unique"]}
        found -= {str(unique["name"]) for unique in inspector.get_unique_constraints(table)}
    assert found == ON_BOTH.keys() | (ON_POSTGRESQL.keys() if server else set())


def test_every_state_is_known_to_the_database(filled: Connection) -> None:
    for table, states in STATES.items():
        for state in states:
            with filled.begin_nested() as nested:
                where = "number = 1" if table != "holds" else "id = 'h'"
                filled.exec_driver_sql(f"UPDATE {table} SET state = '{state}' WHERE {where}")
                nested.rollback()


def test_every_kind_of_record_is_guarded() -> None:
    assert set(NEVER_DELETED) == {"accounts", *(t.name for t in RECORD_TABLES.values())}
    assert len(NEVER_DELETED) == len(Kind) + 1
