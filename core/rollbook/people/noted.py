"""The number of likely duplicates of a district, kept so that a dashboard need not look for it."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from rollbook.directory import merges
from rollbook.directory.records import load_directory
from rollbook.directory.tables import districts
from rollbook.people.duplicates import find_duplicates


def note_duplicates(connection: Connection, district: str) -> None:
    """Count the likely duplicates again."""
    found = find_duplicates(
        load_directory(connection, district), merges.distinct(connection, district)
    )
    connection.execute(
        update(districts).where(districts.c.id == district).values(duplicates=len(found))
    )


def noted_duplicates(connection: Connection, district: str) -> int:
    """The number as it was last counted."""
    query = select(districts.c.duplicates).where(districts.c.id == district)
    return connection.execute(query).scalar_one_or_none() or 0
