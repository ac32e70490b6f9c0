"""The rows of alarms: what of a district people have been told and still waits for them.

An alarm's scope says what it is about, whichever run it came up in: as long as it is there, nobody
is told again but by the digest of a day.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from rollbook.directory.tables import alarms

AlarmRow = Row[Any]


def of_district(connection: Connection, district: str) -> dict[str, AlarmRow]:
    """A district's alarms by scope."""
    query = select(alarms).where(alarms.c.district == district).order_by(alarms.c.scope)
    return {row.scope: row for row in connection.execute(query)}


def begin(
    connection: Connection,
    district: str,
    scope: str,
    subject: str,
    since: datetime,
    quiet_until: datetime | None,
) -> None:
    """A new alarm."""
    connection.execute(
        insert(alarms).values(
            district=district, scope=scope, subject=subject, since=since, quiet_until=quiet_until
        )
    )


def follow(
    connection: Connection, row: AlarmRow, subject: str, quiet_until: datetime | None
) -> None:
    """What an alarm is about now, and until when it is to keep quiet."""
    if (row.subject, row.quiet_until) != (subject, quiet_until):
        connection.execute(
            update(alarms)
            .where(alarms.c.district == row.district, alarms.c.scope == row.scope)
            .values(subject=subject, quiet_until=quiet_until)
        )


def end(connection: Connection, row: AlarmRow) -> None:
    """The end of an alarm."""
    connection.execute(
        delete(alarms).where(alarms.c.district == row.district, alarms.c.scope == row.scope)
    )
