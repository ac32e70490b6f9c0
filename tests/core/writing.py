"""Changes straight into a directory, past comparison and judging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import Connection, func, select

from rollbook.changes.sequence import Changes
from rollbook.directory import changesets
from rollbook.directory.apply import apply_lanes
from rollbook.directory.tables import changes as changes_table
from rollbook.directory.tables import lanes as lanes_table
from rollbook.roster.changes import Change
from rollbook.runs.lanes import Lanes
from rollbook.runs.saving import returning, saved_rows

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
    held = Changes.of(changes)
    numbers = np.zeros(len(held), np.int32)
    [planned] = Lanes(((None, (), None),), numbers).planned(held)
    changesets.save_lanes(connection, run, [replace(planned, number=lane)])
    versions, marks = returning(connection, district, held), [(None, None)] * len(held)
    rows = saved_rows(run, held, numbers + lane, versions, marks)
    changesets.save(connection, ((run, first + row[1], *row[2:]) for row in rows))
    generation = apply_lanes(connection, district, run, [lane], expected)
    changesets.mark_applied(connection, run, [lane], generation, _AT)
    return generation
