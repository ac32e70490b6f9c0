"""Closing runs whose process ended in their middle, and clearing away what they left behind."""

from __future__ import annotations

from sqlalchemy import Connection

from rollbook.config.home import Home
from rollbook.directory import runs
from rollbook.directory.audit import Actor
from rollbook.directory.store import Store
from rollbook.errors import Busy
from rollbook.roster.states import UNDER_WAY, RunState
from rollbook.runs.lock import district_lock
from rollbook.snapshots.stage import clear_staging, districts_with_staging


def close_all_interrupted(store: Store, home: Home, actor: Actor) -> None:
    """Close the interrupted runs of every district on which no process works.

    What a run had staged goes too, also that of one which was saved already and waits.
    """
    with store.read() as connection:
        districts = runs.districts_in(connection, UNDER_WAY)
    for district in sorted({*districts, *districts_with_staging(home.snapshots)}):
        try:
            with district_lock(store, home.locks, district):
                clear_staging(home.snapshots / district)
                with store.write() as connection:
                    close_interrupted(connection, actor, district)
        except Busy:
            continue


def close_interrupted(connection: Connection, actor: Actor, district: str) -> None:
    """Close a district's runs that are under way. The caller holds the district's lock."""
    for row in runs.in_states(connection, district, UNDER_WAY):
        runs.move(
            connection,
            actor,
            row,
            RunState.CANCELLED,
            message="Interrupted: its process ended. Nothing was changed.",
        )
