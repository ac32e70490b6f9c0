"""The virtual table: what it says, what it reads, and what it draws."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Input

from rollbook_tui.theme import THEMES
from rollbook_tui.widgets.record_columns import Column, Tone
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import HeldRows, RowPages

MILLION = 1_000_000


class Computed:
    """A million rows that are nowhere; notes what is read."""

    def __init__(self, length: int = MILLION) -> None:
        self.length = length
        self.reads: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return self.length

    def rows(self, start: int, stop: int, /) -> list[tuple[str, str]]:
        self.reads.append((start, stop))
        verbs = ("add", "update", "remove")
        return [(verbs[n % 3], f"Person {n}") for n in range(start, stop)]


COLUMNS: tuple[Column[tuple[str, str]], ...] = (
    Column("change", lambda row: row[0], 8, tone=lambda row: Tone(row[0])),
    Column("name", lambda row: row[1], 20, 10, grow=1),
    Column("again", lambda row: row[1], 30, drop=1),
)


class TableApp(App[None]):
    """One table and something else that can have the focus."""

    CSS = "RecordTable { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def compose(self) -> ComposeResult:
        yield RecordTable(COLUMNS, empty="Nothing here.\nAdd something.")
        yield Input()


class Console:
    """A running table with the messages that it has sent."""

    def __init__(self, app: TableApp, pilot: Pilot[None], heard: list[Message]) -> None:
        self.app = app
        self.pilot = pilot
        self.heard = heard
        self.table: RecordTable[tuple[str, str]] = app.query_one(RecordTable)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def said(self, kind: type[Message]) -> list[Any]:
        """What was said, once each: the hook hears a message again at every level it rises to."""
        once = {id(message): message for message in self.heard if isinstance(message, kind)}
        return list(once.values())

    def lines(self) -> list[str]:
        """What the table draws, line by line."""
        return [self.table.render_line(y).text.rstrip() for y in range(self.table.size.height)]


@asynccontextmanager
async def console(
    source: Computed | HeldRows[tuple[str, str]], size: tuple[int, int] = (80, 13)
) -> AsyncIterator[Console]:
    heard: list[Message] = []
    app = TableApp()
    async with app.run_test(size=size, message_hook=heard.append) as pilot:
        running = Console(app, pilot, heard)
        running.table.show(RowPages(source))
        running.table.focus()
        await app.workers.wait_for_complete()
        await pilot.pause()
        yield running


async def test_a_million_rows_open_by_reading_what_is_near_the_top() -> None:
    source = Computed()
    async with console(source) as c:
        assert c.table.row_count == MILLION
        assert c.lines()[:3] == [
            "  change    name                                 again",
            "  add       Person 0                             Person 0",
            "  update    Person 1                             Person 1",
        ]
        assert sorted(source.reads) == [(0, 256), (256, 512)]


@pytest.mark.parametrize(
    ("keys", "cursor"),
    [
        (["j", "j", "down"], 3),
        (["j", "j", "k"], 1),
        (["up"], 0),
        (["G"], MILLION - 1),
        (["end", "j"], MILLION - 1),
        (["G", "g"], 0),
        (["G", "home"], 0),
        (["pagedown"], 8),
        (["pagedown", "pagedown", "pageup"], 8),
        (["ctrl+d"], 4),
        (["ctrl+d", "ctrl+d", "ctrl+u"], 4),
    ],
)
async def test_the_cursor_goes_where_the_keys_say(keys: list[str], cursor: int) -> None:
    async with console(Computed()) as c:
        assert c.table.rows_shown == 9
        await c.press(*keys)
        assert c.table.cursor == cursor
        assert c.table.current == c.table.row_at(cursor)
        name = f"Person {cursor}"
        assert any(name in line for line in c.lines()), "the cursor's row is on the screen"
        assert c.said(RecordTable.RowHighlighted)[-1].index == cursor


async def test_the_header_stays_when_the_rows_go() -> None:
    async with console(Computed()) as c:
        await c.press("G")
        assert c.lines()[0].split() == ["change", "name", "again"]
        assert c.lines()[9].split()[:3] == ["add", "Person", "999999"]


async def test_a_far_jump_reads_only_what_is_near_it() -> None:
    source = Computed()
    async with console(source) as c:
        source.reads.clear()
        await c.press("G")
        await c.app.workers.wait_for_complete()
        assert min(start for start, _ in source.reads) >= MILLION - 4 * 256


async def test_enter_opens_the_highlighted_row() -> None:
    async with console(Computed(5)) as c:
        await c.press("j", "enter")
        assert [m.index for m in c.said(RecordTable.RowSelected)] == [1]


async def test_an_empty_table_says_what_to_do_and_opens_nothing() -> None:
    async with console(Computed(0)) as c:
        await c.press("enter", "space", "v", "j", "G", "pagedown")
        assert c.lines()[2:4] == ["  Nothing here.", "  Add something."]
        assert c.table.cursor == 0
        assert c.table.current is None
        assert not c.said(RecordTable.RowSelected)
        assert not c.said(RecordTable.MarksChanged)


async def test_space_marks_and_steps_on() -> None:
    async with console(Computed(5)) as c:
        await c.press("space", "space")
        assert list(c.table.marks) == [0, 1]
        assert c.table.cursor == 2
        assert c.lines()[1].startswith("● add")
        assert [m.count for m in c.said(RecordTable.MarksChanged)] == [1, 2]
        await c.press("g", "space")
        assert list(c.table.marks) == [1]


async def test_a_range_is_marked_from_where_it_began() -> None:
    async with console(Computed()) as c:
        await c.press("j", "v", "j", "j")
        assert [line.startswith("●") for line in c.lines()[1:6]] == [False, True, True, True, False]
        assert not c.table.marks
        await c.press("v")
        assert list(c.table.marks) == [1, 2, 3]
        await c.press("G", "v", "k", "space")
        assert list(c.table.marks)[3:] == [MILLION - 2, MILLION - 1]
        assert not c.table.in_range


async def test_a_range_then_the_marks_can_be_given_up() -> None:
    async with console(Computed()) as c:
        await c.press("space", "v", "j")
        assert c.table.clear_marks()
        assert list(c.table.marks) == [0]
        assert not c.table.in_range
        assert c.table.clear_marks()
        assert not c.table.marks
        assert not c.table.clear_marks()


async def test_another_list_starts_without_marks() -> None:
    async with console(Computed(50)) as c:
        await c.press("space", "G", "v")
        c.table.show(RowPages(Computed(20)), cursor=99)
        await c.pilot.pause()
        assert not c.table.marks
        assert not c.table.in_range
        assert c.table.cursor == 19
        assert "Person 19" in c.lines()[9]
        assert c.said(RecordTable.MarksChanged)[-1].count == 0


async def test_a_step_draws_two_rows_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(Computed()) as c:
        drawn: list[int] = []
        line = c.table.render_line

        def noted(y: int) -> Strip:
            drawn.append(y)
            return line(y)

        monkeypatch.setattr(c.table, "render_line", noted)
        await c.press("j")
        assert sorted(set(drawn)) == [1, 2]


async def test_columns_that_do_not_fit_are_dropped_and_come_back_in_full() -> None:
    async with console(Computed(), size=(40, 13)) as c:
        assert c.table.shown_columns == ["change", "name"]
        await c.press("right")
        assert c.table.scroll_offset.x == 0
        await c.press("w")
        assert c.table.shown_columns == ["change", "name", "again"]
        await c.press("right", "right", "right")
        assert c.table.scroll_offset.x == 24
        assert c.lines()[0].strip() == "again"
        await c.press("left")
        assert c.table.scroll_offset.x == 16
        await c.press("w")
        assert c.table.scroll_offset.x == 0
        assert c.table.shown_columns == ["change", "name"]


async def test_a_resize_brings_dropped_columns_back() -> None:
    async with console(Computed(), size=(40, 13)) as c:
        await c.press("G")
        await c.pilot.resize_terminal(100, 9)
        await c.pilot.pause()
        assert "again" in c.table.shown_columns
        assert any("Person 999999" in line for line in c.lines())


async def test_a_row_is_few_style_runs_and_one_under_the_cursor() -> None:
    async with console(Computed()) as c:
        assert len(list(c.table.render_line(1))) == 1
        assert len(list(c.table.render_line(2))) == 3


async def test_cells_are_neither_markup_nor_control_characters() -> None:
    rows = [("add", "x"), ("update", "[bold]B[/] \x1b[2J\nend")]
    async with console(HeldRows(rows)) as c:
        assert "[bold]B[/] [2J end" in c.lines()[2]


async def test_wide_characters_do_not_push_the_columns_after_them() -> None:
    rows = [
        ("add", "王小明王小明王小明王小明王小明王小明王小明王小明"),
        ("add", "🎓 Ada"),
        ("add", "Ada"),
    ]
    async with console(HeldRows(rows), size=(70, 13)) as c:
        for y in range(4):
            assert c.table.render_line(y).cell_length == c.table.size.width


async def test_another_theme_draws_the_rows_anew() -> None:
    async with console(Computed()) as c:
        before = [segment.style for segment in c.table.render_line(2)]
        c.app.theme = "rollbook-light"
        await c.pilot.pause()
        after = [segment.style for segment in c.table.render_line(2)]
        assert before != after


async def test_the_cursor_pales_when_the_focus_is_elsewhere() -> None:
    async with console(Computed()) as c:
        focused = next(iter(c.table.render_line(1))).style
        c.app.query_one(Input).focus()
        await c.pilot.pause()
        assert next(iter(c.table.render_line(1))).style != focused


async def test_without_colours_the_cursor_is_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with console(Computed()) as c:
        style = next(iter(c.table.render_line(1))).style
        assert style is not None
        assert style.reverse
        assert not (next(iter(c.table.render_line(2))).style or style).reverse


async def test_a_click_goes_to_a_row_and_a_second_one_opens_it() -> None:
    async with console(Computed()) as c:
        await c.pilot.click(RecordTable, offset=(5, 4))
        assert c.table.cursor == 3
        assert not c.said(RecordTable.RowSelected)
        await c.pilot.click(RecordTable, offset=(5, 4))
        assert [m.index for m in c.said(RecordTable.RowSelected)] == [3]


async def test_a_click_on_the_header_or_below_the_rows_does_nothing() -> None:
    async with console(Computed(3)) as c:
        await c.press("j")
        await c.pilot.click(RecordTable, offset=(5, 0))
        await c.pilot.click(RecordTable, offset=(5, 8))
        assert c.table.cursor == 1
        assert not c.said(RecordTable.RowSelected)


async def test_a_newer_reading_of_the_same_list_keeps_cursor_and_marks() -> None:
    async with console(Computed(500)) as c:
        await c.press("space", "G", "k")
        newer = Computed(500)
        c.table.renew(RowPages(newer))
        await c.pilot.pause()
        assert (c.table.cursor, list(c.table.marks)) == (498, [0])
        assert "Person 498" in c.lines()[8]
        assert newer.reads
        c.table.renew(RowPages(Computed(20)))
        assert (c.table.cursor, list(c.table.marks)) == (19, [])


async def test_a_page_is_read_ahead_once_however_many_keys_are_pressed() -> None:
    released = threading.Event()

    class Slow(Computed):
        def rows(self, start: int, stop: int, /) -> list[tuple[str, str]]:
            if start:
                assert released.wait(20)
            return super().rows(start, stop)

    app = TableApp()
    source = Slow()
    async with app.run_test(size=(80, 13)) as pilot:
        table = app.query_one(RecordTable)
        table.show(RowPages(source))
        table.focus()
        await pilot.press("j", "j", "j")
        released.set()
        await app.workers.wait_for_complete()
        assert source.reads == [(0, 256), (256, 512)]
