"""No more requests a minute than the server's owner allows, whoever in this process makes them."""

from __future__ import annotations

from functools import cache
from threading import Lock
from urllib.parse import urlsplit

from rollbook.sources.http.waiting import Waiting

_MINUTE = 60_000


class RateLimit:
    """Has whoever asks wait for their turn. For several threads at once."""

    def __init__(self, requests_per_minute: int, waiting: Waiting) -> None:
        from pyrate_limiter import InMemoryBucket, Rate

        # The bucket alone: the limiter around it has a clock, a sleep and a thread of its own.
        self._bucket = InMemoryBucket([Rate(requests_per_minute, _MINUTE)])
        self._waiting = waiting
        self._lock = Lock()

    def wait(self) -> None:
        """Return when a request may be made, and count it."""
        while (pause := self._pause()) > 0:
            self._waiting.sleep(pause)

    def _pause(self) -> float:
        from pyrate_limiter import RateItem

        with self._lock:
            now = int(self._waiting.clock() * 1000)
            self._bucket.leak(now)
            item = RateItem("request", now)
            if self._bucket.put(item):
                return 0.0
            wait = self._bucket.waiting(item)
            assert isinstance(wait, int)
            return max(wait, 1) / 1000


def rate_limit(url: str, requests_per_minute: int, waiting: Waiting, account: str) -> RateLimit:
    """The limit of the server at an address, the same for all who ask it by that clock.

    ``account`` is whose requests the server counts, blank where it counts those of a machine.
    """
    with _TAKING:
        return _of(urlsplit(url).netloc.lower(), requests_per_minute, waiting, account)


_TAKING = Lock()


@cache
def _of(host: str, requests_per_minute: int, waiting: Waiting, account: str) -> RateLimit:
    return RateLimit(requests_per_minute, waiting)
