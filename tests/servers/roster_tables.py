"""The rows of a OneRoster CSV set, 1.1 or 1.2, as any server of ours gives them away."""

from __future__ import annotations

import csv
from pathlib import Path

Row = dict[str, str]
Tables = dict[str, list[Row]]
"""Rows by file name without its end, cells by header; blank cells are left out."""


def tables_of(folder: Path) -> Tables:
    """What the files of a set hold."""
    tables: Tables = {}
    for path in sorted(folder.glob("*.csv")):
        if path.stem != "manifest":
            with path.open(encoding="utf-8-sig", newline="") as stream:
                tables[path.stem] = [
                    {header: cell for header, cell in row.items() if cell}
                    for row in csv.DictReader(stream)
                ]
    return tables


def with_roles(tables: Tables) -> Tables:
    """The same district with a row for each role, as 1.2 has them."""
    if "roles" in tables:
        return tables
    roles = [
        {
            "sourcedId": f"r-{user['sourcedId']}-{org}",
            "userSourcedId": user["sourcedId"],
            "roleType": "secondary" if place else "primary",
            "role": user["role"],
            "orgSourcedId": org,
        }
        for user in tables["users"]
        for place, org in enumerate(user["orgSourcedIds"].split(","))
    ]
    return tables | {"roles": roles}


def with_user_roles(tables: Tables) -> Tables:
    """The same district with role and orgs on each user, as 1.1 has them."""
    if "roles" not in tables:
        return tables
    users: dict[str, Row] = {user["sourcedId"]: dict(user) for user in tables["users"]}
    for row in sorted(tables["roles"], key=lambda row: row["roleType"] != "primary"):
        user = users[row["userSourcedId"]]
        user.setdefault("role", row["role"])
        before = user.get("orgSourcedIds")
        user["orgSourcedIds"] = f"{before},{row['orgSourcedId']}" if before else row["orgSourcedId"]
    return {name: rows for name, rows in tables.items() if name != "roles"} | {
        "users": list(users.values())
    }


def items(cell: str | None) -> list[str]:
    """The parts of a cell that holds a list."""
    return [part for part in (cell or "").split(",") if part]
