"""What syncs have taken and added of late, counted once when it is applied.

Only what nobody decided about is counted as taken: no rule held it and no plan expected it. What
was removed otherwise comes off what was added, else a new term would make so many more seats of it.
What an operator did at the desk (an undo, a merge) and what was undone since is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Connection,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
)

from rollbook.directory.audit import Actor
from rollbook.directory.runs import RunRow
from rollbook.directory.tables import holds, lane_counts, lane_holds, lanes, losses, runs
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.states import HoldState, RunKind


@dataclass(frozen=True, slots=True)
class Lost:
    """What one applied run took from a kind, school and role group, and what it added there, less
    what it removed with somebody's leave."""

    kind: Kind
    school: str | None
    role: RoleGroup | None
    taken: int
    added: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A scope whose losses up to a time a person has approved as a whole (R3)."""

    kind: Kind
    school: str | None
    role: RoleGroup | None
    closed_at: datetime


def note_applied(connection: Connection, actor: Actor, run: RunRow, generation: int) -> None:
    """Count what a sync has just applied with a generation.

    The first load of a directory is left out: there was nothing that it could have taken.
    """
    if run.kind != RunKind.SYNC or not run.base_generation:
        return
    seen = connection.execute(
        select(holds.c.id).where(holds.c.run == run.id, holds.c.whole_run).limit(1)
    ).first()
    unseen = and_(
        ~exists().where(lane_holds.c.run == lanes.c.run, lane_holds.c.lane == lanes.c.number),
        lanes.c.plan.is_(None),
    )
    taken = and_(lane_counts.c.takes_away, unseen if seen is None else literal(False))
    added = lane_counts.c.verb == Verb.ADD
    decided = and_(lane_counts.c.verb == Verb.REMOVE, not_(taken))
    number = lane_counts.c.changes
    school, role = (func.nullif(lane_counts.c[name], "") for name in ("school", "role"))
    counted = (
        select(
            literal(run.district),
            literal(run.id),
            literal(generation),
            lane_counts.c.kind,
            school,
            role,
            func.sum(case((taken, number), else_=0)),
            func.sum(case((added, number), (decided, -number), else_=0)),
            literal(actor.at, losses.c.at.type),
        )
        .join(lanes, and_(lanes.c.run == lane_counts.c.run, lanes.c.number == lane_counts.c.lane))
        .where(lane_counts.c.run == run.id, lanes.c.applied_in == generation)
        .group_by(lane_counts.c.kind, lane_counts.c.school, lane_counts.c.role)
        .having(func.sum(case((or_(taken, added, decided), number), else_=0)) > 0)
    )
    columns = ("district", "run", "generation", "kind", "school", "role", "taken", "added", "at")
    connection.execute(insert(losses).from_select(columns, counted))


def losses_since(connection: Connection, district: str, since: datetime) -> list[Lost]:
    """What was taken and added after a time by syncs that stand, that is, were not undone."""
    taken_back = undone(connection, district)
    query = select(losses).where(losses.c.district == district, losses.c.at > since)
    return [
        Lost(
            kind=Kind(row.kind),
            school=row.school,
            role=RoleGroup(row.role) if row.role else None,
            taken=row.taken,
            added=row.added,
            at=row.at,
        )
        for row in connection.execute(query.order_by(losses.c.row))
        if row.run not in taken_back
    ]


def accounts_since(connection: Connection, district: str, since: datetime) -> list[Account]:
    """The scopes of the R3 holds that were approved after a time."""
    query = select(holds).where(
        holds.c.district == district,
        holds.c.rule == "R3",
        holds.c.state == HoldState.APPROVED,
        holds.c.decided_at > since,
    )
    return [
        Account(
            kind=Kind(row.kind),
            school=row.school,
            role=RoleGroup(row.role) if row.role else None,
            closed_at=row.decided_at,
        )
        for row in connection.execute(query)
    ]


def undone(connection: Connection, district: str) -> dict[str, str]:
    """The runs that were undone, each with the run that did it and was not undone itself."""
    query = (
        select(runs.c.id, runs.c.undo_of)
        .where(
            runs.c.district == district,
            runs.c.undo_of.is_not(None),
            runs.c.expected_generation > runs.c.base_generation,
        )
        .order_by(runs.c.number.desc())
    )
    found: dict[str, str] = {}
    for row in connection.execute(query):
        if row.id not in found:
            found[row.undo_of] = row.id
    return found
