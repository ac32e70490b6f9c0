"""What the database itself refuses when several act at once."""

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from rollbook.directory import runs
from rollbook.directory.store import Store
from rollbook.directory.tables import metadata
from rollbook.directory.tables import runs as runs_table
from rollbook.errors import Stale
from rollbook.roster.states import RunKind, RunState

from .conftest import ACTOR


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
