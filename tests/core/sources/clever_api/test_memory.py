"""What a pull from Clever holds in memory does not grow with the district."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from rollbook.config.connections import Bearer
from rollbook.config.sources import CleverApi
from rollbook.sources.clever_api.pull import _Pull
from rollbook.sources.http.client import Answer, HttpClient
from rollbook.sources.normal_form import NormalSet

_PAGE = 100
_SEATS = 25
_BYTES_A_STUDENT = 60
"""The names of the pages, and what else is in flight; a student's own objects take a thousand."""


class Endless(HttpClient):
    """A Clever that makes each page when it is asked for it: so many students, and a section for
    every 25 of them."""

    def __init__(self, students: int) -> None:
        self._students = students

    def get_json(self, path: str, params: Mapping[str, str | int] | None = None) -> Answer:
        """A page after an id."""
        asked = params or {}
        name = path.strip("/")
        begins = int(str(asked.get("starting_after", "-1"))) + 1
        ends = min(begins + _PAGE, self._count(name, str(asked.get("role"))))
        rows = [{"data": self._object(name, number)} for number in range(begins, ends)]
        more = "&".join(f"{k}={v}" for k, v in asked.items() if k != "starting_after")
        link = {"rel": "next", "uri": f"{path}?{more}&starting_after={ends - 1:09}"}
        links = [link] if len(rows) == _PAGE else []
        return Answer({"data": rows, "links": links}, {}, f"GET {path}", path)

    def follow(self, answer: Answer, href: str) -> Answer:
        """The page that a link leads to."""
        parts = urlsplit(href)
        return self.get_json(parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()})

    def _count(self, name: str, role: str) -> int:
        if name == "users":
            return self._students if role == "student" else 0
        return self._students // _SEATS if name == "sections" else 1

    def _object(self, name: str, number: int) -> dict[str, Any]:
        own: dict[str, Any] = {"id": f"{number:09}", "name": f"{name} {number}"}
        if name == "users":
            named = {"first": f"First {number}", "last": f"Last {number}"}
            return own | {"name": named, "roles": {"student": {"school": "000000000"}}}
        if name == "sections":
            seats = range(number * _SEATS, (number + 1) * _SEATS)
            return own | {"students": [f"{one:09}" for one in seats]}
        return own


def peak(students: int, folder: Path) -> int:
    """The most bytes that a pull of so many students held at once."""
    token = Bearer(type="bearer", token="env:NONE")
    source = CleverApi(type="clever-api", auth=token, page_size=_PAGE)
    with ThreadPoolExecutor(1) as pool, NormalSet(folder) as normal:
        tracemalloc.start()
        _Pull(source, Endless(students), pool, normal).everything()
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert normal.rows("users.csv") == normal.rows("enrollments.csv") == students
    return held


def test_ten_times_the_students_take_a_few_bytes_each(tmp_path: Path) -> None:
    peak(500, tmp_path / "warm")
    small, large = peak(500, tmp_path / "small"), peak(5_000, tmp_path / "large")
    assert large - small < 4_500 * _BYTES_A_STUDENT
