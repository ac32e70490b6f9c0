"""Which schools have students in classes of some terms."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import Connection, Text, cast, func, select

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
