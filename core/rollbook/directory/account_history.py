"""What runs did to accounts before, as far as it decides what is held now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select

from rollbook.directory.tables import (
    account_changes,
    account_counts,
    holds,
    lane_holds,
    lanes,
    runs,
)
from rollbook.roster.accounts import AccountVerb
from rollbook.roster.states import HoldState, RunKind


def _undone(district: str) -> Select[tuple[str]]:
    return select(runs.c.undo_of).where(
        runs.c.district == district, runs.c.undo_of.is_not(None), runs.c.applied_at.is_not(None)
    )


def went_in_unseen(
    connection: Connection,
    district: str,
    rule: str,
    verbs: Collection[AccountVerb],
    since: datetime,
) -> int:
    """Account changes of some verbs that syncs put in after a time and that count for ``rule``
    (renames that no plan excused for C1, sudden suspensions for C8), less what was approved by a
    hold of it and less undone runs."""
    approved = (
        select(lane_holds.c.hold)
        .join(holds, holds.c.id == lane_holds.c.hold)
        .where(
            lane_holds.c.run == lanes.c.run,
            lane_holds.c.lane == lanes.c.number,
            holds.c.rule == rule,
        )
    )
    query = (
        select(func.sum(account_counts.c.adding_up))
        .select_from(lanes)
        .join(
            account_counts,
            and_(account_counts.c.run == lanes.c.run, account_counts.c.lane == lanes.c.number),
        )
        .join(runs, runs.c.id == lanes.c.run)
        .where(
            lanes.c.applied_at > since,
            account_counts.c.verb.in_(sorted(verbs)),
            runs.c.district == district,
            runs.c.kind == RunKind.SYNC,
            runs.c.id.not_in(_undone(district)),
            ~approved.exists(),
        )
    )
    return int(connection.execute(query).scalar_one() or 0)


def not_approved(
    connection: Connection,
    district: str,
    rule: str,
    verbs: Collection[AccountVerb],
    accounts: Iterable[str],
) -> int:
    """Of how many accounts the last change of some verbs that ``rule`` had a say in was kept back
    by a hold of it that nobody has approved. What waited with its record alone, it has let go; what
    waited for a pause, it has not seen.

    Goes from lane to lane, the newest run first, until all accounts are found: those who wait stand
    in the last run as a rule."""
    left = set(accounts)
    waits = 0
    for lane in connection.execute(_judged_lanes(district, rule, verbs)) if left else ():
        planned = select(account_changes.c.account).where(
            account_changes.c.run == lane.run,
            account_changes.c.lane == lane.number,
            account_changes.c.verb.in_(sorted(verbs)),
        )
        found = left.intersection(connection.execute(planned).scalars())
        waits += len(found) * lane.waits
        left -= found
        if not left:
            break
    return waits


def _judged_lanes(district: str, rule: str, verbs: Collection[AccountVerb]) -> Select[Any]:
    """The lanes with account changes of some verbs, newest run first, from the first run on in
    which a hold of a rule was not approved, and whether such a hold is over them."""
    open_holds = and_(
        holds.c.district == district, holds.c.rule == rule, holds.c.state != HoldState.APPROVED
    )
    first = (
        select(func.min(runs.c.number))
        .join(holds, holds.c.run == runs.c.id)
        .where(open_holds)
        .scalar_subquery()
    )
    over = (
        select(lane_holds.c.hold)
        .join(holds, holds.c.id == lane_holds.c.hold)
        .where(lane_holds.c.run == lanes.c.run, lane_holds.c.lane == lanes.c.number, open_holds)
    )
    counted = select(account_counts.c.verb).where(
        account_counts.c.run == lanes.c.run,
        account_counts.c.lane == lanes.c.number,
        account_counts.c.verb.in_(sorted(verbs)),
    )
    return (
        select(lanes.c.run, lanes.c.number, over.exists().label("waits"))
        .join(runs, runs.c.id == lanes.c.run)
        .where(
            runs.c.district == district,
            runs.c.number >= first,
            or_(lanes.c.pause.is_(None), lanes.c.applied_in.is_not(None)),
            counted.exists(),
        )
        .order_by(runs.c.number.desc())
    )


def last_hold(connection: Connection, district: str, rule: str) -> tuple[bool, datetime] | None:
    """Whether the newest hold of C1 or C8, first accounts left out, was approved, and when it was
    decided or raised."""
    query = (
        select(holds.c.state, holds.c.decided_at, holds.c.created_at)
        .where(holds.c.district == district, holds.c.rule == rule, holds.c.role.is_(None))
        .order_by(holds.c.created_at.desc(), holds.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return row.state == HoldState.APPROVED, row.decided_at or row.created_at
