"""The set that a source's changes are changes to."""

from __future__ import annotations

from sqlalchemy import Connection

from rollbook.config.home import Home
from rollbook.directory import snapshots
from rollbook.sources.base import Base, base_in


def kept_base(connection: Connection, home: Home, district: str) -> Base | None:
    """The set of a district that was accepted last, where it has been kept."""
    last = snapshots.newest_accepted(connection, district)
    return base_in(home.snapshots / district / last, last) if last else None
