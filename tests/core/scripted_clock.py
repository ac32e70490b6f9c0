"""A clock that a test moves: every look at it is one second after the last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MORNING = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday in the middle of a school year, six in the morning in Chicago."""


class Clock:
    """Give it to ``open_desk``. Ticking keeps what happens one after another apart."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def forward(self, *, days: float = 0, hours: float = 0) -> None:
        """Let time pass (negative: the clock was set back)."""
        self.now += timedelta(days=days, hours=hours)
