"""Who is in which classes, and which schools have students in classes of some terms."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import Connection, Text, cast, func, select

from rollbook.directory.among import among
from rollbook.directory.records import batches
from rollbook.directory.tables import RECORD_TABLES, tallies
from rollbook.roster.kinds import Kind, RoleGroup

_CLASSES = RECORD_TABLES[Kind.CLASS]
_ENROLLMENTS = RECORD_TABLES[Kind.ENROLLMENT]


def schools_with_students(connection: Connection, district: str) -> set[str]:
    """The schools in which students are."""
    query = select(tallies.c.school).where(
        tallies.c.district == district,
        tallies.c.kind == Kind.USER,
        tallies.c.role == RoleGroup.STUDENT,
        tallies.c.school != "",
        tallies.c.records > 0,
    )
    return set(connection.execute(query).scalars())


def schools_enrolled(
    connection: Connection, district: str, terms: Collection[str] | None
) -> set[str]:
    """The schools with a student in a class of one of some terms; of any class for ``None``."""
    written = func.coalesce(cast(_CLASSES.c.term_ids, Text), "")
    live = (_CLASSES.c.district == district, _CLASSES.c.removed_in.is_(None))
    found: dict[str, list[str]] = defaultdict(list)
    query = select(_CLASSES.c.school_id, written).where(*live).distinct()
    for school, of in connection.execute(query):
        ids = json.loads(of) if of else []
        if school and (terms is None or any(term in terms for term in ids)):
            found[school].append(of)
    return {
        school
        for school, of in found.items()
        if connection.execute(
            select(_ENROLLMENTS.c.row)
            .join(
                _ENROLLMENTS,
                (_ENROLLMENTS.c.district == _CLASSES.c.district)
                & (_ENROLLMENTS.c.class_id == _CLASSES.c.id),
            )
            .where(
                *live,
                _CLASSES.c.school_id == school,
                written.in_(of),
                _ENROLLMENTS.c.role == "student",
                _ENROLLMENTS.c.removed_in.is_(None),
            )
            .limit(1)
        ).first()
    }


def student_seats(connection: Connection, district: str, schools: Iterable[str]) -> dict[str, int]:
    """How many enrollments of students some schools have; every enrollment is looked at."""
    query = (
        select(_ENROLLMENTS.c.school_id, func.count().label("n"))
        .where(
            _ENROLLMENTS.c.district == district,
            _ENROLLMENTS.c.school_id.in_(sorted(schools)),
            _ENROLLMENTS.c.role == "student",
            _ENROLLMENTS.c.removed_in.is_(None),
        )
        .group_by(_ENROLLMENTS.c.school_id)
    )
    return {row.school_id: row.n for row in connection.execute(query)}


def seats_of(
    connection: Connection, district: str, people: Iterable[str]
) -> dict[str, dict[str, str]]:
    """The classes of some people by the ids of their seats; who has no seat is there too."""
    found: dict[str, dict[str, str]] = {person: {} for person in people}
    for batch in batches(found):
        query = select(_ENROLLMENTS.c.user_id, _ENROLLMENTS.c.id, _ENROLLMENTS.c.class_id).where(
            _ENROLLMENTS.c.district == district,
            among(connection, _ENROLLMENTS.c.user_id, batch),
            _ENROLLMENTS.c.removed_in.is_(None),
        )
        for person, seat, of in connection.execute(query):
            found[person][seat] = of
    return found


def members(connection: Connection, district: str, classes: Iterable[str]) -> set[str]:
    """The people who have a seat in one of some classes."""
    found: set[str] = set()
    for batch in batches(classes):
        query = select(_ENROLLMENTS.c.user_id).where(
            _ENROLLMENTS.c.district == district,
            among(connection, _ENROLLMENTS.c.class_id, batch),
            _ENROLLMENTS.c.removed_in.is_(None),
        )
        found.update(connection.execute(query).scalars())
    return found
