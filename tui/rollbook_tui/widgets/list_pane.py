"""A framed list with a cursor, marks and a filter, for lists that are held in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.moves import MOVES
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.columns import Column, headings, line, place
from rollbook_tui.widgets.filtered_rows import FilteredRows

T = TypeVar("T")

HEADINGS_FROM = 60
"""Headings are worth their line where the pane is at least this wide."""


class ListPane(ScrollView, Generic[T], can_focus=True):
    """A list of any number of rows; only the lines on the screen are drawn.

    ``key``, ``words`` and ``counted`` as in ``FilteredRows``; ``empty`` is said where there are
    no rows at all.
    """

    ACTS: ClassVar[Commands] = MOVES
    BINDINGS = bindings(MOVES)
    COMPONENT_CLASSES: ClassVar[set[str]] = {"list-pane--cursor", "list-pane--headings"}

    DEFAULT_CSS = """
    ListPane {
        border: round $border-blurred;
        border-title-color: $muted;
        border-subtitle-color: $muted;
        background: $background;
        color: $foreground;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
        overflow-x: hidden;
    }
    ListPane > .list-pane--cursor { background: $cursor-blurred; }
    ListPane > .list-pane--headings { color: $muted; }
    ListPane:focus {
        border: round $border;
        border-title-color: $primary;
        border-title-style: bold;
    }
    ListPane:focus > .list-pane--cursor {
        background: $cursor;
        color: $cursor-text;
        text-style: bold;
    }
    ListPane:nocolor > .list-pane--cursor { text-style: underline; }
    ListPane:nocolor:focus { border: heavy $border; }
    ListPane:nocolor:focus > .list-pane--cursor { text-style: reverse; }
    """

    @dataclass
    class Moved(Message):
        """The cursor is on another row."""

        pane: ListPane[Any]

        @property
        def control(self) -> ListPane[Any]:
            """The pane."""
            return self.pane

    def __init__(
        self,
        title: str,
        columns: Sequence[Column[T]],
        *,
        key: Callable[[T], str],
        words: Callable[[T], str],
        counted: Callable[[T], bool] = lambda row: True,
        empty: str,
        id: str,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._title = title
        self._columns = columns
        self._empty = empty
        self._rows = FilteredRows(key, words, counted)
        self._strips: dict[tuple[int, bool], Strip] = {}
        self.cursor = 0

    @property
    def row(self) -> T | None:
        """The row that the cursor is on."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    @property
    def rows(self) -> Sequence[T]:
        """The rows that pass the filter."""
        return self._rows.shown

    @property
    def all_rows(self) -> Sequence[T]:
        """The rows, also those that the filter hides."""
        return self._rows.all

    @property
    def marked(self) -> tuple[T, ...]:
        """The marked rows, also those that the filter hides."""
        return self._rows.marked

    @property
    def filter(self) -> str:
        """What the rows must have to be shown."""
        return self._rows.filter

    def show(self, rows: Sequence[T]) -> None:
        """Show these rows; the cursor stays on the row that it was on, as far as there is one."""
        at = self._at()
        self._rows.read(rows)
        self._find_again(at)

    def set_filter(self, text: str) -> None:
        """Show the rows that have every word of ``text``; the empty text shows all."""
        at = self._at()
        self._rows.show(text)
        self._find_again(at)

    def go_to(self, key: str) -> bool:
        """Put the cursor on the row with that key; false where it is not shown."""
        if (position := self._rows.position(key)) is None:
            return False
        self._move(position)
        return True

    def toggle_mark(self) -> None:
        """Mark the row under the cursor or take its mark, and go on to the next."""
        if self.rows:
            self._rows.toggle(self.rows[self.cursor])
            self._redraw()
            self._move(self.cursor + 1)

    def toggle_all(self) -> None:
        """Mark every row that passes the filter, or none where all of them are marked."""
        self._rows.toggle_all()
        self._redraw()

    def action_move_down(self) -> None:
        """A line down."""
        self._move(self.cursor + 1)

    def action_move_up(self) -> None:
        """A line up."""
        self._move(self.cursor - 1)

    def action_move_first(self) -> None:
        """The first line."""
        self._move(0)

    def action_move_last(self) -> None:
        """The last line."""
        self._move(len(self.rows) - 1)

    def action_half_page_down(self) -> None:
        """Half a page down."""
        self._move(self.cursor + max(1, self._room // 2))

    def action_half_page_up(self) -> None:
        """Half a page up."""
        self._move(self.cursor - max(1, self._room // 2))

    def action_page_down(self) -> None:
        """A page down."""
        self._move(self.cursor + max(1, self._room))

    def action_page_up(self) -> None:
        """A page up."""
        self._move(self.cursor - max(1, self._room))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is."""
        position = event.y - 1 + self.scroll_offset.y - self._top
        if 0 <= position < len(self.rows):
            self._move(position)

    def on_resize(self) -> None:
        """Lay the columns out anew."""
        self._redraw()

    def on_focus(self) -> None:
        """The cursor is drawn differently with and without the focus."""
        self._redraw()

    def on_blur(self) -> None:
        """As for ``on_focus``."""
        self._redraw()

    def notify_style_update(self) -> None:
        """Another theme."""
        super().notify_style_update()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """One line of the list."""
        width = self.scrollable_content_region.width
        if self._top and y == 0:
            heads = headings(self._placed(width))
            style = self.get_visual_style("list-pane--headings")
            return Visual.to_strips(self, heads.pad_left(2), width, 1, style, pad=True)[0]
        position = y - self._top + self.scroll_offset.y
        if position >= len(self.rows):
            return self._notice(y - self._top, width)
        at_cursor = position == self.cursor
        if (strip := self._strips.get((position, at_cursor))) is None:
            strip = self._strips[position, at_cursor] = self._draw(position, at_cursor, width)
        return strip

    @property
    def _top(self) -> int:
        return int(self.size.width >= HEADINGS_FROM and bool(self.rows))

    @property
    def _room(self) -> int:
        return max(1, self.scrollable_content_region.height - self._top)

    def _placed(self, width: int) -> tuple[tuple[Column[T], int], ...]:
        return place(self._columns, width - 3)

    def _draw(self, position: int, at_cursor: bool, width: int) -> Strip:
        row = self.rows[position]
        mark = "▌" if self._rows.key(row) in self._rows.marks else " "
        text = line(row, self._placed(width))
        if at_cursor and self.has_focus:
            text = text.without_spans
        drawn = Content.assemble((mark, "bold $primary"), " ", text, " ")
        style = self.visual_style
        if at_cursor:
            style = self.get_visual_style("list-pane--cursor")
            # Textual's visual styles leave ``reverse`` out.
            if self.get_component_styles("list-pane--cursor").text_style.reverse:
                drawn = drawn.stylize("reverse")
        return Visual.to_strips(self, drawn, width, 1, style, pad=True)[0]

    def _notice(self, y: int, width: int) -> Strip:
        if self.rows:
            return Strip.blank(width, self.rich_style)
        text = f"Nothing has {drawable(self.filter)}" if self.all_rows else self._empty
        drawn = Content.styled(text, "$muted")
        strips = Visual.to_strips(self, drawn, max(1, width - 2), None, self.visual_style)
        if y >= len(strips):
            return Strip.blank(width, self.rich_style)
        pad = Strip.blank(1, self.rich_style)
        return Strip.join([pad, strips[y]]).adjust_cell_length(width, self.rich_style)

    def _at(self) -> str | None:
        return self._rows.key(self.rows[self.cursor]) if self.rows else None

    def _find_again(self, at: str | None) -> None:
        position = self._rows.position(at)
        if position is None:
            position = 0 if at is None else max(0, min(self.cursor, len(self.rows) - 1))
        self.cursor = position
        self._redraw()
        self._scroll_to_cursor()
        if self._at() != at:
            self.post_message(self.Moved(self))

    def _move(self, position: int) -> None:
        position = max(0, min(position, len(self.rows) - 1))
        if position == self.cursor:
            return
        self.cursor = position
        self._scroll_to_cursor()
        self.refresh()
        self.post_message(self.Moved(self))

    def _scroll_to_cursor(self) -> None:
        self.scroll_to_region(
            Region(0, self.cursor, 1, 1 + self._top), animate=False, force=True, x_axis=False
        )

    def _redraw(self) -> None:
        self._strips.clear()
        self.virtual_size = Size(0, len(self.rows) + self._top)
        self._entitle()
        self.refresh()

    def _entitle(self) -> None:
        title = f"{self._title} · {self._rows.title}"
        # Setting a title redraws the frame and all in it, also when it is the same.
        for name, text in (("border_title", title), ("border_subtitle", self._rows.notes)):
            if str(getattr(self, name) or "") != text:
                setattr(self, name, Content(drawable(text)))
