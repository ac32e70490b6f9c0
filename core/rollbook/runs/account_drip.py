"""What went in by and by, each night below a limit: renames (C1), and sudden suspensions (C8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from rollbook.directory.account_history import last_hold, renamed_since, suspended_since
from rollbook.holds.account_rules import Earlier
from rollbook.holds.drip import SPANS


def earlier_renames(connection: Connection, district: str, now: datetime) -> tuple[Earlier, ...]:
    """The renames that went by unseen in the spans of R3."""
    return _earlier(connection, district, now, "C1", renamed_since)


def earlier_suspensions(
    connection: Connection, district: str, now: datetime
) -> tuple[Earlier, ...]:
    """The sudden suspensions that went by unseen in the spans of R3."""
    return _earlier(connection, district, now, "C8", suspended_since)


def _earlier(
    connection: Connection,
    district: str,
    now: datetime,
    rule: str,
    since_when: Callable[[Connection, str, datetime], int],
) -> tuple[Earlier, ...]:
    """What went by. An approved hold closes the account: it has named what went by."""
    last = last_hold(connection, district, rule)
    approved, at = last if last is not None else (True, None)
    found = []
    for span, words, times in SPANS:
        since = max(now - span, at) if at is not None and approved else now - span
        found.append(Earlier(words, times, since_when(connection, district, since)))
    return tuple(found)
