"""What this desk may do."""

from __future__ import annotations

from rollbook.desk.desk import Desk
from rollbook.directory.roles import Role


def why_not(desk: Desk) -> str | None:
    """A sentence that says why this desk may not write, or ``None`` when it may."""
    if desk.read_only:
        return "This desk is read-only."
    if desk.role is Role.VIEWER:
        return f"{desk.operator} may look and change nothing."
    return None
