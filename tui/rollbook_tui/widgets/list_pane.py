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

T = TypeVar("T")

HEADINGS_FROM = 60
"""Headings are worth their line where the pane is at least this wide."""


class ListPane(ScrollView, Generic[T], can_focus=True):
    """A list of any number of rows; only the lines on the screen are drawn.

    ``key`` tells rows apart over a reload, ``words`` is what the filter looks in: all of its
    words must occur there. ``counted`` tells which rows the number in the title counts and marks
    may be put on, ``empty`` is said where there are no rows at all.
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
        self._key = key
        self._words = words
        self._counted = counted
        self._empty = empty
        self._all: Sequence[T] = ()
        self._rows: Sequence[T] = ()
        self._strips: dict[tuple[int, bool], Strip] = {}
        self.cursor = 0
        self.marks: frozenset[str] = frozenset()
        self.filter = ""

    @property
    def row(self) -> T | None:
        """The row that the cursor is on."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    @property
    def rows(self) -> Sequence[T]:
        """The rows that pass the filter."""
        return self._rows

    @property
    def all_rows(self) -> Sequence[T]:
        """The rows, also those that the filter hides."""
        return self._all

    @property
    def marked(self) -> tuple[T, ...]:
        """The marked rows, also those that the filter hides."""
        if not self.marks:
            return ()
        return tuple(row for row in self._all if self._key(row) in self.marks)

    def show(self, rows: Sequence[T]) -> None:
        """Show these rows; the cursor stays on the row that it was on, as far as there is one."""
        at = self._at()
        self._all = rows
        self.marks &= {self._key(row) for row in rows}
        self._pass_filter(at)

    def set_filter(self, text: str) -> None:
        """Show the rows that have every word of ``text``; the empty text shows all."""
        at = self._at()
        self.filter = text
        self._pass_filter(at)

    def set_empty(self, text: str) -> None:
        """What to say where there are no rows."""
        self._empty = text
        self._redraw()

    def go_to(self, key: str) -> bool:
        """Put the cursor on the row with that key; false where it is not shown."""
        for position, row in enumerate(self._rows):
            if self._key(row) == key:
                self._move(position)
                return True
        return False

    def toggle_mark(self) -> None:
        """Mark the row under the cursor or take its mark, and go on to the next."""
        if not self._rows:
            return
        row = self._rows[self.cursor]
        if self._counted(row):
            self.marks ^= {self._key(row)}
            self._redraw()
        self._move(self.cursor + 1)

    def toggle_all(self) -> None:
        """Mark every row that passes the filter, or none where all of them are marked."""
        shown = frozenset(self._key(row) for row in self._rows if self._counted(row))
        self.marks = self.marks - shown if shown <= self.marks else self.marks | shown
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
        self._move(len(self._rows) - 1)

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
        if 0 <= position < len(self._rows):
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
        if position >= len(self._rows):
            return self._notice(y - self._top, width)
        at_cursor = position == self.cursor
        if (strip := self._strips.get((position, at_cursor))) is None:
            strip = self._strips[position, at_cursor] = self._draw(position, at_cursor, width)
        return strip

    @property
    def _top(self) -> int:
        return int(self.size.width >= HEADINGS_FROM and bool(self._rows))

    @property
    def _room(self) -> int:
        return max(1, self.scrollable_content_region.height - self._top)

    def _placed(self, width: int) -> tuple[tuple[Column[T], int], ...]:
        return place(self._columns, width - 3)

    def _draw(self, position: int, at_cursor: bool, width: int) -> Strip:
        row = self._rows[position]
        mark = "▌" if self._key(row) in self.marks else " "
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
        if self._rows:
            return Strip.blank(width, self.rich_style)
        text = f"Nothing has {drawable(self.filter)}" if self._all else self._empty
        drawn = Content.styled(text, "$muted")
        strips = Visual.to_strips(self, drawn, max(1, width - 2), None, self.visual_style)
        if y >= len(strips):
            return Strip.blank(width, self.rich_style)
        pad = Strip.blank(1, self.rich_style)
        return Strip.join([pad, strips[y]]).adjust_cell_length(width, self.rich_style)

    def _at(self) -> str | None:
        return self._key(self._rows[self.cursor]) if self._rows else None

    def _pass_filter(self, at: str | None) -> None:
        wanted = self.filter.casefold().split()
        self._rows = [
            row for row in self._all if all(w in self._words(row).casefold() for w in wanted)
        ]
        keys = [self._key(row) for row in self._rows]
        before, self.cursor = self.cursor, keys.index(at) if at in keys else 0
        if at is not None and at not in keys:
            self.cursor = max(0, min(before, len(keys) - 1))
        self._redraw()
        self._scroll_to_cursor()
        if self._at() != at:
            self.post_message(self.Moved(self))

    def _move(self, position: int) -> None:
        position = max(0, min(position, len(self._rows) - 1))
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
        self.virtual_size = Size(0, len(self._rows) + self._top)
        self._entitle()
        self.refresh()

    def _entitle(self) -> None:
        title = f"{self._title} · {sum(map(self._counted, self._rows)):,}"
        if self.filter:
            title += f" of {sum(map(self._counted, self._all)):,}"
        notes = [f"/{self.filter}"] if self.filter else []
        if self.marks:
            notes.append(f"{len(self.marks):,} marked")
        # Setting a title redraws the frame and all in it, also when it is the same.
        for name, text in (("border_title", title), ("border_subtitle", " · ".join(notes))):
            if str(getattr(self, name) or "") != text:
                setattr(self, name, Content(drawable(text)))
