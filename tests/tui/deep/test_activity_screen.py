"""The audit trail."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rollbook.desk import auditing
from rollbook.desk.auditing import audit
from rollbook.desk.desk import Desk
from rollbook.desk.pausing import pause
from rollbook.desk.views import AuditVerdict
from rollbook_tui.screens.activity import ActivityScreen
from tui.deep.northfield import HOLD, ID, MERGE
from tui.deep.shown import shown


@pytest.fixture
def screen(northfield: Desk) -> ActivityScreen:
    return ActivityScreen(northfield, ID)


async def test_the_newest_entry_stands_first(northfield: Desk, screen: ActivityScreen) -> None:
    entries = audit(northfield, ID)
    async with shown(screen, (120, 36)) as s:
        assert screen.table.row_count == len(entries)
        assert screen.table.border_title == f"Activity · {len(entries)}"
        assert screen.table.current == entries[0]
        assert "rollbook / northfield / activity" in s.text
        assert "9 Oct 2026 14:30 UTC dana.kim run held northfield" in s.text


async def test_an_entry_is_shown_in_full(northfield: Desk, screen: ActivityScreen) -> None:
    merged = next(e for e in audit(northfield, ID) if e.subject == MERGE)
    async with shown(screen, (120, 36)) as s:
        screen.table.cursor = audit(northfield, ID).index(merged)
        await s.settle()
        assert "people merged" in s.text
        await s.press("tab", "G")
        assert "reason Entered twice by two offices." in s.text
        assert merged.hash[:40] in s.text


async def test_search_leaves_what_has_every_word(northfield: Desk, screen: ActivityScreen) -> None:
    async with shown(screen) as s:
        await s.press("slash")
        await s.write("hold r1")
        await s.press("enter")
        assert screen.table.row_count == 1
        assert "hold raised" in s.text
        assert "· /hold r1" in str(screen.table.border_title)
        await s.press("escape")
        assert screen.table.row_count == len(audit(northfield, ID))


async def test_a_search_without_a_match_says_so(screen: ActivityScreen) -> None:
    async with shown(screen) as s:
        await s.press("slash")
        await s.write("no such word")
        await s.press("enter")
        assert "No entry has that in it." in s.text


async def test_the_chain_is_checked_in_words(screen: ActivityScreen) -> None:
    async with shown(screen) as s:
        await s.press("c")
        await s.until(lambda: bool(s.toasts))
        assert s.toasts[0].startswith("The chain is whole: The chain of")


async def test_a_broken_chain_is_said_loudly(
    screen: ActivityScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = AuditVerdict(9, False, 4, "ab", "Entry 4 does not fit.")
    async with shown(screen) as s:
        monkeypatch.setattr(auditing, "verify", lambda desk: broken)
        await s.press("c")
        await s.until(lambda: bool(s.toasts))
        assert s.toasts == ["The chain is broken: Entry 4 does not fit."]
        assert next(iter(s.app._notifications)).severity == "error"


async def test_what_is_done_meanwhile_appears(northfield: Desk, screen: ActivityScreen) -> None:
    async with shown(screen) as s:
        before = screen.table.row_count
        pause(northfield, ID, preset="blackout", reason="Stocktaking.")
        s.app.look()
        await s.until(lambda: screen.table.row_count > before)


async def test_all_districts_are_one_list(northfield: Desk) -> None:
    screen = ActivityScreen(northfield)
    async with shown(screen) as s:
        assert screen.table.row_count == len(audit(northfield))
        assert "rollbook / activity" in s.text


async def test_the_id_of_what_an_entry_is_about_is_copied(
    northfield: Desk, screen: ActivityScreen
) -> None:
    async with shown(screen) as s:
        await s.press("y")
        assert s.app.clipboard == audit(northfield, ID)[0].subject


async def test_what_is_listed_is_exported(screen: ActivityScreen, tmp_path: Path) -> None:
    async with shown(screen) as s:
        await s.press("slash")
        await s.write(HOLD.rpartition(".")[0])
        await s.press("enter", "ctrl+s")
        await s.until(lambda: s.front[-1] == "SaveAs")
        await s.write(str(tmp_path / "trail.csv"))
        await s.press("enter")
        await s.until(lambda: bool(s.toasts))
        listed = screen.table.row_count
    with (tmp_path / "trail.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == listed > 0
    assert {row["on"] for row in rows} == {"northfield.3"}
