"""What is shown until the store is open."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static


class Opening(Screen[None]):
    """One line, so that the first frame is there at once."""

    DEFAULT_CSS = """
    Opening { align: center middle; background: $background; color: $muted; }
    Opening > Static { width: auto; }
    """

    def compose(self) -> ComposeResult:
        name = Content.styled("rollbook", "bold $primary")
        yield Static(Content.assemble(name, "  opening the store …"))
