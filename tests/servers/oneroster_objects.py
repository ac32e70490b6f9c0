"""Rows of a OneRoster CSV set as the JSON objects of the REST binding, 1.1 and 1.2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from .roster_tables import Row, Tables, items, with_roles, with_user_roles

Version = Literal["1.1", "1.2"]
Object = dict[str, Any]

COLLECTIONS = {
    "academicSessions": "academicSession",
    "orgs": "org",
    "courses": "course",
    "classes": "class",
    "users": "user",
    "enrollments": "enrollment",
    "demographics": "demographics",
}
"""The lists that a server has, and what one object of each is called."""

_MODIFIED = "2026-08-01T00:00:00.000Z"


def objects_of(tables: Tables, version: Version) -> dict[str, list[Object]]:
    """The objects of every collection, in the order of their rows."""
    tables = with_user_roles(tables) if version == "1.1" else with_roles(tables)
    roles: dict[str, list[Row]] = {}
    for row in tables.get("roles", []):
        roles.setdefault(row["userSourcedId"], []).append(row)
    making: dict[str, Callable[[Row], Object]] = {
        "academicSessions": _session,
        "orgs": _org,
        "courses": _course,
        "classes": lambda row: _class(row, version),
        "users": lambda row: _user(row, version, roles.get(row["sourcedId"], [])),
        "enrollments": lambda row: _enrollment(row, version),
        "demographics": lambda row: _demographics(row, version),
    }
    return {
        name: [_base(row) | make(row) for row in tables.get(name, [])]
        for name, make in making.items()
    }


def _base(row: Row) -> Object:
    own = {
        header.removeprefix("metadata."): cell
        for header, cell in row.items()
        if header.startswith("metadata.")
    }
    base: Object = {
        "sourcedId": row["sourcedId"],
        "status": row.get("status", "active"),
        "dateLastModified": row.get("dateLastModified", _MODIFIED),
    }
    return base | ({"metadata": own} if own else {})


def _ref(kind: str, source: str) -> Object:
    return {"href": f"/{kind}/{source}", "sourcedId": source, "type": kind}


def _texts(row: Row, *headers: str) -> Object:
    return {header: row[header] for header in headers if header in row}


def _lists(row: Row, *headers: str) -> Object:
    return {header: items(row[header]) for header in headers if header in row}


def _refs(row: Row, **fields: tuple[str, str]) -> Object:
    return {
        name: _ref(kind, row[header]) for name, (header, kind) in fields.items() if header in row
    }


def _ref_lists(row: Row, **fields: tuple[str, str]) -> Object:
    return {
        name: [_ref(kind, one) for one in items(row[header])]
        for name, (header, kind) in fields.items()
        if header in row
    }


def _session(row: Row) -> Object:
    return _texts(row, "title", "type", "startDate", "endDate", "schoolYear") | _refs(
        row, parent=("parentSourcedId", "academicSession")
    )


def _org(row: Row) -> Object:
    return (
        {"identifier": ""}
        | _texts(row, "name", "type", "identifier")
        | _refs(row, parent=("parentSourcedId", "org"))
    )


def _course(row: Row) -> Object:
    return (
        {"courseCode": ""}
        | _texts(row, "title", "courseCode")
        | _lists(row, "grades", "subjects", "subjectCodes")
        | _refs(
            row, org=("orgSourcedId", "org"), schoolYear=("schoolYearSourcedId", "academicSession")
        )
    )


def _class(row: Row, version: Version) -> Object:
    periods = _lists(row, "periods") if version == "1.2" else _texts(row, "periods")
    return (
        _texts(row, "title", "classCode", "classType", "location")
        | _lists(row, "grades", "subjects", "subjectCodes")
        | periods
        | _refs(row, course=("courseSourcedId", "course"), school=("schoolSourcedId", "org"))
        | _ref_lists(row, terms=("termSourcedIds", "academicSession"))
    )


def _user(row: Row, version: Version, roles: list[Row]) -> Object:
    user = _texts(
        row,
        *("username", "givenName", "familyName", "middleName"),
        *("identifier", "email", "sms", "phone", "password"),
    )
    user |= _lists(row, "grades") | _ref_lists(row, agents=("agentSourcedIds", "user"))
    if "userIds" in row:
        parts = [part.strip("{}").partition(":") for part in items(row["userIds"])]
        user["userIds"] = [{"type": kind, "identifier": of} for kind, _, of in parts]
    if version == "1.1":
        orgs = [_ref("org", org) for org in items(row["orgSourcedIds"])]
        enabled = row["enabledUser"] == "true"
        return user | {"enabledUser": enabled, "role": row["role"], "orgs": orgs}
    user |= _texts(row, "pronouns", "userMasterIdentifier")
    user |= {
        name: row[header]
        for name, header in (
            ("preferredFirstName", "preferredGivenName"),
            ("preferredMiddleName", "preferredMiddleName"),
            ("preferredLastName", "preferredFamilyName"),
        )
        if header in row
    }
    user |= _refs(row, primaryOrg=("primaryOrgSourcedId", "org"))
    user |= _ref_lists(row, resources=("resourceSourcedIds", "resource"))
    return user | {"enabledUser": row["enabledUser"], "roles": [_role(one) for one in roles]}


def _role(row: Row) -> Object:
    return _texts(row, "roleType", "role", "beginDate", "endDate") | {
        "org": _ref("org", row["orgSourcedId"])
    }


def _enrollment(row: Row, version: Version) -> Object:
    enrollment = _texts(row, "role", "beginDate", "endDate") | _refs(
        row,
        **{
            "class": ("classSourcedId", "class"),
            "school": ("schoolSourcedId", "org"),
            "user": ("userSourcedId", "user"),
        },
    )
    if "primary" in row:
        flag = row["primary"] == "true"
        enrollment["primary"] = flag if version == "1.1" else row["primary"]
    return enrollment


def _demographics(row: Row, version: Version) -> Object:
    own = {
        header: cell
        for header, cell in row.items()
        if header not in ("sourcedId", "status", "dateLastModified")
        and not header.startswith("metadata.")
    }
    if version == "1.2":
        return own
    flags = {"true": True, "false": False}
    return {header: flags.get(cell, cell) for header, cell in own.items()}
