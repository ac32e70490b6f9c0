"""A table over any number of records, with a cursor, marks and ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.rows import ROWS
from rollbook_tui.widgets.record_columns import Column, Row
from rollbook_tui.widgets.row_canvas import RowCanvas
from rollbook_tui.widgets.row_marks import RowMarks
from rollbook_tui.widgets.row_pages import RowPages

SIDE_STEP = 8
"""Cells that a look to the side goes."""


class RecordTable(RowCanvas[Row], can_focus=True):
    """Rows of a ``RowSource`` under a header that stays.

    A million rows are as quick as ten: rows are read by the page, and only where the cursor is.
    Cells are untrusted text: never markup, and without control characters.
    """

    DEFAULT_CSS = """
    RecordTable.-framed {
        border: round $border-blurred;
        border-title-color: $muted;
        border-subtitle-color: $muted;
    }
    RecordTable.-framed:focus {
        border: round $border;
        border-title-color: $primary;
        border-title-style: bold;
    }
    RecordTable.-framed:nocolor:focus { border: heavy $border; }
    """
    ACTS: ClassVar[Commands] = ROWS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ROWS)]

    @dataclass
    class RowHighlighted(Message):
        """The cursor came to rest on a row, or the rows under it are other ones."""

        table: RecordTable[Any]
        index: int

        @property
        def control(self) -> RecordTable[Any]:
            """The table."""
            return self.table

    @dataclass
    class RowSelected(Message):
        """A row was opened, by enter or by a click on the highlighted one."""

        table: RecordTable[Any]
        index: int

        @property
        def control(self) -> RecordTable[Any]:
            """The table."""
            return self.table

    @dataclass
    class MarksChanged(Message):
        """``count`` rows are marked now, and ``reached`` are in a range that was begun."""

        table: RecordTable[Any]
        count: int
        reached: int

        @property
        def control(self) -> RecordTable[Any]:
            """The table."""
            return self.table

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        header: bool = True,
        empty: str = "",
        id: str | None = None,  # noqa: A002 - the name that every Textual widget gives it
        classes: str | None = None,
    ) -> None:
        super().__init__(columns, header=header, empty=empty, id=id, classes=classes)
        self._marks = RowMarks()
        self._anchor: int | None = None

    @property
    def marks(self) -> RowMarks:
        """The marked rows; they are changed through the table only."""
        return self._marks

    @property
    def in_range(self) -> bool:
        """Whether a range was begun and not yet marked."""
        return self._anchor is not None

    def show(self, pages: RowPages[Row], *, cursor: int = 0) -> None:
        """Show another list with the cursor on a row of it; marks are let go of."""
        if self._marks or self._anchor is not None:
            self._marks.clear()
            self._anchor = None
            self._tell_marks()
        self.scroll_to(0, 0, animate=False)
        self._put(pages, cursor)

    def renew(self, pages: RowPages[Row]) -> None:
        """Show a newer reading of the same list: cursor, marks and place stay.

        Where it has another length by now it is another list.
        """
        if len(pages) == self.row_count:
            self._put(pages, self.cursor)
        else:
            self.show(pages, cursor=self.cursor)

    def clear_marks(self) -> bool:
        """Give up a range that was begun, or else every mark; false when there was neither."""
        if self._anchor is not None:
            self._anchor = None
        elif self._marks:
            self._marks.clear()
        else:
            return False
        self._marks_changed()
        return True

    def is_marked(self, index: int) -> bool:
        """Whether a row is marked, or would be if the range ended here."""
        return index in self._marks or index in self._range

    def watch_cursor(self, old: int, new: int) -> None:
        """Draw the two rows that changed their looks, or all of a range that changed its size."""
        if self._anchor is None:
            self.draw_row(old)
            self.draw_row(new)
        else:
            self._marks_changed()
        self._cursor_moved()

    def on_click(self, event: events.Click) -> None:
        """Go to the row under the pointer, or open it when the cursor is there already."""
        at = event.get_content_offset(self)
        if at is None or at.y < self._top:
            return
        index = at.y - self._top + self.scroll_offset.y
        if index >= self.row_count:
            return
        if index == self.cursor:
            self.action_open_row()
        else:
            self.cursor = index

    def action_move_down(self) -> None:
        """Go to the next row."""
        self.cursor += 1

    def action_move_up(self) -> None:
        """Go to the row before."""
        self.cursor -= 1

    def action_move_first(self) -> None:
        """Go to the first row."""
        self.cursor = 0

    def action_move_last(self) -> None:
        """Go to the last row."""
        self.cursor = self.row_count - 1

    def action_page_down(self) -> None:
        """Go down a page, less one row to go by."""
        self.cursor += max(1, self.rows_shown - 1)

    def action_page_up(self) -> None:
        """Go up a page, less one row to go by."""
        self.cursor -= max(1, self.rows_shown - 1)

    def action_half_page_down(self) -> None:
        """Go down half a page."""
        self.cursor += max(1, self.rows_shown // 2)

    def action_half_page_up(self) -> None:
        """Go up half a page."""
        self.cursor -= max(1, self.rows_shown // 2)

    def action_look_left(self) -> None:
        """Look further left."""
        self.scroll_relative(x=-SIDE_STEP, animate=False)

    def action_look_right(self) -> None:
        """Look further right."""
        self.scroll_relative(x=SIDE_STEP, animate=False)

    def action_widen_columns(self) -> None:
        """Show every column in full, or fit them to the screen again."""
        self.wide = not self.wide

    def action_open_row(self) -> None:
        """Say that the highlighted row was opened."""
        if self.row_count:
            self.post_message(self.RowSelected(self, self.cursor))

    def action_mark_row(self) -> None:
        """Mark the row and step on; a range that was begun is marked as a whole."""
        if self._anchor is not None:
            self._end_range()
        elif self.row_count:
            self._marks.toggle(self.cursor)
            self._marks_changed()
            self.cursor += 1

    def action_mark_range(self) -> None:
        """Begin a range at the cursor, or mark the one that was begun."""
        if self._anchor is not None:
            self._end_range()
        elif self.row_count:
            self._anchor = self.cursor
            self._marks_changed()

    @property
    def _range(self) -> range:
        if self._anchor is None:
            return range(0)
        return range(min(self._anchor, self.cursor), max(self._anchor, self.cursor) + 1)

    def _put(self, pages: RowPages[Row], cursor: int) -> None:
        self._pages = pages
        self.set_reactive(RecordTable.cursor, self.validate_cursor(cursor))
        self.lay_out()
        self._cursor_moved()

    def _end_range(self) -> None:
        chosen = self._range
        self._marks.mark(chosen.start, chosen.stop)
        self._anchor = None
        self._marks_changed()

    def _marks_changed(self) -> None:
        self.refresh()
        self._tell_marks()

    def _tell_marks(self) -> None:
        self.post_message(self.MarksChanged(self, len(self._marks), len(self._range)))

    def _cursor_moved(self) -> None:
        self.keep_in_sight()
        self.read_ahead()
        self.post_message(self.RowHighlighted(self, self.cursor))
