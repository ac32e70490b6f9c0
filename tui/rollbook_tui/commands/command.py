"""The one declaration of something an operator can do.

From a ``Command`` come its key, its place in the key bar, its entry in the palette and on the
``:`` line, its row in the help and in ``docs/keys.md``, the id by which ``console.toml`` remaps
it, and the sentence that says why it cannot be done right now. Nothing else makes a binding.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType


@dataclass(frozen=True)
class State:
    """What a screen's commands are judged by. ``read_only`` says why the desk may not write."""

    read_only: str | None = None


S = TypeVar("S", bound=State, contravariant=True)


class Command(Generic[S]):
    """Something an operator can do. A subclass's docstring is its help text.

    ``action`` names the method that does it, without ``action_``. ``keys`` are separated by
    commas; a command without keys is on the palette and on the ``:`` line alone. ``footer`` is
    its word in the key bar, empty for none; ``panes`` are the ids of the panes in which it is
    shown there, empty for all. ``writes`` says that a read-only desk may not do it.
    """

    id: ClassVar[str]
    action: ClassVar[str]
    label: ClassVar[str]
    keys: ClassVar[str] = ""
    footer: ClassVar[str] = ""
    panes: ClassVar[frozenset[str]] = frozenset()
    writes: ClassVar[bool] = False
    palette: ClassVar[bool] = True

    @classmethod
    def why_not(cls, state: S) -> str | None:
        """The sentence that says why it cannot be done in this state, or ``None`` if it can."""
        return None

    @classmethod
    def refusal(cls, state: S) -> str | None:
        """As ``why_not``, and before it the refusal of a desk that may not write."""
        if cls.writes and state.read_only is not None:
            return state.read_only
        return cls.why_not(state)

    @classmethod
    def help(cls) -> str:
        """What it does, in one paragraph."""
        return " ".join((inspect.getdoc(cls) or "").split("\n\n")[0].split())


Commands = tuple[type[Command[Any]], ...]
"""The commands of one screen or widget, in the order of the key bar and of the help."""


def find(commands: Commands, action: str) -> type[Command[Any]] | None:
    """The command that does ``action``, or ``None``."""
    return next((command for command in commands if command.action == action), None)


def bindings(commands: Iterable[type[Command[Any]]]) -> list[BindingType]:
    """The bindings of a screen or widget: ``BINDINGS = bindings(ACTS)``."""
    return [
        Binding(
            command.keys,
            command.action,
            command.footer or command.label,
            show=bool(command.footer),
            tooltip=command.help(),
            id=command.id,
        )
        for command in commands
        if command.keys
    ]


BETWEEN_FIELDS = [
    Binding("tab", "app.focus_next", show=False, priority=True),
    Binding("shift+tab", "app.focus_previous", show=False, priority=True),
]
"""The bindings of a form, at once: else what is typed ahead after a tab goes into the field before.
"""
