"""What every question has in common: a frame over the screen, and deafness to a held key."""

from __future__ import annotations

from time import monotonic
from typing import Any, ClassVar, TypeVar

from textual.screen import ModalScreen

from rollbook_tui.commands.command import Command, Commands, State, bindings

T = TypeVar("T")

DEAF_SECONDS = 0.25
"""For so long after it opened a question is wary: a repeating key must not answer it."""


BODY_WIDTH = 56
"""Columns that a table in a question may have."""


class Cancel(Command[State]):
    """Close the question and do nothing."""

    id = "dialog.cancel"
    action = "cancel"
    label = "Cancel"
    keys = "escape"
    palette = False


class Dialog(ModalScreen[T]):
    """A question over the screen; ``escape`` answers it with the safe answer, ``safe()``.

    One that has just opened takes no key at all; with ``takes_type_ahead`` it takes every key
    but the one that opened it, so that nothing typed ahead is lost.
    """

    takes_type_ahead: bool = False

    ACTS: ClassVar[Commands] = (Cancel,)
    BINDINGS = bindings(ACTS)

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog Toast { display: none; }
    Dialog > .frame {
        width: 64;
        max-width: 96%;
        height: auto;
        max-height: 96%;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        padding: 1 2;
        background: $surface;
        border: round $border;
        border-title-color: $primary;
        border-title-style: bold;
        border-subtitle-color: $muted;
    }
    Dialog .body { height: auto; max-height: 14; margin-bottom: 1; }
    Dialog .problem { color: $remove; height: auto; }
    Dialog .label { color: $muted; height: 1; }
    Dialog Input { margin-bottom: 1; background: $panel; }
    Dialog Input:focus { background: $cursor-blurred; }
    Dialog .buttons { height: 1; align-horizontal: right; }
    Dialog .buttons Button {
        margin-left: 2;
        min-width: 12;
        background: $panel;
        color: $foreground;
        text-style: none;
    }
    Dialog .buttons Button:focus {
        background: $primary;
        color: $background;
        text-style: bold;
        background-tint: transparent;
    }
    Dialog .buttons Button:disabled { color: $dimmed; text-style: none; }
    Dialog:nocolor .buttons Button { border: none !important; text-opacity: 100%; }
    Dialog:nocolor .buttons Button:focus { text-style: bold reverse; }
    Dialog:nocolor .buttons Button:disabled { border: none !important; text-style: dim; }
    Dialog:nocolor Input { border-left: outer $border !important; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._opened = monotonic()

    def is_deaf_to(self, key: str, opener: str) -> bool:
        """Whether it opened too short ago to take ``key``; ``opener`` is the key before it."""
        if monotonic() - self._opened >= DEAF_SECONDS:
            return False
        return key == opener or not self.takes_type_ahead

    def safe(self) -> Any:
        """The answer that changes nothing."""
        return None

    def action_cancel(self) -> None:
        """Answer with the safe answer."""
        self.dismiss(self.safe())
