"""The rows of approvals that count no more, though nobody took them back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, exists, insert, select

from rollbook.directory.tables import approvals, holds, runs, voided_approvals
from rollbook.roster.states import WAITING

Key = tuple[str, str, datetime]
"""A hold, who approved it, and when."""


def void_unused(connection: Connection, at: datetime, why: str) -> int:
    """Void every approval that was given and not used, of runs that wait; how many."""
    voided = voided_approvals.c
    same = (
        (voided.hold == approvals.c.hold)
        & (voided.who == approvals.c.who)
        & (voided.at == approvals.c.at)
    )
    query = (
        select(approvals.c.hold, approvals.c.who, approvals.c.at)
        .join(holds, holds.c.id == approvals.c.hold)
        .join(runs, runs.c.id == holds.c.run)
        .where(
            approvals.c.consumed_in.is_(None),
            runs.c.state.in_(sorted(WAITING)),
            ~exists().where(same),
        )
    )
    found = [
        {"hold": row.hold, "who": row.who, "at": row.at, "voided_at": at, "why": why}
        for row in connection.execute(query)
    ]
    if found:
        connection.execute(insert(voided_approvals), found)
    return len(found)


def among(connection: Connection, ids: Collection[str]) -> set[Key]:
    """The voided approvals of some holds."""
    query = select(voided_approvals).where(voided_approvals.c.hold.in_(ids))
    return {(row.hold, row.who, row.at) for row in connection.execute(query)}
