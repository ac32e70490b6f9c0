"""The number of likely duplicates of a district, kept so that a dashboard need not look for it."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from rollbook.directory import merges, tallies
from rollbook.directory.records import Directory, LiveRecord
from rollbook.directory.tables import RECORD_TABLES, districts
from rollbook.people.duplicates import find_duplicates
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values

MOST_PEOPLE = 5_000
"""People up to which they are counted after every write; counting more would take as long as all
the rest of a night's sync. In larger districts the number is that of the last look at the list."""


def note_duplicates(connection: Connection, district: str) -> None:
    """Count the likely duplicates again, unless the district is too large for that."""
    if tallies.held(connection, district)[Kind.USER] > MOST_PEOPLE:
        return
    found = find_duplicates(_evidence(connection, district), merges.distinct(connection, district))
    note_number(connection, district, len(found))


def note_number(connection: Connection, district: str, number: int) -> None:
    """Keep the number of likely duplicates."""
    connection.execute(
        update(districts).where(districts.c.id == district).values(duplicates=number)
    )


def _evidence(connection: Connection, district: str) -> Directory:
    """People and their birth dates, with the fields that count and no others."""
    directory: Directory = {kind: {} for kind in Kind}
    for kind, fields in _FIELDS.items():
        table = RECORD_TABLES[kind]
        query = select(table.c.id, *(table.c[name] for name in fields)).where(
            table.c.district == district, table.c.removed_in.is_(None)
        )
        for row in connection.execute(query, execution_options={"yield_per": 10_000}):
            values: Values = {n: v for n, v in zip(fields, row[1:], strict=True) if v is not None}
            directory[kind][row[0]] = LiveRecord(values, 0)
    return directory


_FIELDS = {
    Kind.USER: ("given_name", "family_name", "email", "primary_role"),
    Kind.DEMOGRAPHICS: ("birth_date",),
}


def noted_duplicates(connection: Connection, district: str) -> int:
    """The number as it was last counted."""
    query = select(districts.c.duplicates).where(districts.c.id == district)
    return connection.execute(query).scalar_one_or_none() or 0
