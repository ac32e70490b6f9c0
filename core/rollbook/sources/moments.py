"""Moments as sources write them."""

from __future__ import annotations

from datetime import UTC, datetime


def moment_of(stamp: str) -> datetime | None:
    """The moment of an ISO 8601 text, in UTC, as which one without a zone is taken; ``None`` for
    any other text, and for a moment that is in no year of UTC."""
    try:
        moment = datetime.fromisoformat(stamp)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
