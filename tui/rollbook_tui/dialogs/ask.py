"""A question with a line of text for an answer."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from rollbook_tui.dialogs.dialog import Dialog
from rollbook_tui.untrusted import drawable


class Ask(Dialog[str | None]):
    """The line typed, stripped, or ``None`` for escape.

    ``problem`` says what is wrong with an answer, in words, or gives an empty text; such an
    answer is not taken.
    """

    AUTO_FOCUS = "Input"
    takes_type_ahead = True

    def __init__(
        self,
        title: str,
        label: str,
        *,
        value: str = "",
        placeholder: str = "",
        problem: Callable[[str], str] = lambda answer: "",
    ) -> None:
        super().__init__()
        self._title = title
        self._label = label
        self._value = value
        self._placeholder = placeholder
        self._problem = problem

    def compose(self) -> ComposeResult:
        frame = Vertical(classes="frame")
        frame.border_title = Content(drawable(self._title))
        frame.border_subtitle = Content("enter take it · esc leave")
        with frame:
            yield Static(Content(drawable(self._label)), classes="label")
            yield Input(drawable(self._value), placeholder=self._placeholder, compact=True)
            yield Static("", classes="problem", markup=False)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        answer = event.value.strip()
        if problem := self._problem(answer):
            self.query_one(".problem", Static).update(Content(problem))
        else:
            self.dismiss(answer)
