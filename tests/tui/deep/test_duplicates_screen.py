"""Likely duplicates, and the merges that were made."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Button, Input

from rollbook.desk import people
from rollbook.desk.desk import Desk
from rollbook.desk.people import duplicates, merges
from rollbook.desk.views import MergeState
from rollbook_tui.screens.duplicates import DuplicatesScreen
from tui.deep.northfield import FRIDAY, ID, MERGE, open_at
from tui.deep.shown import shown


@pytest.fixture
def screen(northfield: Desk) -> DuplicatesScreen:
    return DuplicatesScreen(northfield, ID)


async def test_pairs_stand_with_their_evidence(northfield: Desk, screen: DuplicatesScreen) -> None:
    pairs = duplicates(northfield, ID)
    async with shown(screen) as s:
        assert screen.pairs.row_count == len(pairs) == 2
        assert screen.pairs.border_title == "Likely duplicates · 2"
        assert pairs[0].label_a in s.text
        assert pairs[0].evidence in s.text
        assert f"{pairs[0].score:.0%}" in s.text


async def test_merges_stand_below(screen: DuplicatesScreen) -> None:
    async with shown(screen) as s:
        assert screen.made.border_title == "Merges made · 1"
        assert MERGE in s.text
        assert "in force" in s.text


async def test_enter_puts_the_pair_side_by_side(northfield: Desk, screen: DuplicatesScreen) -> None:
    pair = duplicates(northfield, ID)[1]
    async with shown(screen) as s:
        await s.press("j", "enter")
        assert s.front[-1] == "MergeScreen"
        assert pair.suggested_keep in s.text
        await s.press("escape")
        assert s.front[-1] == "DuplicatesScreen"
        assert screen.pairs.cursor == 1


async def test_two_people_are_marked_after_a_question(
    northfield: Desk, screen: DuplicatesScreen
) -> None:
    async with shown(screen) as s:
        await s.press("x")
        await s.until(lambda: s.front[-1] == "Confirm")
        assert isinstance(s.app.focused, Button)
        assert s.app.focused.id == "no"
        await s.press("enter")
        await s.until(lambda: s.front[-1] == "DuplicatesScreen")
        assert len(duplicates(northfield, ID)) == 2
        await s.press("x")
        await s.until(lambda: s.front[-1] == "Confirm")
        await s.press("y")
        await s.until(lambda: screen.pairs.row_count == 1)
    assert len(duplicates(northfield, ID)) == 1


async def test_a_merge_is_split_with_a_reason(northfield: Desk, screen: DuplicatesScreen) -> None:
    async with shown(screen) as s:
        await s.press("tab", "z")
        await s.until(lambda: s.front[-1] == "Decide")
        await s.press("y")
        assert "Give a reason" in s.text
        s.app.screen.query_one("#reason", Input).value = "Twins."
        await s.press("tab", "y")
        await s.until(lambda: merges(northfield)[0].state is MergeState.SPLIT)
        await s.until(lambda: "split" in s.text.split("Merges made")[1])
        await s.settle()
        await s.press("z")
        assert any("split already" in toast for toast in s.toasts)


async def test_the_key_bar_follows_the_list(screen: DuplicatesScreen) -> None:
    async with shown(screen) as s:
        assert "enter Compare" in s.text
        await s.press("tab")
        assert "z Split" in s.text
        assert "enter Compare" not in s.text
        await s.press("tab")
        assert screen.pairs.has_focus


async def test_an_empty_list_says_so(
    screen: DuplicatesScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "duplicates", lambda desk, district: ())
    async with shown(screen) as s:
        assert "Nobody here looks like somebody else." in s.text
        await s.press("enter", "x")
        assert s.front[-1] == "DuplicatesScreen"


async def test_pairs_are_looked_for_again_only_when_something_happened(
    northfield: Desk, screen: DuplicatesScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[str] = []
    real = people.duplicates

    def noted(desk: Desk, district: str) -> object:
        looks.append(district)
        return real(desk, district)

    monkeypatch.setattr(people, "duplicates", noted)
    async with shown(screen) as s:
        assert looks
        looks.clear()
        screen.on_store_moved()
        await s.settle()
        assert looks == []
        await s.press("r")
        assert looks == [ID]
        pair = duplicates(northfield, ID)[0]
        people.distinct(northfield, ID, pair.a, pair.b)
        screen.on_store_moved()
        await s.settle()
        assert screen.pairs.row_count == 1


async def test_a_desk_that_may_not_write_says_why(home: Path) -> None:
    desk = open_at(home, FRIDAY, read_only=True)
    async with shown(DuplicatesScreen(desk, ID)) as s:
        await s.press("x", "tab", "z")
        assert s.front[-1] == "DuplicatesScreen"
        assert len(s.toasts) == 2
    desk.close()
