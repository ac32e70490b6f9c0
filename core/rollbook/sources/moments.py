"""Moments as sources write them."""

from __future__ import annotations

from datetime import UTC, datetime


def moment_of(stamp: str) -> datetime | None:
    """The moment of an ISO 8601 text, in UTC where it names no zone; ``None`` for any other."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
