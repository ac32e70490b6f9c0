"""What a dashboard shows of many districts, in a few queries however many they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from rollbook.directory import changesets
from rollbook.directory.pauses import PauseRow
from rollbook.directory.records import count_schools, count_students
from rollbook.directory.runs import RunRow
from rollbook.directory.tables import (
    districts,
    holds,
    lane_counts,
    lanes,
    notices,
    pauses,
    runs,
    tallies,
)
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.states import UNDECIDED, WAITING, RunKind

NEWEST = 5
"""Runs of a district that are looked at besides those that wait."""

_HEAVY = ("schools", "consequences", "expectation", "timings")
"""Columns of a run that no list shows and that may be long."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept of a district; runs are the newest first, without their longest columns."""

    generation: int
    duplicates: int
    students: int
    schools: int
    newest: tuple[RunRow, ...]
    waiting: tuple[RunRow, ...]
    last_applied_at: datetime | None
    pauses: tuple[PauseRow, ...]


@dataclass(frozen=True, slots=True)
class Waits:
    """What of a run waits: held by kind and verb, paused by kind, and its undecided holds."""

    held: dict[tuple[Kind, Verb], int]
    paused: dict[Kind, int]
    open_holds: int


def standings(connection: Connection, ids: Collection[str]) -> dict[str, Standing]:
    """How each of some districts stands; one that was never synced has nothing but zeros."""
    kept = {
        row.id: row
        for row in connection.execute(
            select(
                districts.c.id, districts.c.generation, districts.c.duplicates, _last_applied()
            ).where(districts.c.id.in_(ids))
        )
    }
    people = _people(connection, ids)
    newest = _by_district(_newest(connection, ids))
    waiting = _by_district(_waiting(connection, ids))
    paused = _by_district(
        connection.execute(
            select(pauses)
            .where(pauses.c.district.in_(ids))
            .order_by(pauses.c.district, pauses.c.number)
        )
    )
    found: dict[str, Standing] = {}
    for id_ in ids:
        row = kept.get(id_)
        if row is not None and row.generation and id_ not in people:
            people[id_] = count_students(connection, id_), count_schools(connection, id_)
        students, schools = people.get(id_, (0, 0))
        found[id_] = Standing(
            generation=row.generation if row else 0,
            duplicates=(row.duplicates or 0) if row else 0,
            students=students,
            schools=schools,
            newest=tuple(newest.get(id_, ())),
            waiting=tuple(waiting.get(id_, ())),
            last_applied_at=row.applied_at if row else None,
            pauses=tuple(paused.get(id_, ())),
        )
    return found


def waits(connection: Connection, ids: Collection[str]) -> dict[str, Waits]:
    """What waits of each of some runs; of one that is over, what its holds had kept back."""
    undecided = {
        row.run: row
        for row in connection.execute(
            select(
                holds.c.run,
                func.count().label("number"),
                func.count().filter(holds.c.whole_run).label("whole"),
            )
            .where(holds.c.run.in_(ids), holds.c.state.in_(sorted(UNDECIDED)))
            .group_by(holds.c.run)
        )
    }
    found = {id_: Waits({}, {}, undecided[id_].number if id_ in undecided else 0) for id_ in ids}
    whole = [id_ for id_, row in undecided.items() if row.whole]
    held = or_(
        and_(lanes.c.run.in_(whole), changesets.lane_condition("held", True)),
        and_(lanes.c.run.not_in(whole), changesets.lane_condition("held", False)),
    )
    for run, kind, verb, number in _counted(connection, ids, held):
        found[run].held[kind, verb] = number
    for run, kind, _, number in _counted(
        connection, ids, changesets.lane_condition("paused", False)
    ):
        found[run].paused[kind] = found[run].paused.get(kind, 0) + number
    return found


def _counted(
    connection: Connection, ids: Collection[str], condition: Any
) -> Iterable[tuple[str, Kind, Verb, int]]:
    by = (lane_counts.c.run, lane_counts.c.kind, lane_counts.c.verb)
    query = (
        select(*by, func.sum(lane_counts.c.changes))
        .join(lanes, and_(lanes.c.run == lane_counts.c.run, lanes.c.number == lane_counts.c.lane))
        .where(lane_counts.c.run.in_(ids), condition)
        .group_by(*by)
    )
    for run, kind, verb, number in connection.execute(query):
        yield run, Kind(kind), Verb(verb), int(number)


def _last_applied() -> Any:
    """When the newest sync that wrote a district's directory did so."""
    return (
        select(runs.c.applied_at)
        .where(
            runs.c.district == districts.c.id,
            runs.c.kind == RunKind.SYNC,
            runs.c.expected_generation > runs.c.base_generation,
        )
        .order_by(runs.c.number.desc())
        .limit(1)
        .scalar_subquery()
        .label("applied_at")
    )


def _light() -> list[Any]:
    return [column for column in runs.columns if column.name not in _HEAVY]


def _newest(connection: Connection, ids: Collection[str]) -> list[RunRow]:
    last = runs.alias()
    number = (
        select(func.max(last.c.number)).where(last.c.district == districts.c.id).scalar_subquery()
    )
    query = (
        select(*_light())
        .select_from(districts)
        .join(runs, and_(runs.c.district == districts.c.id, runs.c.number > number - NEWEST))
        .where(districts.c.id.in_(ids))
    )
    rows = connection.execute(query)
    return sorted(rows, key=lambda row: (row.created_at, row.number), reverse=True)


def _waiting(connection: Connection, ids: Collection[str]) -> list[RunRow]:
    query = select(*_light()).where(runs.c.district.in_(ids), runs.c.state.in_(sorted(WAITING)))
    return list(connection.execute(query.order_by(runs.c.number)))


def _people(connection: Connection, ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """Live students and schools by district, as they are tallied."""
    students = and_(tallies.c.kind == Kind.USER, tallies.c.role == RoleGroup.STUDENT)
    schools = and_(tallies.c.kind == Kind.ORG, tallies.c.school != "")
    query = (
        select(
            tallies.c.district,
            func.coalesce(func.sum(tallies.c.records).filter(students), 0).label("students"),
            func.coalesce(func.sum(tallies.c.records).filter(schools), 0).label("schools"),
        )
        .where(tallies.c.district.in_(ids))
        .group_by(tallies.c.district)
    )
    return {r.district: (int(r.students), int(r.schools)) for r in connection.execute(query)}


def _by_district(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row.district, []).append(row)
    return found


def count_undecided(connection: Connection, at: datetime) -> int:
    """The holds of all districts that wait for a decision at a time."""
    query = select(func.count()).where(
        holds.c.state.in_(sorted(UNDECIDED)), holds.c.expires_at > at
    )
    return int(connection.execute(query).scalar_one())


def count_waiting(connection: Connection, at: datetime) -> int:
    """The runs of all districts that wait for a person at a time."""
    query = select(func.count()).where(runs.c.state.in_(sorted(WAITING)), runs.c.expires_at > at)
    return int(connection.execute(query).scalar_one())


def count_notices(connection: Connection) -> dict[str, int]:
    """Notices by state."""
    query = select(notices.c.state, func.count()).group_by(notices.c.state)
    return {state: int(count) for state, count in connection.execute(query)}
