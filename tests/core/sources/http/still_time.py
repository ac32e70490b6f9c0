"""Time that passes only when somebody sleeps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from rollbook.sources.http import Waiting

START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@dataclass
class StillTime:
    """A clock, and what was slept."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def waiting(self) -> Waiting:
        """Chance is always just below one, so that every backoff is the longest."""
        return Waiting(
            clock=lambda: self.seconds,
            sleep=self.sleep,
            random=lambda: 1.0,
            now=lambda: START + timedelta(seconds=self.seconds),
        )
