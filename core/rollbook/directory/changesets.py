"""The saved changes of a run: what was shown is what is applied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, false, func, insert, or_, select, update

from rollbook.directory.records import batches
from rollbook.directory.tables import changes, holds
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.states import UNDECIDED, HoldState


@dataclass(frozen=True, slots=True)
class SavedChange:
    """A change of a run with what it waits for.

    ``derived`` says that it waits because another change does, not for a reason of its own.
    """

    seq: int
    change: Change
    hold: str | None
    pause: str | None
    derived: bool
    applied_in: int | None


def save(connection: Connection, run: str, saved: Sequence[SavedChange]) -> None:
    """Keep the changes of a run."""
    rows = [
        {
            "run": run,
            "seq": item.seq,
            "kind": item.change.kind,
            "verb": item.change.verb,
            "record_id": item.change.id,
            "school": item.change.school,
            "role": item.change.role,
            "label": item.change.label,
            "before": item.change.before,
            "after": item.change.after,
            "before_version": item.change.before_version,
            "merged_into": item.change.merged_into,
            "hold": item.hold,
            "pause": item.pause,
            "derived": item.derived,
        }
        for item in saved
    ]
    if rows:
        connection.execute(insert(changes), rows)


def from_row(row: Row[Any]) -> SavedChange:
    """A row of the table as a value."""
    return SavedChange(
        seq=row.seq,
        change=Change(
            kind=Kind(row.kind),
            verb=Verb(row.verb),
            id=row.record_id,
            before=row.before,
            after=row.after,
            school=row.school,
            role=RoleGroup(row.role) if row.role else None,
            label=row.label,
            before_version=row.before_version,
            merged_into=row.merged_into,
        ),
        hold=row.hold,
        pause=row.pause,
        derived=row.derived,
        applied_in=row.applied_in,
    )


def not_applied(connection: Connection, run: str) -> list[SavedChange]:
    """The changes of a run that have not been applied, in order."""
    query = (
        select(changes)
        .where(changes.c.run == run, changes.c.applied_in.is_(None))
        .order_by(changes.c.seq)
    )
    return [from_row(row) for row in connection.execute(query)]


def mark_applied(connection: Connection, run: str, seqs: Iterable[int], generation: int) -> None:
    """Note that changes have gone in with a generation."""
    for batch in batches(map(str, seqs)):
        connection.execute(
            update(changes)
            .where(changes.c.run == run, changes.c.seq.in_([int(seq) for seq in batch]))
            .values(applied_in=generation)
        )


def rewait(connection: Connection, run: str, waiting: Iterable[SavedChange]) -> None:
    """Write down what changes wait for by now."""
    for item in waiting:
        connection.execute(
            update(changes)
            .where(changes.c.run == run, changes.c.seq == item.seq)
            .values(hold=item.hold, pause=item.pause, derived=item.derived)
        )


def lane_condition(lane: str, whole_run_hold: bool) -> Any:
    """The SQL condition for a lane: applied, paused, held, rejected or ready."""
    waiting = changes.c.applied_in.is_(None)
    unpaused = and_(waiting, changes.c.pause.is_(None))
    undecided = changes.c.hold.in_(select(holds.c.id).where(holds.c.state.in_(sorted(UNDECIDED))))
    turned_down = changes.c.hold.in_(select(holds.c.id).where(holds.c.state == HoldState.REJECTED))
    free = or_(changes.c.hold.is_(None), and_(~undecided, ~turned_down))
    conditions = {
        "applied": ~waiting,
        "paused": and_(waiting, changes.c.pause.is_not(None)),
        "held": unpaused if whole_run_hold else and_(unpaused, undecided),
        "rejected": and_(unpaused, turned_down),
        "ready": false() if whole_run_hold else and_(unpaused, free),
    }
    return conditions[lane]


def count_by(connection: Connection, run: str, condition: Any) -> dict[Kind, dict[Verb, int]]:
    """Changes of a run under a condition, by kind and verb."""
    query = (
        select(changes.c.kind, changes.c.verb, func.count().label("n"))
        .where(changes.c.run == run, condition)
        .group_by(changes.c.kind, changes.c.verb)
    )
    found: dict[Kind, dict[Verb, int]] = {}
    for row in connection.execute(query):
        found.setdefault(Kind(row.kind), {})[Verb(row.verb)] = row.n
    return found


def count(connection: Connection, run: str, condition: Any) -> int:
    """Changes of a run under a condition."""
    query = select(func.count()).select_from(changes).where(changes.c.run == run, condition)
    return connection.execute(query).scalar_one()


def count_by_school(
    connection: Connection, run: str, condition: Any
) -> dict[tuple[str | None, Kind], int]:
    """Changes of a run under a condition, by school and kind."""
    query = (
        select(changes.c.school, changes.c.kind, func.count().label("n"))
        .where(changes.c.run == run, condition)
        .group_by(changes.c.school, changes.c.kind)
    )
    return {(row.school, Kind(row.kind)): row.n for row in connection.execute(query)}


def matching(
    run: str,
    *,
    kind: Kind | None = None,
    verb: Verb | None = None,
    school: str | None = None,
    search: str | None = None,
    hold: str | None = None,
    condition: Any = None,
) -> Select[Any]:
    """The query for the changes of a run that fit all that is given, in order."""
    query = select(changes).where(changes.c.run == run).order_by(changes.c.seq)
    if kind is not None:
        query = query.where(changes.c.kind == kind)
    if verb is not None:
        query = query.where(changes.c.verb == verb)
    if school is not None:
        query = query.where(changes.c.school == school)
    if hold is not None:
        query = query.where(changes.c.hold == hold)
    if search:
        query = query.where(
            or_(
                changes.c.label.icontains(search, autoescape=True),
                changes.c.record_id.icontains(search, autoescape=True),
            )
        )
    if condition is not None:
        query = query.where(condition)
    return query


def pauses_of(connection: Connection, run: str) -> list[str]:
    """The pauses that keep changes of a run back."""
    query = (
        select(changes.c.pause)
        .where(changes.c.run == run, changes.c.pause.is_not(None))
        .distinct()
        .order_by(changes.c.pause)
    )
    return list(connection.execute(query).scalars())
