"""What the directory knows of people whom a changeset touches, and of fields that it blanks."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, or_, select

from rollbook.directory.among import among
from rollbook.directory.records import batches
from rollbook.directory.tables import RECORD_TABLES, approvals, holds
from rollbook.roster.kinds import ADMINISTRATORS, Kind

_USERS, _ROLES = RECORD_TABLES[Kind.USER], RECORD_TABLES[Kind.ROLE]


def administrators_among(connection: Connection, district: str, ids: Iterable[str]) -> set[str]:
    """Those of the people who administer a school or the district."""
    found: set[str] = set()
    words = sorted(ADMINISTRATORS)
    for batch in batches(ids):
        found |= set(
            connection.execute(
                select(_USERS.c.id).where(
                    _USERS.c.district == district,
                    among(connection, _USERS.c.id, batch),
                    _USERS.c.primary_role.in_(words),
                )
            ).scalars()
        )
        found |= set(
            connection.execute(
                select(_ROLES.c.user_id).where(
                    _ROLES.c.district == district,
                    among(connection, _ROLES.c.user_id, batch),
                    _ROLES.c.removed_in.is_(None),
                    _ROLES.c.role.in_(words),
                )
            ).scalars()
        )
    return found


def students_among(connection: Connection, district: str, ids: Iterable[str]) -> set[str]:
    """Those of the people who are here as students."""
    found: set[str] = set()
    for batch in batches(ids):
        found |= set(
            connection.execute(
                select(_USERS.c.id).where(
                    _USERS.c.district == district,
                    among(connection, _USERS.c.id, batch),
                    _USERS.c.removed_in.is_(None),
                    _USERS.c.primary_role == "student",
                )
            ).scalars()
        )
    return found


def operators_among(
    connection: Connection, district: str, ids: Iterable[str], operators: Iterable[str]
) -> set[str]:
    """Those of the people who are operators: their username or email says so."""
    names = set(operators)
    found: set[str] = set()
    for batch in batches(ids):
        query = select(_USERS.c.id, _USERS.c.username, _USERS.c.email).where(
            _USERS.c.district == district, among(connection, _USERS.c.id, batch)
        )
        found |= {
            row.id
            for row in connection.execute(query)
            if is_operator(row.username, row.email, names)
        }
    return found


def is_operator(username: str | None, email: str | None, operators: Iterable[str]) -> bool:
    """Whether a person's username, email, or the part of it before the ``@`` is an operator's."""
    address = (email or "").casefold()
    own = {(username or "").casefold(), address, address.partition("@")[0]} - {""}
    return any(name.casefold() in own for name in operators)


def own_records(connection: Connection, district: str, operator: str) -> list[str]:
    """The live people who are an operator; every user is looked at."""
    name = operator.casefold()
    query = select(_USERS.c.id, _USERS.c.username, _USERS.c.email).where(
        _USERS.c.district == district,
        _USERS.c.removed_in.is_(None),
        or_(
            func.lower(_USERS.c.username) == name,
            func.lower(_USERS.c.email).startswith(name, autoescape=True),
        ),
    )
    rows = connection.execute(query)
    return sorted(row.id for row in rows if is_operator(row.username, row.email, [operator]))


def known_operators(connection: Connection, district: str) -> set[str]:
    """Everybody who has ever approved a hold of a district."""
    query = (
        select(approvals.c.who)
        .join(holds, holds.c.id == approvals.c.hold)
        .where(holds.c.district == district)
        .distinct()
    )
    return set(connection.execute(query).scalars())


def users_by_place(
    connection: Connection, district: str
) -> dict[tuple[str | None, str | None], int]:
    """Live users by school and primary role."""
    place = (_USERS.c.primary_org_id, _USERS.c.primary_role)
    query = (
        select(*place, func.count().label("users"))
        .where(_USERS.c.district == district, _USERS.c.removed_in.is_(None))
        .group_by(*place)
    )
    rows = connection.execute(query)
    return {(row.primary_org_id, row.primary_role): row.users for row in rows}


def filled(
    connection: Connection, district: str, kind: Kind, fields: Iterable[str]
) -> dict[str, int]:
    """How many live records of a kind have a value in each of some fields."""
    table = RECORD_TABLES[kind]
    names = sorted(fields)
    query = select(*(func.count(table.c[name]) for name in names)).where(
        table.c.district == district, table.c.removed_in.is_(None)
    )
    return dict(zip(names, connection.execute(query).one(), strict=True))
