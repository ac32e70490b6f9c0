"""One line of a form: what it is called, and where it is filled in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Static

from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.choice_line import ChoiceLine

NOT_SAID = "not said"
"""What the choice of nothing is called."""


class FormRow(Horizontal):
    """A field by ``key``. ``shows`` says whether what is typed may be seen; else it is covered.

    With ``choices`` one of them is taken, without any a line is typed.
    """

    DEFAULT_CSS = """
    FormRow { height: auto; }
    FormRow > .label { width: 27; height: 1; color: $muted; }
    FormRow > .label.-wrong { color: $error; text-style: bold; }
    FormRow > Input { width: 1fr; background: $panel; }
    FormRow > Input:focus { background: $cursor-blurred; }
    FormRow:nocolor > Input { border-left: outer $border !important; }
    """

    @dataclass
    class Changed(Message):
        """Something else was typed or chosen."""

        key: str
        value: str

    def __init__(
        self,
        key: str,
        label: str,
        value: str = "",
        *,
        placeholder: str = "",
        choices: Sequence[str] = (),
        suggester: Suggester | None = None,
        shows: Callable[[str], bool] = lambda value: True,
    ) -> None:
        super().__init__(id=row_id(key))
        self.key = key
        self._label = label
        self._called = Static(Content(f"  {drawable(label)}"), classes="label", markup=False)
        self._choices = choices
        self._shows = shows
        if choices:
            named = [(choice, choice or NOT_SAID) for choice in choices]
            self.field: Widget = ChoiceLine(named, taken=value, id=field_id(key))
        else:
            self.field = Input(
                value,
                id=field_id(key),
                compact=True,
                placeholder=placeholder,
                password=not shows(value),
                suggester=suggester,
                select_on_focus=False,
            )

    def compose(self) -> ComposeResult:
        yield self._called
        yield self.field

    def mark(self, problem: str) -> None:
        """Mark the line where something is wrong with it: with a sign, not by a colour alone."""
        self._called.set_class(bool(problem), "-wrong")
        sign = "x " if problem else "  "
        self._called.update(Content(sign + drawable(self._label)), layout=False)

    def put(self, value: str) -> None:
        """Write a value into the line; nothing is said of it."""
        if isinstance(self.field, Input):
            with self.field.prevent(Input.Changed):
                self.field.value = value
                self.field.cursor_position = len(value)
        elif isinstance(self.field, ChoiceLine):
            self.field.take(value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        event.input.password = not self._shows(event.value)
        self.post_message(self.Changed(self.key, event.value))

    @on(ChoiceLine.Changed)
    def _chosen(self, event: ChoiceLine.Changed) -> None:
        event.stop()
        (value,) = event.line.taken
        self.post_message(self.Changed(self.key, value))


def field_id(key: str) -> str:
    """The id of the widget in which a key is filled in."""
    return f"field-{key.replace('.', '-')}"


def row_id(key: str) -> str:
    """The id of a key's line."""
    return f"row-{key.replace('.', '-')}"
