"""The line in which a list is searched."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

PAUSE_SECONDS = 0.2
"""A search begins when no key was pressed for so long."""


class SearchLine(Input):
    """Hidden until it is opened; says what to search for when the typing pauses."""

    DEFAULT_CSS = """
    SearchLine {
        display: none;
        height: 1;
        background: $panel;
    }
    SearchLine.-textual-compact { padding: 0 2; }
    SearchLine.-open { display: block; }
    """

    @dataclass
    class Searched(Message):
        """The text to search for, empty for all."""

        text: str

    @dataclass
    class Left(Message):
        """Enter: back to the list."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, compact=True, select_on_focus=False)
        self._searched = ""
        self._waiting: Timer | None = None

    def open(self, text: str = "") -> None:
        """Show the line and take the keys."""
        self.add_class("-open")
        self._searched = self.value = text
        self.focus()

    def close(self) -> bool:
        """Hide the line and search for nothing; false where it was hidden already."""
        if not self.has_class("-open"):
            return False
        self.remove_class("-open")
        self.value = ""
        self._say()
        return True

    def on_input_changed(self, event: Input.Changed) -> None:
        """Wait for the end of the word."""
        event.stop()
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(PAUSE_SECONDS, self._say)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Search at once and go back to the list."""
        event.stop()
        self._say()
        if not self.value.strip():
            self.remove_class("-open")
        self.post_message(self.Left())

    def _say(self) -> None:
        text = self.value.strip()
        if text != self._searched:
            self._searched = text
            self.post_message(self.Searched(text))
