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
