"""What syncs have taken and added of late, counted once when it is applied.

Only what nobody decided about is counted as taken: no rule held it. What an operator did at the
desk (an undo, a merge) and what was undone since is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
)

from rollbook.directory.audit import Actor
from rollbook.directory.runs import RunRow
from rollbook.directory.tables import changes, holds, losses, runs
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.states import HoldState, RunKind


@dataclass(frozen=True, slots=True)
class Lost:
    """What one applied run took from a kind, school and role group, and what it added there."""

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
    taken = and_(
        _takes_away(),
        changes.c.hold.is_(None) if seen is None else literal(False),
    )
    counted = (
        select(
            literal(run.district),
            literal(run.id),
            literal(generation),
            changes.c.kind,
            changes.c.school,
            changes.c.role,
            func.sum(case((taken, 1), else_=0)),
            func.sum(case((changes.c.verb == Verb.ADD, 1), else_=0)),
            literal(actor.at, losses.c.at.type),
        )
        .where(changes.c.run == run.id, changes.c.applied_in == generation)
        .group_by(changes.c.kind, changes.c.school, changes.c.role)
        .having(func.sum(case((or_(taken, changes.c.verb == Verb.ADD), 1), else_=0)) > 0)
    )
    columns = ("district", "run", "generation", "kind", "school", "role", "taken", "added", "at")
    connection.execute(insert(losses).from_select(columns, counted))


def _takes_away() -> Any:
    """As ``changes.access.takes_away``, but nothing is lost by what is linked to a successor."""
    return or_(
        and_(changes.c.verb == Verb.REMOVE, changes.c.merged_into.is_(None)),
        and_(
            changes.c.verb == Verb.UPDATE,
            or_(
                and_(
                    changes.c.kind == Kind.USER,
                    changes.c.after["enabled"].as_boolean().is_(False),
                ),
                and_(
                    changes.c.kind == Kind.ENROLLMENT,
                    or_(
                        changes.c.before["user_id"].as_string().is_not(None),
                        changes.c.before["class_id"].as_string().is_not(None),
                    ),
                ),
            ),
        ),
    )


def losses_since(connection: Connection, district: str, since: datetime) -> list[Lost]:
    """What was taken and added after a time by syncs that stand, that is, were not undone."""
    undone = _undone(connection, district)
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
        if row.run not in undone
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


def _undone(connection: Connection, district: str) -> set[str]:
    """The runs that were undone by a run that was not undone itself."""
    query = (
        select(runs.c.id, runs.c.undo_of)
        .where(
            runs.c.district == district,
            runs.c.undo_of.is_not(None),
            runs.c.expected_generation > runs.c.base_generation,
        )
        .order_by(runs.c.number.desc())
    )
    found: set[str] = set()
    for row in connection.execute(query):
        if row.id not in found:
            found.add(row.undo_of)
    return found
