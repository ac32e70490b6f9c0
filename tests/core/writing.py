"""Changes straight into a directory, past comparison and judging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from rollbook.directory import changesets
from rollbook.directory.apply import apply_lanes
from rollbook.directory.records import departed_versions
from rollbook.directory.tables import changes as changes_table
from rollbook.directory.tables import lanes as lanes_table
from rollbook.roster.changes import Change, Verb
from rollbook.runs.lanes import Lanes

_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def apply_changes(
    connection: Connection, district: str, run: str, changes: Sequence[Change], expected: int
) -> int:
    """Save ``changes`` as one more lane of the run and apply it; returns the next generation."""
    lane, first = (
        connection.execute(
            select(func.count()).select_from(table).where(table.c.run == run)
        ).scalar_one()
        for table in (lanes_table, changes_table)
    )
    left = departed_versions(connection, district, changes)
    known = [
        change._replace(before_version=left.get(change.key)) if change.verb is Verb.ADD else change
        for change in changes
    ]
    [planned] = Lanes(((None, ()),), [0] * len(changes)).planned(changes)
    changesets.save_lanes(connection, run, [replace(planned, number=lane)])
    changesets.save(
        connection, run, ((first + at, lane, change, None) for at, change in enumerate(known))
    )
    generation = apply_lanes(connection, district, run, [lane], expected)
    changesets.mark_applied(connection, run, [lane], generation, _AT)
    return generation
