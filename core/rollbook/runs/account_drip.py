"""What went in by and by, each night below a limit: renames (C1), and sudden suspensions (C8)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from rollbook.directory.account_history import last_hold, went_in_unseen
from rollbook.holds.account_rules import Earlier
from rollbook.holds.drip import SPANS
from rollbook.roster.accounts import HELD_BY, AccountVerb


def earlier_renames(connection: Connection, district: str, now: datetime) -> tuple[Earlier, ...]:
    """The renames that went by unseen in the spans of R3."""
    return _earlier(connection, district, now, "C1", HELD_BY["C1"])


def earlier_suspensions(
    connection: Connection, district: str, now: datetime
) -> tuple[Earlier, ...]:
    """The sudden suspensions that went by unseen in the spans of R3."""
    return _earlier(connection, district, now, "C8", HELD_BY["C8"])


def _earlier(
    connection: Connection,
    district: str,
    now: datetime,
    rule: str,
    verbs: Collection[AccountVerb],
) -> tuple[Earlier, ...]:
    """What went by. An approved hold closes the account: it has named what went by."""
    last = last_hold(connection, district, rule)
    approved, at = last if last is not None else (True, None)
    found = []
    for span, words, times in SPANS:
        since = max(now - span, at) if at is not None and approved else now - span
        before = went_in_unseen(connection, district, rule, verbs, since)
        found.append(Earlier(words, times, before))
    return tuple(found)
