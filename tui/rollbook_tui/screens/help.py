"""The keys of a screen, and what each of them does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from rollbook_tui.commands.command import Command, Commands, State
from rollbook_tui.commands.keys import all_written
from rollbook_tui.commands.moves import MOVES
from rollbook_tui.dialogs.dialog import Dialog

KEY_WIDTH = 14


class Help(Dialog[None]):
    """Every command of the screen below: those of the focused pane first, dimmed with the reason
    where they cannot be used right now."""

    DEFAULT_CSS = """
    Help > .frame { width: 76; }
    Help VerticalScroll { height: auto; max-height: 28; }
    """
    AUTO_FOCUS = "VerticalScroll"

    def __init__(
        self, commands: Commands, state: State, pane: str, remapped: Mapping[str, str]
    ) -> None:
        super().__init__()
        self._lines = Content("\n").join(help_lines(commands, state, pane, remapped))

    def compose(self) -> ComposeResult:
        frame = Vertical(classes="frame")
        frame.border_title = Content("Keys")
        frame.border_subtitle = Content("esc back")
        with frame, VerticalScroll():
            yield Static(self._lines)


def help_lines(
    commands: Commands, state: State, pane: str, remapped: Mapping[str, str]
) -> Iterable[Content]:
    """The help as lines: what applies to the focused pane, the rest, and how to move."""
    here = [c for c in commands if pane and pane in c.panes]
    rest = [c for c in commands if c not in here]
    for title, group in (("In this pane", here), ("On this screen", rest), ("Moving", [*MOVES])):
        if not group:
            continue
        yield Content.styled(title, "bold $primary")
        for command in group:
            yield _line(command, state, remapped)
        yield Content("")


def _line(command: type[Command[State]], state: State, remapped: Mapping[str, str]) -> Content:
    keys = all_written(remapped.get(command.id, command.keys)) or ":"
    refusal = command.refusal(state)
    style = "$dimmed" if refusal else ""
    parts = [
        Content.styled(keys.ljust(KEY_WIDTH), style or "bold $foreground"),
        Content.styled(command.help(), style or "$foreground"),
    ]
    if refusal:
        parts.append(Content.styled(f" Not now: {refusal}", "italic $muted"))
    return Content.assemble(*parts)
