"""A page of text that is laid out for the width there is, and scrolls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.moves import MOVES

Lines = Callable[[int], Iterable[Content]]
"""The lines of a page for a width in cells."""


class Page(VerticalScroll, can_focus=True, inherit_bindings=False):
    """Text to read. It is written anew for every width, so that columns keep their shape."""

    ACTS: ClassVar[Commands] = MOVES
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(MOVES)]
    DEFAULT_CSS = """
    Page {
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        padding: 0 1;
        border: round $border-blurred;
        border-title-color: $muted;
        background: $background;
    }
    Page:focus { border: round $border; border-title-color: $primary; border-title-style: bold; }
    Page:nocolor:focus { border: heavy $border; }
    Page > Static { height: auto; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._lines: Lines = lambda width: ()

    def compose(self) -> ComposeResult:
        yield Static("", markup=False)

    def show(self, lines: Lines) -> None:
        """Show another text, from its first line."""
        self._lines = lines
        self.scroll_home(animate=False)
        self._write()

    def keep(self, lines: Lines) -> None:
        """Show a newer reading of the same text, where one was."""
        self._lines = lines
        self._write()

    def on_resize(self) -> None:
        """Write it for the new width."""
        self._write()

    def action_move_down(self) -> None:
        """A line further."""
        self.scroll_relative(y=1, animate=False)

    def action_move_up(self) -> None:
        """A line back."""
        self.scroll_relative(y=-1, animate=False)

    def action_move_first(self) -> None:
        """The first line."""
        self.scroll_home(animate=False)

    def action_move_last(self) -> None:
        """The last line."""
        self.scroll_end(animate=False)

    def action_page_down(self) -> None:
        """A page further."""
        self.scroll_relative(y=self._page, animate=False)

    def action_page_up(self) -> None:
        """A page back."""
        self.scroll_relative(y=-self._page, animate=False)

    def action_half_page_down(self) -> None:
        """Half a page further."""
        self.scroll_relative(y=self._page // 2, animate=False)

    def action_half_page_up(self) -> None:
        """Half a page back."""
        self.scroll_relative(y=-(self._page // 2), animate=False)

    @property
    def _page(self) -> int:
        return max(2, self.scrollable_content_region.height)

    def _write(self) -> None:
        width = self.scrollable_content_region.width
        if width > 0:
            self.query_one(Static).update(Content("\n").join(self._lines(width)))
