"""Reading the journal: what a run wrote, with the state before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from rollbook.directory.tables import journal

JournalRow = Row[Any]


def of_run(connection: Connection, run: str) -> list[JournalRow]:
    """Everything that a run wrote, in the order in which it was written."""
    query = (
        select(journal).where(journal.c.run == run).order_by(journal.c.generation, journal.c.seq)
    )
    return list(connection.execute(query))
