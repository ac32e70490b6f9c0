"""Who is in classes and who teaches them, as the directory has it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from rollbook.directory.among import among
from rollbook.directory.records import batches
from rollbook.directory.tables import RECORD_TABLES, changes, lanes, runs
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

_SEATS = RECORD_TABLES[Kind.ENROLLMENT]


def students_in(connection: Connection, district: str, classes: Iterable[str]) -> dict[str, int]:
    """How many students each of some classes has."""
    found: dict[str, int] = {}
    for batch in batches(classes):
        query = (
            select(_SEATS.c.class_id, func.count(_SEATS.c.user_id.distinct()).label("n"))
            .where(
                _SEATS.c.district == district,
                among(connection, _SEATS.c.class_id, batch),
                _SEATS.c.removed_in.is_(None),
                _SEATS.c.role == "student",
            )
            .group_by(_SEATS.c.class_id)
        )
        found |= {row.class_id: row.n for row in connection.execute(query)}
    return found


def staff_of(
    connection: Connection, district: str, classes: Iterable[str]
) -> dict[str, frozenset[str]]:
    """The ids of those who teach or assist in each of some classes."""
    found: dict[str, set[str]] = {}
    for batch in batches(classes):
        query = select(_SEATS.c.class_id, _SEATS.c.user_id).where(
            _SEATS.c.district == district,
            among(connection, _SEATS.c.class_id, batch),
            _SEATS.c.removed_in.is_(None),
            _SEATS.c.role != "student",
        )
        for row in connection.execute(query).all():
            found.setdefault(row.class_id, set()).add(row.user_id)
    return {class_id: frozenset(people) for class_id, people in found.items()}


@dataclass(frozen=True, slots=True)
class Former:
    """Who is in a class no more: the ids of its former ``students`` and ``staff``; and ``newer``,
    of its students those who came later than all of these students had come."""

    students: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    newer: frozenset[str] = frozenset()


def former_in(
    connection: Connection, district: str, classes: Iterable[str], since: datetime
) -> dict[str, Former]:
    """Who has gone out of some classes since a time; who was re-linked has not gone.

    Seats are numbered as they come, and one that comes back has its old number. Those that came in
    one run are numbered by their ids, so where many seem newer the journal is asked.
    """
    first = _first_generation(connection, district, since)
    if first is None:
        return {}
    students: dict[str, dict[str, int]] = {}
    staff: dict[str, set[str]] = {}
    columns = _SEATS.c.row, _SEATS.c.id, _SEATS.c.class_id, _SEATS.c.user_id
    gone: dict[str, set[str]] = {}
    for batch in batches(classes):
        query = select(*columns, _SEATS.c.role).where(
            _SEATS.c.district == district,
            among(connection, _SEATS.c.class_id, batch),
            _SEATS.c.removed_in >= first,
            _SEATS.c.merged_into.is_(None),
        )
        for row in connection.execute(query):
            if row.role == "student":
                students.setdefault(row.class_id, {})[row.user_id] = row.row
                gone.setdefault(row.class_id, set()).add(row.id)
            else:
                staff.setdefault(row.class_id, set()).add(row.user_id)
    newest = {class_id: max(rows.values()) for class_id, rows in students.items()}
    newer: dict[str, dict[str, str]] = {}
    for batch in batches(students):
        live = select(*columns).where(
            _SEATS.c.district == district,
            among(connection, _SEATS.c.class_id, batch),
            _SEATS.c.removed_in.is_(None),
            _SEATS.c.role == "student",
        )
        for seat in connection.execute(live):
            if seat.row > newest[seat.class_id]:
                newer.setdefault(seat.class_id, {})[seat.id] = seat.user_id
            students[seat.class_id].pop(seat.user_id, None)
    came = _came_in(
        connection,
        district,
        since,
        {seat for class_id, seats in newer.items() for seat in (*seats, *gone[class_id])},
    )
    return {
        class_id: Former(
            frozenset(students.get(class_id, {})),
            frozenset(staff.get(class_id, ())),
            frozenset(_later(newer.get(class_id, {}), gone.get(class_id, ()), came)),
        )
        for class_id in {*students, *staff}
    }


def _later(
    seats: Mapping[str, str], gone: Collection[str], came: Mapping[str, int]
) -> Iterator[str]:
    """The students whose seats came in a later generation than all that are gone."""
    last = max((came.get(seat, 0) for seat in gone), default=0)
    for seat, student in seats.items():
        if came.get(seat, 0) > last:
            yield student


def _came_in(
    connection: Connection, district: str, since: datetime, seats: Collection[str]
) -> dict[str, int]:
    """The generations in which some seats came, for those that came since a time."""
    found: dict[str, int] = {}
    for batch in batches(seats):
        query = (
            select(changes.c.record_id, func.max(lanes.c.applied_in).label("generation"))
            .join(lanes, and_(lanes.c.run == changes.c.run, lanes.c.number == changes.c.lane))
            .join(runs, runs.c.id == changes.c.run)
            .where(
                runs.c.district == district,
                lanes.c.applied_at >= since,
                changes.c.kind == Kind.ENROLLMENT,
                changes.c.verb == Verb.ADD,
                among(connection, changes.c.record_id, batch),
            )
            .group_by(changes.c.record_id)
        )
        found |= {row.record_id: row.generation for row in connection.execute(query)}
    return found


def _first_generation(connection: Connection, district: str, since: datetime) -> int | None:
    """The first generation that was written since a time."""
    query = (
        select(lanes.c.applied_in)
        .join(runs, runs.c.id == lanes.c.run)
        .where(runs.c.district == district, lanes.c.applied_at >= since)
        .order_by(lanes.c.applied_at)
        .limit(1)
    )
    return connection.execute(query).scalar()
