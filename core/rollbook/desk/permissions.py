"""What this desk may do."""

from __future__ import annotations

from rollbook.desk.desk import Desk


def why_not(desk: Desk) -> str | None:
    """A sentence that says why this desk may not write, or ``None`` when it may."""
    return "This desk is read-only." if desk.read_only else None
