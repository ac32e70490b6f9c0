"""How long to wait before asking again."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_TRIES = 6
"""Times that one request is made at most: half a minute, where the server names no time."""

_FIRST = 1.0
_LONGEST = 60.0
_UNIX_TIMES = 1e9
"""Seconds from 1970 to 2001: nothing that is to be waited takes so long."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Time and chance: a clock in seconds that never goes back, sleep, a number in [0, 1), and the
    time of day."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
    now: Callable[[], datetime] = _now

    def backoff(self, tries: int) -> float:
        """Seconds to wait after so many tries: twice as long each time, spread by chance."""
        longest = min(_LONGEST, _FIRST * 2.0 ** (tries - 1))
        return longest * (0.5 + self.random() / 2)

    def retry_after(self, header: str | None) -> float | None:
        """The seconds that a ``Retry-After`` asks for, in either form (RFC 9110, 10.2.3)."""
        text = (header or "").strip()
        try:
            seconds = float(text)
        except ValueError:
            moment = date_of(text)
            if moment is None:
                return None
            seconds = (moment - self.now()).total_seconds()
        return max(0.0, seconds) if math.isfinite(seconds) else None

    def until_reset(self, header: str | None) -> float | None:
        """The seconds until a limit counts anew that ``X-RateLimit-Reset`` names as a Unix time, as
        Clever does (``formats.md`` §4), or as seconds; ``None`` where it has passed, for then the
        clocks are apart."""
        try:
            named = float((header or "").strip())
        except ValueError:
            return None
        seconds = named - self.now().timestamp() if named >= _UNIX_TIMES else named
        return seconds if math.isfinite(seconds) and seconds > 0 else None

    def skew(self, date: str | None) -> float | None:
        """Seconds by which the server's clock is ahead, by its ``Date`` header."""
        moment = date_of(date or "")
        return None if moment is None else (moment - self.now()).total_seconds()


def date_of(text: str) -> datetime | None:
    """The moment of a date as HTTP writes it, in UTC where it names no zone, as ``-0000`` is none
    to Python; ``None`` for any other text."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
