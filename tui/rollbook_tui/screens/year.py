"""The year: the season of every district on one screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content

from rollbook.desk import year_overview
from rollbook.desk.desk import Desk
from rollbook.desk.year_overview import YearLine
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.year import YEAR, OpenDistrictYear, YearState
from rollbook_tui.details.blocks import fact_lines
from rollbook_tui.files import csv_lines, write_lines
from rollbook_tui.screens.base import EVERYWHERE
from rollbook_tui.screens.table_screen import TableScreen
from rollbook_tui.screens.year_acts import YearActs
from rollbook_tui.season_words import ROLL_UPS, season_sign
from rollbook_tui.times import until
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.record_columns import Column, Tone
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import HeldRows, RowPages
from rollbook_tui.widgets.search_line import SearchLine
from rollbook_tui.work import in_daemon

HEADER = (
    *("district", "name", "season", "waits for", "meanwhile", "roll-up", "rolled up on"),
    *("blackout", "pauses", "plans", "next run"),
)

_TONES = {"$held": Tone.HELD, "$primary": Tone.GOOD}


class YearScreen(YearActs, TableScreen):
    """Every district's season, what it waits for, its next run, its pauses and plans."""

    ACTS: ClassVar[Commands] = (*YEAR, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/year.tcss"
    EXPORTED = "the districts listed"

    def __init__(self, desk: Desk, district_id: str | None = None) -> None:
        super().__init__(desk)
        self._begin_at = district_id
        self._all: Sequence[YearLine] = ()
        self._listed: Sequence[YearLine] = ()
        self._search = ""

    def body(self) -> ComposeResult:
        """The list, and the highlighted district in words."""
        yield SearchLine("every word must occur, such as: waiting roll-up")
        with Container(id="panes"):
            columns = columns_at(self.desk.clock())
            yield RecordTable(columns, empty="Reading the year …", classes="-framed")
            yield Page()

    def path(self) -> Sequence[str]:
        """All of them."""
        return ("The year",)

    def state(self) -> YearState:
        """The highlighted district."""
        return YearState(super().state().read_only, self.district())

    def district(self) -> str | None:
        """The highlighted one."""
        line = self.table.current if self.is_mounted else None
        return line.district if line else None

    @property
    def table(self) -> RecordTable[YearLine]:
        """The list."""
        return self.query_one(RecordTable)

    async def reload(self) -> None:
        """Read all districts again, in one pass."""
        self._all = await self.read(year_overview.year_overview)
        self._list()
        if self._begin_at is not None:
            ids = [line.district for line in self._listed]
            if self._begin_at in ids:
                self.table.cursor = ids.index(self._begin_at)
            self._begin_at = None

    def search(self, text: str) -> None:
        """List the districts with every word of ``text``."""
        self._search = text
        self._list()

    def id_of(self, row: YearLine) -> str:
        """The district's id."""
        return row.district

    def export_stem(self) -> str:
        """``year``."""
        return "year"

    async def export_to(self, path: Path) -> int:
        """Write the listed districts as CSV."""
        return await in_daemon(write_lines, path, csv_lines(HEADER, cells(self._listed))) - 1

    @on(RecordTable.RowHighlighted)
    def _highlighted(self) -> None:
        line, now = self.table.current, self.desk.clock()

        def lines(width: int) -> Iterator[Content]:
            yield from line_in_words(line, now, width) if line is not None else ()

        self.query_one(Page).keep(lines, title=drawable(line.name) if line else "District")
        self.commands_changed()

    @on(RecordTable.RowSelected)
    def _selected(self) -> None:
        self.do(OpenDistrictYear)

    def _list(self) -> None:
        words = self._search.casefold().split()
        self._listed = [x for x in self._all if all(word in _haystack(x) for word in words)]
        self.table.set_empty("No district yet." if not self._all else "No district is like that.")
        self.table.renew(RowPages(HeldRows(self._listed)))
        count = f"{len(self._all):,}"
        if self._search:
            count = f"{len(self._listed):,} of {count} · /{drawable(self._search)}"
        self.table.border_title = Content(f"The year · {count}")


def columns_at(now: datetime) -> tuple[Column[YearLine], ...]:
    """The columns; times are counted from ``now``."""
    return (
        Column("", lambda x: season_sign(x.season).mark, 1, tone=_tone),
        Column("district", lambda x: x.name, 26, 14, grow=1),
        Column("season", lambda x: season_sign(x.season).word, 23, 22, tone=_tone),
        Column("waits for", lambda x: x.waits_for, 40, 16, grow=3, drop=1),
        Column("next run", lambda x: until(x.next_run, now) if x.next_run else "", 9, drop=2),
        Column("pauses", lambda x: f"= {x.pauses}" if x.pauses else "", 6, drop=3, right=True),
        Column("plan", lambda x: x.plans[0].value if x.plans else "", 8, drop=4),
        Column("blackout", lambda x: x.blackout or "", 10, drop=5),
    )


def line_in_words(line: YearLine, now: datetime, width: int) -> Iterator[Content]:
    """A district's line in full."""
    yield season_sign(line.season).both()
    yield from fact_lines("waits for", line.waits_for, width)
    if line.will_do:
        yield from fact_lines("meanwhile", line.will_do, width)
    if line.roll_up is not None:
        on_day = f" on {line.rolled_up_on}" if line.rolled_up_on else ""
        yield from fact_lines("roll-up", f"{ROLL_UPS[line.roll_up].word}{on_day}", width)
    beside = [f"{line.pauses} in force" if line.pauses else "", line.blackout or ""]
    if any(beside):
        yield from fact_lines("paused", ", ".join(filter(None, beside)), width)
    if line.plans:
        yield from fact_lines("plans", ", ".join(line.plans), width)
    yield from fact_lines(
        "next run", until(line.next_run, now) if line.next_run else "none planned", width
    )


def cells(lines: Sequence[YearLine]) -> Iterator[Sequence[object]]:
    """The districts as rows of a table; times in UTC as ISO 8601."""
    for x in lines:
        yield (
            *(x.district, x.name, x.season, x.waits_for, x.will_do, x.roll_up, x.rolled_up_on),
            *(x.blackout, x.pauses, ", ".join(x.plans)),
            x.next_run.isoformat() if x.next_run else "",
        )


def _tone(line: YearLine) -> Tone | None:
    return _TONES.get(season_sign(line.season).style, Tone.MUTED)


def _haystack(line: YearLine) -> str:
    words = (line.district, line.name, season_sign(line.season).word, line.waits_for)
    return " ".join((*words, *line.plans, line.blackout or "")).casefold()
