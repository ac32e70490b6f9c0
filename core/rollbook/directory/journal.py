"""Reading the journal: what a run wrote, with the state before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, func, select

from rollbook.directory.among import among
from rollbook.directory.records import batches
from rollbook.directory.tables import changes, lanes, runs
from rollbook.roster.kinds import Kind

JournalRow = Row[Any]


class LaterWrite(NamedTuple):
    """A write of a record: the run that it is of, and the run that this one undoes, if any."""

    run: str
    undo_of: str | None


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


def written_since(
    connection: Connection, district: str, generation: int, kind: Kind, ids: Iterable[str]
) -> dict[str, list[LaterWrite]]:
    """The writes of some records after a generation of their district, oldest first."""
    found: dict[str, list[LaterWrite]] = {}
    for batch in batches(ids):
        query = (
            select(changes.c.record_id, changes.c.run, runs.c.undo_of)
            .join(lanes, and_(lanes.c.run == changes.c.run, lanes.c.number == changes.c.lane))
            .join(runs, runs.c.id == changes.c.run)
            .where(
                runs.c.district == district,
                lanes.c.applied_in > generation,
                changes.c.kind == kind,
                among(connection, changes.c.record_id, batch),
            )
            .order_by(lanes.c.applied_in)
        )
        for row in connection.execute(query):
            found.setdefault(row.record_id, []).append(LaterWrite(row.run, row.undo_of))
    return found
