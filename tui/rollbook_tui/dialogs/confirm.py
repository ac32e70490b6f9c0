"""A yes-or-no question that says what would be done, to what and to how many."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from rollbook_tui.commands.command import Command, Commands, State, bindings
from rollbook_tui.dialogs.dialog import Cancel, Dialog
from rollbook_tui.untrusted import drawable


class SayYes(Command[State]):
    """Answer yes."""

    id = "dialog.yes"
    action = "yes"
    label = "Yes"
    keys = "y"
    palette = False


class SayNo(Command[State]):
    """Answer no, and change nothing."""

    id = "dialog.no"
    action = "cancel"
    label = "No"
    keys = "n"
    palette = False


class OtherButton(Command[State]):
    """Go to the other button."""

    id = "dialog.other-button"
    action = "other_button"
    label = "Other button"
    keys = "left,right"
    palette = False


class Confirm(Dialog[bool]):
    """``True`` for yes. ``yes`` names the act and its count: ``Sync 6 districts``.

    The focus is on No. ``y`` answers unless it is the key that opened the question.
    """

    ACTS: ClassVar[Commands] = (SayYes, SayNo, OtherButton, Cancel)
    BINDINGS = bindings(ACTS)
    AUTO_FOCUS = "#no"

    def __init__(self, title: str, body: Content, *, yes: str, no: str = "No") -> None:
        super().__init__()
        self._title = title
        self._body = body
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        frame = Vertical(classes="frame")
        frame.border_title = Content(drawable(self._title))
        frame.border_subtitle = Content("y yes · n no · esc no")
        with frame:
            yield Static(self._body, classes="body")
            with Horizontal(classes="buttons"):
                yield Button(Content(self._no), id="no", compact=True)
                yield Button(Content(self._yes), id="yes", compact=True)

    def safe(self) -> bool:
        """No."""
        return False

    def action_yes(self) -> None:
        """Answer yes."""
        self.dismiss(True)

    def action_other_button(self) -> None:
        """Go to the other button."""
        self.query_one("#no" if self.query_one("#yes").has_focus else "#yes").focus()

    @on(Button.Pressed, "#yes")
    def _pressed_yes(self) -> None:
        self.dismiss(True)

    @on(Button.Pressed, "#no")
    def _pressed_no(self) -> None:
        self.dismiss(False)
