"""Reading the records that the directory holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Select, bindparam, func, select

from rollbook.directory.among import GIVEN, among_given, given
from rollbook.directory.tables import RECORD_TABLES
from rollbook.roster.kinds import SHAPES, Kind
from rollbook.roster.records import EXTENSIONS, Values

BATCH = 1000
"""Ids in one question."""


_Id = TypeVar("_Id", str, int)


class LiveRecord(NamedTuple):
    """A record as the directory holds it, with the version that guards a write."""

    values: Values
    version: int


Directory = dict[Kind, dict[str, LiveRecord]]
"""All live records of a district, kind by kind, id by id."""


def batches(ids: Iterable[_Id], size: int = BATCH) -> Iterator[list[_Id]]:
    """Cut ids into lists of at most ``size``, in order: neighbours share a page of an index."""
    rest = iter(sorted(ids))
    while batch := list(islice(rest, size)):
        yield batch


@cache
def field_names(kind: Kind) -> tuple[str, ...]:
    """The fields of a kind that the store keeps, extension columns last."""
    return (*SHAPES[kind].fields, EXTENSIONS)


@cache
def record_columns(kind: Kind) -> tuple[str, ...]:
    """The columns that make a ``LiveRecord``, its id before it."""
    return ("id", "version", *field_names(kind))


def record_rows(rows: Iterable[Sequence[Any]], kind: Kind) -> dict[str, LiveRecord]:
    """Rows of ``record_columns`` as records, by id."""
    names = field_names(kind)
    return {
        row[0]: LiveRecord(
            {n: v for n, v in zip(names, row[2:], strict=True) if v is not None}, row[1]
        )
        for row in rows
    }


@cache
def _records(kind: Kind, removed: bool = False) -> Select[Any]:
    table = RECORD_TABLES[kind]
    state = table.c.removed_in.is_not(None) if removed else table.c.removed_in.is_(None)
    return select(*(table.c[name] for name in record_columns(kind))).where(
        table.c.district == bindparam("district"), state
    )


@cache
def _some_records(dialect: str, kind: Kind, removed: bool) -> Select[Any]:
    return _records(kind, removed).where(among_given(dialect, RECORD_TABLES[kind].c.id))


@cache
def _departed(dialect: str, kind: Kind) -> Select[Any]:
    table = RECORD_TABLES[kind]
    return select(table.c.id, table.c.version).where(
        table.c.district == bindparam("district"),
        table.c.removed_in.is_not(None),
        among_given(dialect, table.c.id),
    )


@cache
def _any(kind: Kind) -> Select[Any]:
    table = RECORD_TABLES[kind]
    return select(table.c.row).where(table.c.district == bindparam("district")).limit(1)


def load_kind(connection: Connection, district: str, kind: Kind) -> dict[str, LiveRecord]:
    """The live records of a kind in a district, by id."""
    rows = connection.execute(
        _records(kind), {"district": district}, execution_options={"yield_per": 10_000}
    )
    return record_rows(rows, kind)


def load_directory(connection: Connection, district: str) -> Directory:
    """Every live record of a district."""
    return {kind: load_kind(connection, district, kind) for kind in Kind}


def load_some(
    connection: Connection, district: str, kind: Kind, ids: Iterable[str], *, removed: bool = False
) -> dict[str, LiveRecord]:
    """Those of the named records that are live, or with ``removed`` those that have left."""
    query = _some_records(connection.dialect.name, kind, removed)
    found: dict[str, LiveRecord] = {}
    for batch in batches(ids):
        values = {"district": district, GIVEN: given(connection, batch)}
        found |= record_rows(connection.execute(query, values).all(), kind)
    return found


def departed_versions(
    connection: Connection, district: str, kind: Kind, ids: Iterable[str]
) -> dict[str, int]:
    """The versions with which those of some records left that have left, by id."""
    query = _departed(connection.dialect.name, kind)
    found: dict[str, int] = {}
    for batch in batches(ids):
        values = {"district": district, GIVEN: given(connection, batch)}
        found.update((row[0], row[1]) for row in connection.execute(query, values).all())
    return found


def is_new(connection: Connection, district: str, kind: Kind) -> bool:
    """Whether the district has had no record of a kind yet."""
    return connection.execute(_any(kind), {"district": district}).first() is None


def referring(
    connection: Connection, district: str, kind: Kind, field: str, record_id: str
) -> dict[str, LiveRecord]:
    """The live records of a kind whose ``field`` holds ``record_id``."""
    query = _records(kind).where(RECORD_TABLES[kind].c[field] == record_id)
    return record_rows(connection.execute(query, {"district": district}), kind)


def count_live(connection: Connection, district: str) -> dict[Kind, int]:
    """Live records by kind."""
    counts: dict[Kind, int] = {}
    for kind, table in RECORD_TABLES.items():
        query = (
            select(func.count())
            .select_from(table)
            .where(table.c.district == district, table.c.removed_in.is_(None))
        )
        counts[kind] = connection.execute(query).scalar_one()
    return counts


_ORGS = RECORD_TABLES[Kind.ORG]
_ORG_NAMES = select(_ORGS.c.id, _ORGS.c.name).where(_ORGS.c.district == bindparam("district"))


def school_names(connection: Connection, district: str) -> dict[str, str]:
    """Names of all orgs that the district has or had, by id."""
    rows = connection.execute(_ORG_NAMES, {"district": district})
    return {row.id: row.name or row.id for row in rows}


def count_live_by_school(connection: Connection, district: str) -> dict[str, dict[Kind, int]]:
    """Live records by school and kind, for the kinds that name their school."""
    fields = {
        Kind.COURSE: "org_id",
        Kind.CLASS: "school_id",
        Kind.USER: "primary_org_id",
        Kind.ENROLLMENT: "school_id",
    }
    orgs = RECORD_TABLES[Kind.ORG]
    schools = select(orgs.c.id).where(
        orgs.c.district == district, orgs.c.type == "school", orgs.c.removed_in.is_(None)
    )
    counts: dict[str, dict[Kind, int]] = {
        school: {} for school in connection.execute(schools).scalars()
    }
    for kind, field in fields.items():
        table = RECORD_TABLES[kind]
        query = (
            select(table.c[field].label("school"), func.count().label("records"))
            .where(table.c.district == district, table.c.removed_in.is_(None))
            .group_by(table.c[field])
        )
        for row in connection.execute(query):
            if row.school in counts:
                counts[row.school][kind] = row.records
    return counts


def count_students(connection: Connection, district: str) -> int:
    """Live students."""
    users = RECORD_TABLES[Kind.USER]
    query = (
        select(func.count())
        .select_from(users)
        .where(
            users.c.district == district,
            users.c.removed_in.is_(None),
            users.c.primary_role == "student",
        )
    )
    return connection.execute(query).scalar_one()


def count_schools(connection: Connection, district: str) -> int:
    """Live schools."""
    orgs = RECORD_TABLES[Kind.ORG]
    query = (
        select(func.count())
        .select_from(orgs)
        .where(orgs.c.district == district, orgs.c.removed_in.is_(None), orgs.c.type == "school")
    )
    return connection.execute(query).scalar_one()
