"""A few choices in one line, of which one or several are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from rollbook_tui.commands.command import Command, Commands, State, bindings

GAP = 2
"""Cells between two choices."""


class ChoiceBefore(Command[State]):
    """Go to the choice before."""

    id = "choice.before"
    action = "choice_before"
    label = "Choice before"
    keys = "left,h"
    palette = False


class NextChoice(Command[State]):
    """Go to the next choice."""

    id = "choice.next"
    action = "next_choice"
    label = "Next choice"
    keys = "right,l"
    palette = False


class TakeChoice(Command[State]):
    """Take the choice, or leave it out again."""

    id = "choice.take"
    action = "take_choice"
    label = "Take the choice"
    keys = "space"
    palette = False


class LeaveChoices(Command[State]):
    """Go on to the next field."""

    id = "choice.leave"
    action = "leave_choices"
    label = "Next field"
    keys = "enter"
    palette = False


class ChoiceLine(Static, can_focus=True):
    """Choices by key and word. With ``several`` the space bar takes each one by itself and none
    taken means all; without it the one under the cursor is taken, at first ``taken``."""

    ACTS: ClassVar[Commands] = (ChoiceBefore, NextChoice, TakeChoice, LeaveChoices)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    DEFAULT_CSS = """
    ChoiceLine { height: auto; width: 1fr; }
    ChoiceLine:focus { background: $cursor-blurred; }
    ChoiceLine:disabled { color: $dimmed; }
    """

    @dataclass
    class Changed(Message):
        """Another choice was taken."""

        line: ChoiceLine

        @property
        def control(self) -> Any:
            """The line."""
            return self.line

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        *,
        several: bool = False,
        taken: str | None = None,
        id: str,  # noqa: A002 - as in Textual
    ) -> None:
        super().__init__("", id=id, markup=False)
        self.choices = choices
        self._several = several
        keys = [key for key, _ in choices]
        self._at = keys.index(taken) if taken in keys else 0
        self.taken: frozenset[str] = frozenset() if several else frozenset({keys[self._at]})

    def on_mount(self) -> None:
        """Draw it."""
        self._draw()

    def on_focus(self) -> None:
        """The cursor is drawn while it has the focus."""
        self._draw()

    def on_blur(self) -> None:
        """As for ``on_focus``."""
        self._draw()

    def action_choice_before(self) -> None:
        """One to the left."""
        self._go(self._at - 1)

    def action_next_choice(self) -> None:
        """One to the right."""
        self._go(self._at + 1)

    def action_take_choice(self) -> None:
        """Take it, or leave it out."""
        key = self.choices[self._at][0]
        self.taken = self.taken ^ {key} if self._several else frozenset({key})
        self._draw()
        self.post_message(self.Changed(self))

    def action_leave_choices(self) -> None:
        """As enter does in a line that is typed."""
        self.screen.focus_next()

    def take(self, key: str) -> None:
        """Take a choice; nothing is said of it."""
        self._at = [known for known, _ in self.choices].index(key)
        self.taken = frozenset({key})
        self._draw()

    def _go(self, to: int) -> None:
        self._at = max(0, min(to, len(self.choices) - 1))
        if self._several:
            self._draw()
        else:
            self.action_take_choice()

    def on_resize(self) -> None:
        """Break between choices, never in one."""
        self._draw()

    def _draw(self) -> None:
        lines: list[list[Content]] = [[]]
        room = self.size.width
        for at, (key, word) in enumerate(self.choices):
            choice = self._drawn(word, key in self.taken, at == self._at and self.has_focus)
            room -= choice.cell_length + GAP
            if room + GAP < 0 and lines[-1]:
                lines.append([])
                room = self.size.width - choice.cell_length - GAP
            lines[-1].append(choice)
        gap = Content(" " * GAP)
        self.update(Content("\n").join(map(gap.join, lines)))

    def _drawn(self, word: str, taken: bool, at_cursor: bool) -> Content:
        marks = ("[x]", "[ ]") if self._several else ("(•)", "( )")
        style = "bold $foreground" if taken else "$muted"
        mark = Content.styled(marks[not taken], f"{style} reverse" if at_cursor else style)
        return Content.assemble(mark, Content.styled(f" {word}", style))
