"""Who is in classes and who teaches them, as the directory has it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from rollbook.directory.among import among
from rollbook.directory.records import batches
from rollbook.directory.tables import RECORD_TABLES
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
