"""The set that a source's changes are changes to."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from rollbook.config.home import Home
from rollbook.directory import runs, snapshots
from rollbook.errors import InputRefused
from rollbook.sources.base import Base, base_in


def kept_base(connection: Connection, home: Home, district: str) -> Base | None:
    """The set of a district that was accepted last, where it has been kept.

    Where its changeset was turned down as a whole, nobody knows what it is that later changes go
    into: what was turned down would come with them.
    """
    last = snapshots.newest_accepted(connection, district)
    base = base_in(home.snapshots / district / last, last) if last else None
    if base is None:
        return None
    return replace(base, turned_down=runs.was_turned_down(connection, district, base.snapshot))


def refuse_turned_down(connection: Connection, district: str, snapshot: str) -> None:
    """Raise ``InputRefused`` where a set was turned down while changes were put into it."""
    if runs.was_turned_down(connection, district, snapshot):
        raise InputRefused(
            "The set that these changes go into was turned down while they were read.",
            code="delta-without-base",
            remedy="Sync again; deltas want a bulk set first.",
        )
