"""A question with a list of answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from rollbook_tui.dialogs.choose import FILTER_FROM, Choose, Option
from rollbook_tui.theme import THEMES
from rollbook_tui.widgets.record_table import RecordTable

Answer = Option[int | None] | None

Options = list[Option[int | None]]

FEW: Options = [Option(None, "all", "9"), Option(1, "[bold]one[/]", "4"), Option(2, "two", "5")]
MANY: Options = [Option(n, f"School {n:02}") for n in range(FILTER_FROM)]


class Asked(App[None]):
    """One question, and what was answered."""

    def __init__(self, options: Options, current: int | None) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.answers: list[Answer] = []
        self._question = Choose("Which?", options, current)

    def on_mount(self) -> None:
        self.push_screen(self._question, self.answers.append)


@asynccontextmanager
async def asked(
    options: Options, current: int | None = None
) -> AsyncIterator[tuple[Asked, Pilot[None]]]:
    app = Asked(options, current)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield app, pilot


async def test_the_cursor_begins_on_what_holds_now() -> None:
    async with asked(FEW, 2) as (app, pilot):
        await pilot.press("enter")
        assert app.answers == [FEW[2]]


async def test_an_answer_is_gone_to_and_taken() -> None:
    async with asked(FEW) as (app, pilot):
        await pilot.press("j", "enter")
        assert app.answers == [FEW[1]]


async def test_escape_is_no_answer() -> None:
    async with asked(FEW) as (app, pilot):
        await pilot.press("escape")
        assert app.answers == [None]


async def test_the_list_is_as_high_as_its_answers() -> None:
    async with asked(FEW) as (app, _):
        table = app.screen.query_one(RecordTable)
        assert table.size.height == 3
        assert "[bold]one[/]" in table.render_line(1).text


async def test_a_long_list_is_narrowed_by_typing() -> None:
    async with asked(MANY) as (app, pilot):
        assert isinstance(app.focused, Input)
        await pilot.press("0", "1", "enter")
        assert app.answers == [MANY[1]]


async def test_arrows_move_while_a_part_is_typed() -> None:
    async with asked(MANY, 3) as (app, pilot):
        await pilot.press("down", "down", "up", "enter")
        assert app.answers == [MANY[4]]


async def test_nothing_is_taken_where_nothing_is_left() -> None:
    async with asked(MANY) as (app, pilot):
        await pilot.press(*"nix", "enter")
        assert app.answers == []
        assert app.screen.query_one(RecordTable).row_count == 0


async def test_a_note_is_shown_whole_beside_its_label() -> None:
    note = "Mon 17 Aug 12:40 UTC"
    async with asked([Option(1, "1 hour", note), Option(2, "16 hours", "later")]) as (app, _):
        lines = [app.screen.query_one(RecordTable).render_line(y).text for y in (0, 1)]
        assert "1 hour " in lines[0]
        assert note in lines[0]
        assert lines[1].rstrip().endswith("later")


async def test_a_note_that_is_too_long_leaves_room_for_its_label() -> None:
    async with asked([Option(1, "Nearly twelve", "x" * 60)]) as (app, _):
        (line,) = [app.screen.query_one(RecordTable).render_line(0).text]
        assert "Nearly twel" in line
        assert "xxxxxxxxx" in line


async def test_a_long_note_is_read_whole_where_there_is_room() -> None:
    long = "Guardians and their links go on; all else stays as it was."
    async with asked([Option(1, "summer", long), Option(2, "nothing", "")]) as (app, _):
        strips = app.screen._compositor.render_strips()
        assert any(long in strip.text for strip in strips)
