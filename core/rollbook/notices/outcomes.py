"""What becomes of a notice that could not be sent."""

from __future__ import annotations

from datetime import timedelta

MOST_TRIES = 24
"""Times that a notice is tried: about twenty hours."""

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)


class NotSent(Exception):
    """A notice was not sent; ``for_good`` says that trying again is no use."""

    def __init__(self, message: str, *, for_good: bool) -> None:
        super().__init__(message)
        self.message = message
        self.for_good = for_good


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries; ``None`` where it is given up."""
    if tries >= MOST_TRIES:
        return None
    return min(_FIRST_PAUSE * (1 << (tries - 1)), _LONGEST_PAUSE)
