"""What a pull holds in memory does not grow with the district."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rollbook.sources.http.client import Answer, HttpClient
from rollbook.sources.normal_form import NormalSet
from rollbook.sources.oneroster_rest.endpoints import ENDPOINTS
from rollbook.sources.oneroster_rest.listing import Asking, Leading, Listing
from rollbook.sources.oneroster_rest.revision import Revision
from rollbook.sources.oneroster_rest.writing import Writing

_PAGE = 200
_BYTES_A_ROW = 40
"""Eight for the digest of the id, twice while they are sorted, and room for what is in flight."""


class Endless(HttpClient):
    """A service that makes each page when it is asked for it."""

    def __init__(self, total: int) -> None:
        self._total = total

    def get_json(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """A page of enrollments."""
        assert params is not None
        begins, limit = int(params["offset"]), int(params["limit"])
        rows = [
            {
                "sourcedId": f"enrollment-{number:09}",
                "status": "active",
                "dateLastModified": "2026-08-01T00:00:00Z",
                "user": {"sourcedId": f"user-{number:09}", "href": f"/users/user-{number:09}"},
                "class": {"sourcedId": f"class-{number % 99}"},
                "school": {"sourcedId": "s1"},
                "role": "student",
            }
            for number in range(begins, min(begins + limit, self._total))
        ]
        headers = {"X-Total-Count": str(self._total)}
        return Answer({"enrollments": rows}, headers, f"GET {path}?offset={begins}", path)


def peak(total: int, folder: Path) -> int:
    """The most bytes that a pull of so many rows held at once."""
    [endpoint] = [one for one in ENDPOINTS if one.name == "enrollments"]
    with ThreadPoolExecutor(2) as pool, NormalSet(folder) as normal:
        asking = Asking(_PAGE, 2, pool, {})
        listing = Listing(
            Endless(total), "/enrollments", "enrollments", asking, Revision(), Leading()
        )
        writing = Writing(normal, endpoint, ())
        tracemalloc.start()
        for page in listing.pages():
            origin = normal.origin(page.origin)
            for number, one in enumerate(page.rows, start=1):
                writing.add(one, origin, number)
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert writing.rows == total
    return held


def test_ten_times_the_rows_take_a_few_bytes_each(tmp_path: Path) -> None:
    peak(2 * _PAGE, tmp_path / "warm")
    small, large = peak(2_000, tmp_path / "small"), peak(20_000, tmp_path / "large")
    assert large - small < 18_000 * _BYTES_A_ROW
    assert (tmp_path / "large" / "enrollments.csv").stat().st_size > 18_000 * _BYTES_A_ROW
