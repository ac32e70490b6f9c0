"""The source's health: in the list, in the details and over all districts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rollbook.desk import districts, syncing
from rollbook.desk.desk import Desk
from rollbook.desk.views import SourceHealth, SourceState
from rollbook_tui.details.source import source_age, source_lines, source_words
from tui.consoles import console

NOW = datetime(2026, 8, 17, 11, 40, tzinfo=UTC)
GOOD = SourceHealth(
    type="classlink",
    where="https://sis.example.org/ims/oneroster/v1p1",
    state=SourceState.GOOD,
    overdue=False,
    pulled_at=NOW - timedelta(hours=3),
    expected_by=NOW + timedelta(hours=45),
    rows=41_250,
    seconds=12.34,
    new_at=NOW - timedelta(days=9),
    tried_at=NOW - timedelta(hours=3),
    failure="",
)
OVERDUE = replace(
    GOOD, overdue=True, pulled_at=NOW - timedelta(days=4), expected_by=NOW - timedelta(days=1)
)
REFUSED = replace(
    OVERDUE,
    state=SourceState.REFUSED,
    failure="users.csv: The file is empty. [b]Export it again.",
)
NEVER = replace(GOOD, state=SourceState.NEVER, pulled_at=None, rows=None, seconds=None, new_at=None)


def told(source: SourceHealth, width: int = 70) -> str:
    return "\n".join(line.plain for line in source_lines(source, NOW, width))


@pytest.mark.parametrize(
    ("source", "cell", "words"),
    [
        (GOOD, "✓3h", "read"),
        (OVERDUE, "!4d", "read source:overdue"),
        (REFUSED, "x4d", "refused source:overdue"),
        (replace(GOOD, state=SourceState.UNREACHABLE), "x3h", "not-reached"),
        (NEVER, "·never", "never-read"),
    ],
)
def test_the_sign_does_not_hang_on_its_colour(source: SourceHealth, cell: str, words: str) -> None:
    assert source_age(source, NOW).plain == cell
    assert len(cell) <= 6
    assert source_words(source) == words


def test_the_details_say_when_how_much_and_how_long() -> None:
    text = told(GOOD)
    assert "last read    3 h ago, 41,250 rows, fetched in 12.3 s" in text
    assert "new data     9 d ago" in text
    assert "overdue" not in text
    assert "last try" not in text
    assert "fetched" not in told(replace(GOOD, seconds=0.2))


def test_the_details_say_when_it_is_read_next() -> None:
    assert "next read" not in told(GOOD)
    scheduled = replace(GOOD, next_at=NOW + timedelta(hours=5, minutes=20))
    assert "next read    in 5 h, 17 Aug 2026 17:00 UTC" in told(scheduled)


def test_a_failure_is_told_as_it_was_said() -> None:
    assert "x refused 3 h ago: users.csv: The file is empty. [b]Export it again." in " ".join(
        told(REFUSED, 200).split()
    )
    assert "! overdue: expected by 16 Aug 2026 11:40 UTC" in told(REFUSED)
    assert "last read    never" in told(NEVER)


async def test_a_silent_source_stands_out_at_every_width(desk: Desk) -> None:
    later = replace(desk, clock=lambda: NOW + timedelta(days=40))
    async with console(later) as running:
        row = next(line for line in running.lines if "Lakemont" in line)
        assert "! Lakemont" in row
        assert "overdue" in row
        assert "Sources overdue" in running.text
        await running.go_to("districts", "elk-ridge")
        assert "x Elk Ridge Schools refused" in running.text, "what is worse stays"
        assert "! overdue: expected by" in running.text, "and the details say both"
    async with console(later, (120, 36)) as running:
        assert "!5w" in running.text
        await running.press("1", "slash")
        await running.pilot.press(*"source:overdue")
        await running.press("enter")
        silent = [d for d in districts.districts(later) if d.source and d.source.overdue]
        assert list(running.pane("districts").rows) == silent
        assert 0 < len(silent) < 7


async def test_the_pane_follows_a_sync(desk: Desk) -> None:
    async with console(desk, (120, 36)) as running:
        [before] = [d.source for d in districts.districts(desk) if d.id == "lakemont"]
        assert before is not None
        syncing.sync(desk, "lakemont")
        await running.press("r")
        row = next(line for line in running.lines if "Lakemont" in line)
        assert "✓now" in row
