"""What the operator at a connection may do.

A store in a file has no roles: whoever may write the file may do everything. On PostgreSQL the
database itself knows who is connected and refuses what a role may not do; asking it first gives a
better answer than its refusal.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection, text


class Role(StrEnum):
    """What an operator may do, each role all of those before it and more."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER = "approver"


_WHO = text(
    "SELECT session_user::text, has_table_privilege(session_user, 'runs', 'INSERT'), "
    "has_table_privilege(session_user, 'approvals', 'INSERT')"
)


def who_is_connected(connection: Connection) -> tuple[str, Role]:
    """The role's name on PostgreSQL, and what it may do to the store's tables."""
    name, may_write, may_approve = connection.execute(_WHO).one()
    if not may_write:
        return name, Role.VIEWER
    return name, Role.APPROVER if may_approve else Role.OPERATOR
