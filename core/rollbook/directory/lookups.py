"""Small questions about many records: where they stand, whose they are, what they are called.

Every answer is about live records of one district.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from rollbook.directory.among import among
from rollbook.directory.records import LiveRecord, batches, field_names
from rollbook.directory.tables import RECORD_TABLES
from rollbook.roster.kinds import SHAPES, FieldType, Kind


class Standing(NamedTuple):
    """The fingerprint of a record, as a signed number, if it has one, and two of its fields."""

    fingerprint: int | None
    first: str | None
    second: str | None


_DECISIVE: dict[Kind, tuple[str, str]] = {Kind.USER: ("primary_role", "primary_org_id")}


def standing(
    connection: Connection, district: str, kind: Kind, ids: Iterable[str]
) -> dict[str, Standing]:
    """The fingerprints of records by id; of people also the primary role and the primary org."""
    table = RECORD_TABLES[kind]
    names = _DECISIVE.get(kind, ("id", "id"))
    query = select(table.c.id, table.c.fingerprint, *(table.c[name] for name in names))
    return {
        row[0]: Standing(*row[1:])
        for batch in batches(ids)
        for row in _all(
            connection, _live(query, kind, district).where(among(connection, table.c.id, batch))
        )
    }


def of_rows(connection: Connection, kind: Kind, rows: Sequence[int]) -> dict[str, LiveRecord]:
    """The records in some rows of the table, by id."""
    table, names = RECORD_TABLES[kind], field_names(kind)
    query = select(table.c.id, table.c.version, *(table.c[name] for name in names))
    found: dict[str, LiveRecord] = {}
    for batch in batches(rows):
        for row in _all(
            connection,
            query.where(among(connection, table.c.row, batch), table.c.removed_in.is_(None)),
        ):
            values = {n: v for n, v in zip(names, row[2:], strict=True) if v is not None}
            found[row[0]] = LiveRecord(values, row[1])
    return found


def unmarked(connection: Connection, district: str, kind: Kind) -> dict[str, LiveRecord]:
    """The records that have no fingerprint, by id: no line is known to say what they hold."""
    table, names = RECORD_TABLES[kind], field_names(kind)
    query = _live(
        select(table.c.id, table.c.version, *(table.c[name] for name in names)), kind, district
    ).where(table.c.fingerprint.is_(None))
    return {
        row[0]: LiveRecord(
            {n: v for n, v in zip(names, row[2:], strict=True) if v is not None}, row[1]
        )
        for row in connection.execute(query)
    }


def referring(
    connection: Connection, district: str, kind: Kind, field: str, ids: Iterable[str]
) -> dict[str, int | None]:
    """The fingerprints, by id, of the records of a kind whose ``field`` names one of ``ids``."""
    table = RECORD_TABLES[kind]
    wanted = list(ids)
    query = _live(select(table.c.id, table.c.fingerprint, table.c[field]), kind, district)
    if field != "id" and SHAPES[kind].fields[field] is FieldType.LIST:
        named = set(wanted)
        return {
            row[0]: row[1] for row in connection.execute(query) if named.intersection(row[2] or ())
        }
    return {
        row[0]: row[1]
        for batch in batches(wanted)
        for row in _all(connection, query.where(among(connection, table.c[field], batch)))
    }


def belonging(
    connection: Connection, district: str, kind: Kind, fields: Sequence[str], ids: Iterable[str]
) -> dict[str, LiveRecord]:
    """The records of a kind that name one of ``ids`` in one of ``fields``, by id."""
    table, names = RECORD_TABLES[kind], field_names(kind)
    query = _live(
        select(table.c.id, table.c.version, *(table.c[name] for name in names)), kind, district
    )
    found: dict[str, LiveRecord] = {}
    for field, batch in ((field, batch) for batch in batches(ids) for field in fields):
        # One question a field: the planner would read the whole table for two at once.
        for row in _all(connection, query.where(among(connection, table.c[field], batch))):
            values = {n: v for n, v in zip(names, row[2:], strict=True) if v is not None}
            found[row[0]] = LiveRecord(values, row[1])
    return found


def named(
    connection: Connection, district: str, kind: Kind, ids: Iterable[str], fields: Sequence[str]
) -> dict[str, tuple[str | None, ...]]:
    """Some fields of records, by id."""
    table = RECORD_TABLES[kind]
    query = _live(select(table.c.id, *(table.c[field] for field in fields)), kind, district)
    return {
        row[0]: tuple(row[1:])
        for batch in batches(ids)
        for row in _all(connection, query.where(among(connection, table.c.id, batch)))
    }


def _live(query: Select[Any], kind: Kind, district: str) -> Select[Any]:
    table = RECORD_TABLES[kind]
    return query.where(table.c.district == district, table.c.removed_in.is_(None))


def _all(connection: Connection, query: Select[Any]) -> Sequence[Any]:
    """The rows for one batch of ids, fetched at once: one by one takes three times as long."""
    return connection.execute(query).all()
