"""What runs did to accounts before, as far as it decides what is held now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from rollbook.directory.tables import account_counts, holds, lane_holds, lanes, runs
from rollbook.roster.accounts import AccountVerb
from rollbook.roster.states import HoldState, RunKind


def renamed_since(connection: Connection, district: str, since: datetime) -> int:
    """Accounts renamed by syncs after a time that nobody approved by C1, less undone runs."""
    undone = select(runs.c.undo_of).where(
        runs.c.district == district, runs.c.undo_of.is_not(None), runs.c.applied_at.is_not(None)
    )
    approved = (
        select(lane_holds.c.hold)
        .join(holds, holds.c.id == lane_holds.c.hold)
        .where(
            lane_holds.c.run == lanes.c.run,
            lane_holds.c.lane == lanes.c.number,
            holds.c.rule == "C1",
        )
    )
    query = (
        select(func.sum(account_counts.c.changes))
        .select_from(lanes)
        .join(
            account_counts,
            and_(account_counts.c.run == lanes.c.run, account_counts.c.lane == lanes.c.number),
        )
        .join(runs, runs.c.id == lanes.c.run)
        .where(
            lanes.c.applied_at > since,
            account_counts.c.verb.in_((AccountVerb.RENAME, AccountVerb.VACATE)),
            runs.c.district == district,
            runs.c.kind == RunKind.SYNC,
            runs.c.id.not_in(undone),
            ~approved.exists(),
        )
    )
    return int(connection.execute(query).scalar_one() or 0)


def last_rename_hold(connection: Connection, district: str) -> tuple[bool, datetime] | None:
    """Whether the newest C1 hold of renames was approved, and when it was decided or raised."""
    query = (
        select(holds.c.state, holds.c.decided_at, holds.c.created_at)
        .where(holds.c.district == district, holds.c.rule == "C1", holds.c.role.is_(None))
        .order_by(holds.c.created_at.desc(), holds.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return row.state == HoldState.APPROVED, row.decided_at or row.created_at
