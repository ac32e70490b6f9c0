"""Find the file, the column and the lines of records again, for findings made later on."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rollbook.roster.kinds import Kind
from rollbook.roster.records import Record, Values, role_id, text
from rollbook.sources.oneroster_csv.layouts import ROLES, USERS_1P1
from rollbook.sources.oneroster_csv.rows import Rows
from rollbook.sources.roster import Place, Places, nowhere

_ORGS_OF_USER = {"org_id": "orgSourcedIds", "primary_org_id": "orgSourcedIds"}
"""The column of ``users.csv`` that these fields come from where they have none of their own."""


def places_of(tables: Mapping[str, Rows], roles: Mapping[str, Record]) -> Places:
    """The places of the records that came from ``tables``, by manifest name, and of ``roles``."""
    by_kind = {kind: rows for rows in tables.values() for kind in rows.layout.kinds}

    def places(kind: Kind, field: str, ids: Collection[str]) -> Place:
        rows = by_kind.get(kind)
        if rows is None:
            return nowhere(kind, field, ids)
        if kind is Kind.ROLE:
            lines = _role_lines(tables, roles, ids)
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


def _role_lines(
    tables: Mapping[str, Rows], roles: Mapping[str, Record], ids: Collection[str]
) -> dict[str, int]:
    """The lines of roles: of their own rows in 1.2, of their users' in 1.1."""
    if ROLES.name in tables:
        rows = tables[ROLES.name]
        by_role = zip(map(_role_id, rows.values.values()), rows.lines, strict=True)
        return {role: line for role, line in by_role if role in ids}
    users = {i: text(roles[i].values, "user_id") or "" for i in ids if i in roles}
    lines = tables[USERS_1P1.name].lines_of(set(users.values()))
    return {role: lines[user] for role, user in users.items()}


def _role_id(values: Values) -> str:
    return role_id(*(text(values, name) or "" for name in ("user_id", "role", "org_id")))
