"""Up to where a server has told its changes."""

from __future__ import annotations

import pytest

from rollbook.sources.oneroster_rest.newest import Newest


@pytest.mark.parametrize("zone", ["GMT", "-0000", "+0000"])
@pytest.mark.parametrize(
    ("stamp", "told"),
    [
        ("2026-03-03T08:00:00Z", "2026-03-03T08:00:00.000Z"),
        ("2026-03-03T11:00:00Z", "2026-03-03T09:55:00.000Z"),
    ],
)
def test_it_is_no_later_than_the_pull_by_the_servers_clock(
    zone: str, stamp: str, told: str
) -> None:
    newest = Newest(None)
    newest.begin(f"Tue, 03 Mar 2026 10:00:00 {zone}")
    newest.note(stamp)
    assert newest.told == told


@pytest.mark.parametrize("date", ["", "soon", f"Tue, 03 Mar {'9' * 30} 10:00:00 GMT"])
def test_a_date_that_is_none_is_passed_over(date: str) -> None:
    newest = Newest(None)
    newest.begin(date)
    newest.note("2026-03-03T08:00:00Z")
    assert newest.told is None
    newest.begin("Tue, 03 Mar 2026 10:00:00 GMT")
    assert newest.told == "2026-03-03T08:00:00.000Z"
