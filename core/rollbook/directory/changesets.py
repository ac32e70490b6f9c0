"""The saved changes of a run: what was shown is what is applied.

A change never changes once it is saved. What it waits for, and whether it has gone in, stands on
its lane: the changes of a run that wait for the same pause or the same holds, and go in together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from rollbook.directory.bulk import insert_rows
from rollbook.directory.tables import changes, confirmations, holds, lane_counts, lane_holds, lanes
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import KIND_ORDER, Kind, RoleGroup
from rollbook.roster.states import UNDECIDED, HoldState

CountKey = tuple[Kind, Verb, str | None, RoleGroup | None, bool]
"""Kind, verb, school, role group, and whether it takes something away from somebody."""


@dataclass(frozen=True, slots=True)
class PlannedLane:
    """A lane as it is saved: the pause or the holds that it waits for, its counts, and the plan
    that expects its changes, where one does."""

    number: int
    pause: str | None
    holds: tuple[str, ...]
    counts: Mapping[CountKey, int]
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class SavedLane:
    """A lane as it stands, with the holds that it waits for in the order of their weight."""

    number: int
    pause: str | None
    applied_in: int | None
    holds: tuple[str, ...]
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The hash of a source line, and the number of the set of notes that its reading made."""

    hash: int
    noted: int | None = None


Mark = tuple[int | None, int | None]
"""The hash and the notes of a fingerprint, or nothing in both places."""

SavedChange = tuple[
    str,
    int,
    int,
    str,
    str,
    str,
    str | None,
    str | None,
    str,
    str | None,
    str | None,
    int | None,
    str | None,
    int | None,
    int | None,
]
"""A change as it is saved: its run, its number and its lane; kind, verb, id, school, role, label,
before and after as JSON, the version before, and the successor, as in ``Change``; the hash and the
notes of the fingerprint that it brings."""


def save_lanes(connection: Connection, run: str, planned: Sequence[PlannedLane]) -> None:
    """Keep the lanes of a run with their counts. The holds that they name are there already."""
    if not planned:
        return
    connection.execute(
        insert(lanes),
        [
            {"run": run, "number": lane.number, "pause": lane.pause, "plan": lane.plan}
            for lane in planned
        ],
    )
    waiting = [
        {"run": run, "lane": lane.number, "hold": hold, "position": position}
        for lane in planned
        for position, hold in enumerate(lane.holds)
    ]
    if waiting:
        connection.execute(insert(lane_holds), waiting)
    counts = [
        {
            "run": run,
            "lane": lane.number,
            "kind": kind,
            "verb": verb,
            "school": school or "",
            "role": role or "",
            "takes_away": takes_away,
            "changes": number,
        }
        for lane in planned
        for (kind, verb, school, role, takes_away), number in lane.counts.items()
    ]
    if counts:
        connection.execute(insert(lane_counts), counts)


def save(connection: Connection, saved: Iterable[SavedChange]) -> None:
    """Keep the changes of a run."""
    names = [column.name for column in changes.columns]
    insert_rows(connection, changes, names, saved, as_they_are={"before", "after"})


def save_confirmations(
    connection: Connection,
    run: str,
    found: Iterable[tuple[int, Kind, str, Fingerprint]],
) -> None:
    """Keep the fingerprints that records get, themselves unchanged, when a lane goes in."""
    insert_rows(
        connection,
        confirmations,
        ["run", "lane", "kind", "record_id", "fingerprint", "noted"],
        ((run, lane, kind, record, mark.hash, mark.noted) for lane, kind, record, mark in found),
    )


def change_of(row: Row[Any]) -> Change:
    """A row of the table as a change."""
    return Change(
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
    )


def lanes_of(connection: Connection, run: str) -> dict[int, SavedLane]:
    """The lanes of a run by number."""
    waiting: dict[int, list[str]] = {}
    for row in connection.execute(_HOLDS_OF_LANES, {"run": run}):
        waiting.setdefault(row.lane, []).append(row.hold)
    found = connection.execute(_LANES, {"run": run})
    return {
        row.number: SavedLane(
            row.number, row.pause, row.applied_in, tuple(waiting.get(row.number, ())), row.plan
        )
        for row in found
    }


_LANES = select(lanes).where(lanes.c.run == bindparam("run")).order_by(lanes.c.number)
_HOLDS_OF_LANES = (
    select(lane_holds).where(lane_holds.c.run == bindparam("run")).order_by(lane_holds.c.position)
)


def changes_in(connection: Connection, run: str, numbers: Iterable[int]) -> Iterable[Change]:
    """The changes of some lanes, in order, streamed."""
    query = (
        select(changes)
        .where(changes.c.run == run, changes.c.lane.in_(sorted(numbers)))
        .order_by(changes.c.seq)
    )
    for row in connection.execute(query, execution_options={"yield_per": 2000}):
        yield change_of(row)


def mark_applied(
    connection: Connection, run: str, numbers: Iterable[int], generation: int, at: datetime
) -> None:
    """Note that lanes have gone in with a generation."""
    connection.execute(
        update(lanes)
        .where(lanes.c.run == run, lanes.c.number.in_(sorted(numbers)))
        .values(applied_in=generation, applied_at=at)
    )


def lane_condition(lane: str, whole_run_hold: bool) -> Any:
    """The SQL condition on ``lanes`` for being applied, paused, held, rejected or ready."""

    def behind(*states: str) -> Any:
        return exists().where(
            lane_holds.c.run == lanes.c.run,
            lane_holds.c.lane == lanes.c.number,
            lane_holds.c.hold == holds.c.id,
            holds.c.state.in_(states),
        )

    waiting = lanes.c.applied_in.is_(None)
    unpaused = and_(waiting, lanes.c.pause.is_(None))
    undecided = behind(*sorted(UNDECIDED))
    turned_down = behind(HoldState.REJECTED)
    conditions = {
        "applied": ~waiting,
        "paused": and_(waiting, lanes.c.pause.is_not(None)),
        "held": unpaused if whole_run_hold else and_(unpaused, undecided, ~turned_down),
        "rejected": and_(unpaused, turned_down),
        "ready": false() if whole_run_hold else and_(unpaused, ~undecided, ~turned_down),
    }
    return conditions[lane]


def _counted(run: str, condition: Any, *by: Any) -> Select[Any]:
    return (
        select(*by, func.coalesce(func.sum(lane_counts.c.changes), 0).label("n"))
        .select_from(lane_counts)
        .join(lanes, and_(lanes.c.run == lane_counts.c.run, lanes.c.number == lane_counts.c.lane))
        .where(lane_counts.c.run == run, condition)
        .group_by(*by)
    )


def count_by(connection: Connection, run: str, condition: Any) -> dict[Kind, dict[Verb, int]]:
    """Changes of a run under a condition on its lanes, by kind and verb."""
    found: dict[Kind, dict[Verb, int]] = {}
    query = _counted(run, condition, lane_counts.c.kind, lane_counts.c.verb)
    for row in connection.execute(query):
        found.setdefault(Kind(row.kind), {})[Verb(row.verb)] = row.n
    return found


def count(connection: Connection, run: str, condition: Any) -> int:
    """Changes of a run under a condition on its lanes."""
    return int(connection.execute(_counted(run, condition)).scalar_one_or_none() or 0)


def gone_in(connection: Connection, run: str) -> dict[tuple[Kind, Verb, str | None], int]:
    """The changes of a run that have gone in, by kind, verb and school."""
    by = (lane_counts.c.kind, lane_counts.c.verb, lane_counts.c.school)
    rows = connection.execute(_counted(run, lane_condition("applied", False), *by))
    return {(Kind(row.kind), Verb(row.verb), row.school or None): row.n for row in rows}


def matching(
    run: str,
    *,
    kind: Kind | None = None,
    span: range | None = None,
    verb: Verb | None = None,
    school: str | None = None,
    search: str | None = None,
    hold: str | None = None,
    condition: Any = None,
) -> Select[Any]:
    """The query for the changes of a run that fit all that is given, in order.

    ``span`` is where the changes of the kind stand, where that is known.
    """
    query = select(changes).where(changes.c.run == run).order_by(changes.c.seq)
    if span is not None:
        query = query.where(changes.c.seq >= span.start, changes.c.seq < span.stop)
    elif kind is not None:
        query = query.where(changes.c.kind == kind)
    if verb is not None:
        query = query.where(changes.c.verb == verb)
    if school is not None:
        query = query.where(changes.c.school == school)
    if hold is not None:
        behind = select(lane_holds.c.lane).where(lane_holds.c.run == run, lane_holds.c.hold == hold)
        query = query.where(changes.c.lane.in_(behind))
    if search:
        query = query.where(
            or_(
                changes.c.label.icontains(search, autoescape=True),
                changes.c.record_id.icontains(search, autoescape=True),
            )
        )
    if condition is not None:
        chosen = select(lanes.c.number).where(lanes.c.run == run, condition)
        query = query.where(changes.c.lane.in_(chosen))
    return query


def number_of(connection: Connection, run: str) -> int:
    """How many changes a run has."""
    query = select(func.coalesce(func.sum(lane_counts.c.changes), 0)).where(
        lane_counts.c.run == run
    )
    return int(connection.execute(query).scalar_one())


def span_of(connection: Connection, run: str, kind: Kind) -> range | None:
    """The numbers of a run's changes of a kind, which are in order of kind; ``None`` if not."""
    query = select(lane_counts.c.kind, func.sum(lane_counts.c.changes).label("n"))
    counted = query.where(lane_counts.c.run == run).group_by(lane_counts.c.kind)
    numbers = {Kind(row.kind): int(row.n) for row in connection.execute(counted)}
    start = sum(n for other, n in numbers.items() if KIND_ORDER[other] < KIND_ORDER[kind])
    span = range(start, start + numbers.get(kind, 0))
    if not span:
        return span
    around = (span.start - 1, span.start, span.stop - 1, span.stop)
    there = select(changes.c.seq, changes.c.kind).where(
        changes.c.run == run, changes.c.seq.in_(around)
    )
    fits = all((row.seq in span) == (row.kind == kind) for row in connection.execute(there))
    return span if fits else None
