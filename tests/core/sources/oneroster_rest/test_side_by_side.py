"""Pages are asked for side by side where offsets allow it, as many as the district's file says."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

from rollbook.sources.http.client import Answer, HttpClient
from rollbook.sources.oneroster_rest.listing import Asking, Leading, Listing
from rollbook.sources.oneroster_rest.revision import Revision

_PARALLEL = 3
_PAGES = 1 + 4 * _PARALLEL
_TOO_LONG = 30.0
"""Seconds after which nobody else comes."""


class Waiting(HttpClient):
    """A service that answers no page but the first before so many are asked for together."""

    def __init__(self) -> None:
        self._barrier = Barrier(_PARALLEL)
        self._lock = Lock()
        self._asked: set[int] = set()
        self.under_way = 0
        self.most = 0

    def get_json(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """A page of two; one that was given before is given again at once."""
        assert params is not None
        offset = int(params["offset"])
        with self._lock:
            again = offset in self._asked
            self._asked.add(offset)
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        if offset and not again:
            self._barrier.wait(_TOO_LONG)
        with self._lock:
            self.under_way -= 1
        rows = [{"sourcedId": f"u-{number:04}"} for number in (offset, offset + 1)]
        headers = {"X-Total-Count": str(2 * _PAGES)}
        return Answer({"users": rows}, headers, f"GET {path}?offset={offset}", path)


def test_pages_are_asked_for_together_and_come_in_order() -> None:
    client = Waiting()
    with ThreadPoolExecutor(_PARALLEL) as pool:
        asking = Asking(2, _PARALLEL, pool, {})
        listing = Listing(client, "/users", "users", asking, Revision(), Leading())
        came = [row["sourcedId"] for page in listing.pages() for row in page.rows]
    assert came == [f"u-{number:04}" for number in range(2 * _PAGES)]
    assert client.most == _PARALLEL
