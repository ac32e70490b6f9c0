"""Find the file, the column and the lines of records again, for findings made later on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from rollbook.roster.kinds import Kind
from rollbook.roster.records import role_id, text
from rollbook.sources.oneroster_csv.layouts import ORG_IDS, ROLE, ROLES, USERS_1P1
from rollbook.sources.oneroster_csv.people import texts
from rollbook.sources.oneroster_csv.rows import Rows
from rollbook.sources.roster import Place, Places, nowhere

_ORGS_OF_USER = {"org_id": "orgSourcedIds", "primary_org_id": "orgSourcedIds"}
"""The column of ``users.csv`` that these fields come from where they have none of their own."""


def places_of(tables: Mapping[str, Rows]) -> Places:
    """The places of the records that came from ``tables``, by manifest name."""
    by_kind = {kind: rows for rows in tables.values() for kind in rows.layout.kinds}

    def places(kind: Kind, field: str, ids: Collection[str]) -> Place:
        rows = by_kind.get(kind)
        if rows is None:
            return nowhere(kind, field, ids)
        if kind is Kind.ROLE:
            lines = {role: line for role, line in _roles(tables) if role in ids}
        elif kind is Kind.GUARDIAN:
            return Place(rows.file, "agentSourcedIds", {})
        else:
            lines = rows.lines_of(ids)
        return Place(rows.file, _header(rows, field), lines)

    return places


def _header(rows: Rows, field: str) -> str:
    if field == "id":
        return "sourcedId"
    for column in rows.layout.columns:
        if column.field == field and field in rows.fields:
            return column.header
    return _ORGS_OF_USER.get(field, field)


def _roles(tables: Mapping[str, Rows]) -> Iterator[tuple[str, int]]:
    """Every role's id with the line of its row: its own in 1.2, its user's in 1.1."""
    if ROLES.name in tables:
        roles = tables[ROLES.name]
        for values, line in zip(roles.values.values(), roles.lines, strict=True):
            parts = (text(values, name) or "" for name in ("user_id", "role", "org_id"))
            yield role_id(*parts), line
        return
    users = tables[USERS_1P1.name]
    for (user_id, values), line in zip(users.values.items(), users.lines, strict=True):
        for org in texts(values.get(ORG_IDS)):
            yield role_id(user_id, text(values, ROLE) or "", org), line
