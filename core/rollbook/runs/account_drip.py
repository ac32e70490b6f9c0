"""Renames that went in by and by, each night below the limit of C1."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from rollbook.directory.account_history import last_rename_hold, renamed_since
from rollbook.holds.account_rules import Earlier
from rollbook.holds.drip import SPANS


def earlier_renames(connection: Connection, district: str, now: datetime) -> tuple[Earlier, ...]:
    """What went by unseen in the spans of R3.

    An approved hold closes the account: it has named what went by.
    """
    last = last_rename_hold(connection, district)
    approved, at = last if last is not None else (True, None)
    found = []
    for span, words, times in SPANS:
        since = max(now - span, at) if at is not None and approved else now - span
        found.append(Earlier(words, times, renamed_since(connection, district, since)))
    return tuple(found)
