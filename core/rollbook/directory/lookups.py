"""Small questions about many records: where they stand, whose they are, what they are called.

Every answer is about live records of one district.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, select

from rollbook.directory.among import GIVEN, among_given, given
from rollbook.directory.records import LiveRecord, batches, record_columns, record_rows
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
    columns = ("id", "fingerprint", *_DECISIVE.get(kind, ("id", "id")))
    return {
        row[0]: Standing(*row[1:]) for row in _found(connection, district, kind, columns, "id", ids)
    }


def of_rows(connection: Connection, kind: Kind, rows: Sequence[int]) -> dict[str, LiveRecord]:
    """The records in some rows of the table, by id."""
    query = _in_rows(connection.dialect.name, kind)
    found: dict[str, LiveRecord] = {}
    for batch in batches(rows):
        given_rows = {GIVEN: given(connection, batch)}
        found |= record_rows(connection.execute(query, given_rows).all(), kind)
    return found


def unmarked(connection: Connection, district: str, kind: Kind) -> dict[str, LiveRecord]:
    """The records that have no fingerprint, by id: no line is known to say what they hold."""
    return record_rows(connection.execute(_unmarked(kind), {"district": district}), kind)


def referring(
    connection: Connection, district: str, kind: Kind, field: str, ids: Iterable[str]
) -> dict[str, int | None]:
    """The fingerprints, by id, of the records of a kind whose ``field`` names one of ``ids``."""
    if field != "id" and SHAPES[kind].fields[field] is FieldType.LIST:
        table = RECORD_TABLES[kind]
        query = select(table.c.id, table.c.fingerprint, table.c[field]).where(
            table.c.district == district, table.c.removed_in.is_(None)
        )
        named = set(ids)
        return {
            row[0]: row[1] for row in connection.execute(query) if named.intersection(row[2] or ())
        }
    found = _found(connection, district, kind, ("id", "fingerprint"), field, ids)
    return {row[0]: row[1] for row in found}


def belonging(
    connection: Connection, district: str, kind: Kind, fields: Sequence[str], ids: Iterable[str]
) -> dict[str, LiveRecord]:
    """The records of a kind that name one of ``ids`` in one of ``fields``, by id."""
    found: dict[str, LiveRecord] = {}
    wanted = list(ids)
    for field in fields:
        # One question a field: the planner would read the whole table for two at once.
        rows = _found(connection, district, kind, record_columns(kind), field, wanted)
        found |= record_rows(rows, kind)
    return found


def named(
    connection: Connection, district: str, kind: Kind, ids: Iterable[str], fields: Sequence[str]
) -> dict[str, tuple[str | None, ...]]:
    """Some fields of records, by id."""
    rows = _found(connection, district, kind, ("id", *fields), "id", ids)
    return {row[0]: tuple(row[1:]) for row in rows}


def _found(
    connection: Connection,
    district: str,
    kind: Kind,
    columns: tuple[str, ...],
    field: str,
    values: Iterable[str],
) -> Iterator[Sequence[Any]]:
    """Columns of the live records that have one of the values in a field."""
    query = _having(connection.dialect.name, kind, columns, field)
    for batch in batches(values):
        # Fetched at once: one by one takes three times as long.
        yield from connection.execute(
            query, {"district": district, GIVEN: given(connection, batch)}
        ).all()


@cache
def _having(dialect: str, kind: Kind, columns: tuple[str, ...], field: str) -> Select[Any]:
    table = RECORD_TABLES[kind]
    return _live(kind, columns).where(among_given(dialect, table.c[field]))


@cache
def _in_rows(dialect: str, kind: Kind) -> Select[Any]:
    table = RECORD_TABLES[kind]
    return select(*(table.c[name] for name in record_columns(kind))).where(
        among_given(dialect, table.c.row), table.c.removed_in.is_(None)
    )


@cache
def _unmarked(kind: Kind) -> Select[Any]:
    return _live(kind, record_columns(kind)).where(RECORD_TABLES[kind].c.fingerprint.is_(None))


def _live(kind: Kind, columns: tuple[str, ...]) -> Select[Any]:
    table = RECORD_TABLES[kind]
    return select(*(table.c[name] for name in columns)).where(
        table.c.district == bindparam("district"), table.c.removed_in.is_(None)
    )
