"""A page of text beside a list."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot

from rollbook_tui.theme import THEMES
from rollbook_tui.widgets.page import Page


class Reading(App[None]):
    """One page, and nothing else."""

    CSS = "Page { height: 8; width: 30; }"

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def compose(self) -> ComposeResult:
        yield Page()


def numbered(count: int, word: str = "line") -> Iterator[Content]:
    for number in range(count):
        yield Content(f"{word} {number}")


@asynccontextmanager
async def reading(count: int) -> AsyncIterator[tuple[Page, Pilot[None]]]:
    app = Reading()
    async with app.run_test(size=(60, 20)) as pilot:
        page = app.query_one(Page)
        page.show(lambda width: numbered(count), title="Numbers")
        page.focus()
        await pilot.pause()
        yield page, pilot


def seen(page: Page) -> list[str]:
    return [page.render_line(y).text.strip() for y in range(page.size.height)]


async def test_a_text_is_written_for_the_width_there_is() -> None:
    async with reading(0) as (page, pilot):
        page.show(lambda width: [Content("x" * width)])
        await pilot.pause()
        assert page.lines == ["x" * page.scrollable_content_region.width]
        page.styles.width = 20
        await pilot.pause()
        assert page.lines == ["x" * page.scrollable_content_region.width]
        assert page.size.width < 20


async def test_another_text_starts_at_its_first_line_and_a_newer_reading_stays() -> None:
    async with reading(50) as (page, pilot):
        await pilot.press("G")
        assert seen(page)[-1] == "line 49"
        page.keep(lambda width: numbered(50, "newer"))
        await pilot.pause()
        assert seen(page)[-1] == "newer 49"
        assert str(page.border_title) == "Numbers"
        page.show(lambda width: numbered(50, "other"), title="Others")
        await pilot.pause()
        assert seen(page)[0] == "other 0"
        assert str(page.border_title) == "Others"


@pytest.mark.parametrize(
    ("keys", "first"),
    [
        (["j", "j", "k"], 1),
        (["pagedown"], 6),
        (["pagedown", "pagedown", "pageup"], 6),
        (["ctrl+d"], 3),
        (["ctrl+d", "ctrl+d", "ctrl+u"], 3),
        (["G"], 44),
        (["G", "g"], 0),
    ],
)
async def test_it_scrolls_with_the_keys_of_a_list(keys: list[str], first: int) -> None:
    async with reading(50) as (page, pilot):
        await pilot.press(*keys)
        await pilot.pause()
        assert page.size.height == 6
        assert seen(page)[0] == f"line {first}"


async def test_texts_that_fit_are_changed_without_a_new_layout() -> None:
    async with reading(3) as (page, pilot):
        size = page.virtual_size
        page.show(lambda width: numbered(6))
        await pilot.pause()
        assert page.virtual_size == size
        assert seen(page)[5] == "line 5"


async def test_what_is_no_longer_there_is_not_drawn() -> None:
    async with reading(6) as (page, pilot):
        page.show(lambda width: numbered(1))
        await pilot.pause()
        assert seen(page) == ["line 0", "", "", "", "", ""]


async def test_a_theme_draws_it_anew() -> None:
    async with reading(3) as (page, pilot):
        before = [segment.style for segment in page.render_line(0)]
        page.app.theme = "rollbook-light"
        await pilot.pause()
        assert [segment.style for segment in page.render_line(0)] != before
