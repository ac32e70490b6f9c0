"""A page of text that is laid out for the width there is, and scrolls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.moves import MOVES

Lines = Callable[[int], Iterable[Content]]
"""The lines of a page for a width in cells; none may be wider."""


class Page(ScrollView, can_focus=True, inherit_bindings=False):
    """Text to read. It is written anew for every width, so that columns keep their shape.

    Another text is drawn without a new layout of the screen as long as it fits the page: a page
    beside a list changes with every key.
    """

    ALLOW_SELECT = False
    ACTS: ClassVar[Commands] = MOVES
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(MOVES)]
    DEFAULT_CSS = """
    Page {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        padding: 0 1;
        border: round $border-blurred;
        border-title-color: $muted;
        background: $background;
    }
    Page:focus { border: round $border; border-title-color: $primary; border-title-style: bold; }
    Page:nocolor:focus { border: heavy $border; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._text: Lines = lambda width: ()
        self._lines: list[Content] = []
        self._strips: dict[int, Strip] = {}

    def show(self, text: Lines, *, title: str | None = None) -> None:
        """Show another text, from its first line."""
        self.scroll_to(y=0, animate=False)
        self.keep(text, title=title)

    def keep(self, text: Lines, *, title: str | None = None) -> None:
        """Show a newer reading of the same text, where one was; no ``title`` leaves it."""
        self._text = text
        # Setting a title draws the frame and all in it, also when it is the same.
        if title is not None and str(self.border_title or "") != title:
            self.border_title = Content(title)
        self._write()

    @property
    def lines(self) -> list[str]:
        """The text as it stands there, line by line."""
        return [line.plain.rstrip() for line in self._lines]

    def on_resize(self) -> None:
        """Write it for the new width."""
        self._write()

    def notify_style_update(self) -> None:
        """Draw it in the colours of another theme."""
        super().notify_style_update()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """One line of the text, or an empty one."""
        at = y + self.scroll_offset.y
        if at >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        if (strip := self._strips.get(at)) is None:
            strips = Visual.to_strips(
                self, self._lines[at], self.size.width, 1, self.visual_style, pad=True
            )
            strip = self._strips[at] = strips[0]
        return strip

    def action_move_down(self) -> None:
        """A line further."""
        self.scroll_relative(y=1, animate=False)

    def action_move_up(self) -> None:
        """A line back."""
        self.scroll_relative(y=-1, animate=False)

    def action_move_first(self) -> None:
        """The first line."""
        self.scroll_to(y=0, animate=False)

    def action_move_last(self) -> None:
        """The last line."""
        self.scroll_to(y=len(self._lines), animate=False)

    def action_page_down(self) -> None:
        """A page further."""
        self.scroll_relative(y=self._room, animate=False)

    def action_page_up(self) -> None:
        """A page back."""
        self.scroll_relative(y=-self._room, animate=False)

    def action_half_page_down(self) -> None:
        """Half a page further."""
        self.scroll_relative(y=self._room // 2, animate=False)

    def action_half_page_up(self) -> None:
        """Half a page back."""
        self.scroll_relative(y=-(self._room // 2), animate=False)

    @property
    def _room(self) -> int:
        return max(2, self.scrollable_content_region.height)

    def _write(self) -> None:
        width = self.scrollable_content_region.width
        self._lines = list(self._text(width)) if width > 0 else []
        self._strips.clear()
        self.virtual_size = Size(width, max(len(self._lines), self._room))
        self.refresh()
