"""Our Clever server does as Clever's pages say, and breaks as it is told."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest
import requests

from core.small_sis import small_sis

from .breaks import Mode
from .clever_app import TOKEN, CleverDistrict, clever_app, clever_district
from .running import serving
from .served_sis import tables


@pytest.fixture
def north(tmp_path: Path) -> CleverDistrict:
    return clever_district(tables(small_sis(1, 10), tmp_path / "set"))


def get(url: str) -> requests.Response:
    return requests.get(url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)


def followed(address: str, path: str) -> list[list[str]]:
    """The ids on each page."""
    pages: list[list[str]] = []
    following: str | None = f"/v3.1/{path}"
    while following is not None:
        body = get(f"{address}{following}").json()
        pages.append([one["data"]["id"] for one in body["data"]])
        following = next((link["uri"] for link in body["links"] if link["rel"] == "next"), None)
    return pages


def test_lists_are_followed_by_their_links(north: CleverDistrict) -> None:
    with serving(clever_app(north)) as address:
        students = followed(address, "users?role=student&limit=4")
        assert [len(page) for page in students] == [4, 4, 2]
        assert list(chain(*students)) == [f"s1-{n:02}" for n in range(1, 11)]
        assert len(list(chain(*followed(address, "users?role=contact")))) == 10
        one = get(f"{address}/v3.1/users/s1-03").json()["data"]
        assert one["roles"]["student"]["dob"] == "4/4/2016"
        assert get(f"{address}/v3.1/users/nobody").status_code == 404
        assert get(f"{address}/v3.1/users?limit=10001").status_code == 413
        assert requests.get(f"{address}/v3.1/users", timeout=10).status_code == 401


def test_events_after_one(north: CleverDistrict) -> None:
    north.events = [
        {"id": f"e{n}", "type": kind, "created": "2026-11-01T00:00:00Z", "data": {"object": {}}}
        for n, kind in enumerate(("users.created", "sections.updated", "users.deleted"))
    ]
    with serving(clever_app(north)) as address:
        assert followed(address, "events?limit=2") == [["e0", "e1"], ["e2"]]
        assert followed(address, "events?ending_before=last&limit=1") == [["e2"]]
        assert followed(address, "events?starting_after=e0") == [["e1", "e2"]]
        assert get(f"{address}/v3.1/events?starting_after=long-ago").status_code == 404


def test_damaged_lists(north: CleverDistrict) -> None:
    def first(mode: Mode) -> tuple[int, list[str]]:
        north.breaks.planned.clear()
        north.breaks.plan(mode, "users/student")
        with serving(clever_app(north)) as address:
            body = get(f"{address}/v3.1/users?role=student&limit=4").json()
        nexts = [link["uri"] for link in body["links"] if link["rel"] == "next"]
        return len(body.get("data", [])), nexts

    on = "/v3.1/users?role=student&limit=4"
    assert first(Mode.EMPTY) == (0, [])
    assert first(Mode.SHORT_PAGE) == (2, [f"{on}&starting_after=s1-02"])
    assert first(Mode.NO_NEXT) == (4, [])
    assert first(Mode.DUPLICATE_ROWS)[0] == 5
    assert first(Mode.NO_LIST)[0] == 0
    assert first(Mode.REPEATED_NEXT)[1] == [on]
    assert first(Mode.NEXT_ELSEWHERE)[1] == ["https://elsewhere.example.org/v3.1/users"]
