"""Noticing that the clock on the wall was set, by one that nobody can set."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

LEEWAY = timedelta(minutes=5)
"""How far the clock may be set without any harm (``safety.md`` §4.6)."""


def steady_seconds() -> float:
    """Seconds that never go back, and go on while the machine sleeps where that is known."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


@dataclass
class ClockWatch:
    """Two clocks and what they said last; without ``steady`` nothing is noticed."""

    steady: Callable[[], float] | None
    _last: tuple[datetime, float] | None = None

    def jump(self, now: datetime) -> float:
        """Seconds by which the clock was set since the last look, to and fro; 0 within leeway."""
        if self.steady is None:
            return 0.0
        seconds = self.steady()
        last, self._last = self._last, (now, seconds)
        if last is None:
            return 0.0
        by = (now - last[0]).total_seconds() - (seconds - last[1])
        return by if abs(by) > LEEWAY.total_seconds() else 0.0
