"""Draws the part of a long list of records that is on the screen, and reads no more than that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Generic

from rich.style import Style
from textual import work
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from rollbook_tui.widgets.record_columns import (
    Column,
    Placed,
    Row,
    Tone,
    place,
    place_all,
    total_width,
)
from rollbook_tui.widgets.row_pages import PAGE_ROWS, HeldRows, RowPages
from rollbook_tui.widgets.row_strip import GUTTER, header_strip, message_strip, row_strip
from rollbook_tui.work import in_daemon

KEPT_STRIPS = 512
AHEAD_ROWS = PAGE_ROWS


class RowCanvas(ScrollView, Generic[Row], inherit_bindings=False):
    """The lines of a table: a header that stays, rows with a cursor and marks, or a message.

    Pages around the cursor are read ahead in a thread, so that a held key seldom waits.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-canvas--header",
        "row-canvas--row",
        "row-canvas--marked",
        "row-canvas--cursor",
        *(f"row-canvas--{tone}" for tone in Tone),
    }
    DEFAULT_CSS = """
    RowCanvas {
        background: $background;
        color: $foreground;
        scrollbar-gutter: stable;
        scrollbar-size: 1 1;
        & > .row-canvas--header { color: $muted; text-style: bold; }
        & > .row-canvas--row { color: $foreground; }
        & > .row-canvas--marked { color: $foreground; background: $panel; }
        & > .row-canvas--cursor { color: $foreground; background: $cursor-blurred; }
        &:focus > .row-canvas--cursor { color: $cursor-text; background: $cursor; }
        & > .row-canvas--add { color: $add; }
        & > .row-canvas--update { color: $update; }
        & > .row-canvas--remove { color: $remove; }
        & > .row-canvas--held { color: $held; text-style: bold; }
        & > .row-canvas--good { color: $success; }
        & > .row-canvas--warning { color: $warning; }
        & > .row-canvas--bad { color: $error; text-style: bold; }
        & > .row-canvas--muted { color: $muted; }
        &:nocolor > .row-canvas--marked { text-style: bold; }
        &:nocolor > .row-canvas--cursor { text-style: underline; }
        &:nocolor:focus > .row-canvas--cursor { text-style: reverse; }
    }
    """

    cursor: reactive[int] = reactive(0, repaint=False)
    """The index of the highlighted row."""
    wide: reactive[bool] = reactive(False, repaint=False)
    """Whether every column has its full width, however far the table then goes to the right."""

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        header: bool = True,
        empty: str = "",
        id: str | None = None,  # noqa: A002 - the name that every Textual widget gives it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._columns = tuple(columns)
        self._top = int(header)
        self._empty = empty
        self._pages: RowPages[Row] = RowPages(HeldRows())
        self._reading = False
        self._tone_styles: dict[Tone, Style] = {}
        self._placed: list[Placed[Row]] = []
        self._strips: LRUCache[tuple[int, bool, bool], Strip] = LRUCache(KEPT_STRIPS)

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._pages)

    @property
    def current(self) -> Row | None:
        """The highlighted row, or ``None`` in an empty table."""
        return self._pages.row(self.cursor)

    @property
    def shown_columns(self) -> list[str]:
        """The titles of the columns that have a place at this width."""
        return [p.column.title for p in self._placed]

    def row_at(self, index: int) -> Row | None:
        """The row at ``index``, or ``None`` where there is none."""
        return self._pages.row(index)

    def set_empty(self, text: str) -> None:
        """What stands there, line by line, when there are no rows."""
        self._empty = text
        if not self.row_count:
            self.refresh()

    def is_marked(self, index: int) -> bool:
        """Whether a row is drawn as marked."""
        return False

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(cursor, self.row_count - 1))

    def watch_wide(self) -> None:
        """Give the columns their other widths."""
        self.lay_out()
        self.scroll_to(0, animate=False)

    def on_resize(self) -> None:
        """Share out the new width and keep the cursor in sight."""
        self.lay_out()
        self.keep_in_sight()

    def notify_style_update(self) -> None:
        """Forget what was drawn with other styles, such as those of another theme."""
        super().notify_style_update()
        self._strips.clear()
        self._tone_styles = {}

    def lay_out(self) -> None:
        """Place the columns in the width there is, and say how far there is to scroll."""
        available = self.scrollable_content_region.width - GUTTER
        self._placed = (place_all if self.wide else place)(self._columns, available)
        self._strips.clear()
        self.virtual_size = Size(GUTTER + total_width(self._placed), self.row_count + self._top)
        self.refresh()

    @property
    def rows_shown(self) -> int:
        """How many rows are on the screen at once."""
        return max(1, self.scrollable_content_region.height - self._top)

    def draw_row(self, index: int) -> None:
        """Draw one row again, where it is on the screen."""
        line = index + self._top - self.scroll_offset.y
        if self._top <= line < self.size.height:
            self.refresh(Region(0, line, self.size.width, 1))

    def keep_in_sight(self) -> None:
        """Scroll no further than it takes to see the cursor."""
        top, shown = self.scroll_offset.y, self.rows_shown
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + shown:
            self.scroll_to(y=self.cursor - shown + 1, animate=False)

    def render_line(self, y: int) -> Strip:
        """The header, a row, a line of the message for an empty table, or nothing."""
        left, width = self.scroll_offset.x, self.size.width
        strip = self._header() if y < self._top else self._line(y - self._top)
        return strip.crop(left, left + width)

    @property
    def _table_width(self) -> int:
        return max(self.size.width, GUTTER + total_width(self._placed))

    def _header(self) -> Strip:
        style = self.get_component_rich_style("row-canvas--header")
        return header_strip(self._placed, self._table_width, style)

    def _line(self, line: int) -> Strip:
        index = line + self.scroll_offset.y
        if index < self.row_count:
            return self._row(index)
        message = [] if self.row_count else self._empty.splitlines()
        if 1 <= line <= len(message):
            style = self.get_component_rich_style("row-canvas--muted")
            return message_strip(message[line - 1], self._table_width, style)
        return Strip.blank(self._table_width, self.rich_style)

    def _row(self, index: int) -> Strip:
        at_cursor, marked = index == self.cursor, self.is_marked(index)
        key = (index, at_cursor, marked)
        strip = self._strips.get(key)
        if strip is None:
            look = "cursor" if at_cursor else "marked" if marked else "row"
            style = self.get_component_rich_style(f"row-canvas--{look}")
            row = self._pages.row(index)
            if row is None:
                return Strip.blank(self._table_width, style)
            tones = {} if at_cursor else self._tones()
            strip = row_strip(self._placed, row, self._table_width, style, tones, marked=marked)
            self._strips[key] = strip
        return strip

    def _tones(self) -> dict[Tone, Style]:
        if self._tone_styles:
            return self._tone_styles
        looks = {tone: self.get_component_rich_style(f"row-canvas--{tone}") for tone in Tone}
        self._tone_styles = {
            tone: Style(color=look.color, bold=look.bold or None) for tone, look in looks.items()
        }
        return self._tone_styles

    def read_ahead(self) -> None:
        """Have the pages around the cursor read, unless that is under way.

        The cursor's own page is drawn now, so that one is read now.
        """
        self._pages.row(self.cursor)
        if self.is_mounted and not self._reading and any(True for _ in self._missing()):
            self._read_missing()

    def _missing(self) -> Iterator[int]:
        return self._pages.missing(self.cursor - AHEAD_ROWS, self.cursor + AHEAD_ROWS + 1)

    @work(group="read ahead", exit_on_error=False)
    async def _read_missing(self) -> None:
        """Read page after page until those around the cursor, wherever it is by then, are here."""
        self._reading = True
        try:
            while (number := next(self._missing(), None)) is not None:
                pages = self._pages
                pages.keep(number, await in_daemon(pages.read, number))
        finally:
            self._reading = False
