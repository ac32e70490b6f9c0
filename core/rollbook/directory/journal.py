"""Reading the journal: what a run wrote, with the state before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from rollbook.directory.tables import changes, lanes

JournalRow = Row[Any]


def of_run(connection: Connection, run: str) -> list[JournalRow]:
    """Everything that a run wrote, in the order in which it was written.

    ``version`` is the version that the record got, ``generation`` the directory's.
    """
    query = (
        select(
            changes.c.kind,
            changes.c.verb,
            changes.c.record_id,
            changes.c.before,
            changes.c.after,
            changes.c.merged_into,
            (func.coalesce(changes.c.before_version, 0) + 1).label("version"),
            lanes.c.applied_in.label("generation"),
        )
        .join(lanes, and_(lanes.c.run == changes.c.run, lanes.c.number == changes.c.lane))
        .where(changes.c.run == run, lanes.c.applied_in.is_not(None))
        .order_by(lanes.c.applied_in, changes.c.seq)
    )
    return list(connection.execute(query))
