"""A decision for the record: with a reason, and a number to type where it is grave."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.dialogs.confirm import OtherButton, SayNo, SayYes
from rollbook_tui.dialogs.dialog import Cancel, Dialog
from rollbook_tui.untrusted import drawable


class Decide(Dialog[str | None]):
    """The reason given, or ``None`` where the decision was not taken.

    ``reason`` is what is suggested, and may be written over but not left empty. With
    ``type_number`` the button stays dead until exactly that number has been typed, digits only
    or with the separators that the screen shows. The focus is on No.
    """

    ACTS: ClassVar[Commands] = (SayYes, SayNo, OtherButton, Cancel)
    BINDINGS = bindings(ACTS)
    AUTO_FOCUS = "#no"

    def __init__(
        self,
        title: str,
        body: Content,
        *,
        yes: str,
        reason: str = "",
        no: str = "No",
        type_number: int | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._body = body
        self._yes = yes
        self._no = no
        self._reason = reason
        self._number = type_number

    def compose(self) -> ComposeResult:
        frame = Vertical(classes="frame")
        frame.border_title = Content(drawable(self._title))
        frame.border_subtitle = Content("tab next field · y yes · n no · esc no")
        with frame:
            with VerticalScroll(classes="body", can_focus=False):
                yield Static(self._body)
            if self._number is not None:
                asked = f"Type {self._number:,} to confirm"
                yield Static(Content(asked), classes="label")
                yield Input(id="number", compact=True, select_on_focus=False)
            yield Static(Content("Reason, for the record"), classes="label")
            yield Input(drawable(self._reason), id="reason", compact=True, select_on_focus=False)
            yield Static("", classes="problem", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(Content(self._no), id="no", compact=True)
                yield Button(Content(self._yes), id="yes", compact=True)

    def on_mount(self) -> None:
        """The button is dead where something is still to be typed."""
        self._judge()

    def action_yes(self) -> None:
        """Take the decision, if nothing is missing; else go to the line that is."""
        if problem := self.problem():
            self.query_one(".problem", Static).update(Content(problem))
            asks_number = self._number is not None and problem.startswith("Type")
            self.query_one("#number" if asks_number else "#reason", Input).focus()
            return
        self.dismiss(self.query_one("#reason", Input).value.strip())

    def action_other_button(self) -> None:
        """Go to the other button."""
        other = self.query_one("#no" if self.query_one("#yes").has_focus else "#yes", Button)
        if not other.disabled:
            other.focus()

    def problem(self) -> str:
        """What is still missing, in words; empty when the decision can be taken."""
        if self._number is not None:
            typed = self.query_one("#number", Input).value.strip()
            if typed not in {str(self._number), f"{self._number:,}"}:
                return f"Type the number {self._number:,} first."
        if not self.query_one("#reason", Input).value.strip():
            return "Give a reason: it goes on the record."
        return ""

    @on(Input.Changed)
    def _judge(self) -> None:
        self.query_one("#yes", Button).disabled = bool(self.problem())
        self.query_one(".problem", Static).update("")

    @on(Input.Submitted)
    def _next_field(self, event: Input.Submitted) -> None:
        event.stop()
        if problem := self.problem():
            self.query_one(".problem", Static).update(Content(problem))
        self.focus_next()

    @on(Button.Pressed, "#yes")
    def _pressed_yes(self) -> None:
        self.action_yes()

    @on(Button.Pressed, "#no")
    def _pressed_no(self) -> None:
        self.dismiss(None)
