"""The keys of a screen, and what each of them does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from rollbook_tui.commands.command import Command, Commands, State
from rollbook_tui.commands.keys import all_written
from rollbook_tui.commands.moves import MOVES
from rollbook_tui.dialogs.dialog import Dialog
from rollbook_tui.widgets.page import Page

KEY_WIDTH = 12


class Help(Dialog[None]):
    """Every command of the screen below: those of the focused pane first, dimmed with the reason
    where they cannot be used right now."""

    DEFAULT_CSS = """
    Help > .frame { width: 78; height: 96%; padding: 0 1; overflow-y: hidden; }
    Help Page, Help Page:focus { height: 1fr; border: none; background: $surface; }
    """
    AUTO_FOCUS = "Page"
    takes_type_ahead = True

    def __init__(
        self, commands: Commands, state: State, pane: str, remapped: Mapping[str, str]
    ) -> None:
        super().__init__()
        self._of = (commands, state, pane, remapped)

    def compose(self) -> ComposeResult:
        frame = Vertical(classes="frame")
        frame.border_title = Content("Keys")
        frame.border_subtitle = Content("j k to scroll · esc back")
        with frame:
            yield Page()

    def on_mount(self) -> None:
        """Write it down."""
        self.query_one(Page).show(lambda width: help_lines(*self._of, width))


def help_lines(
    commands: Commands, state: State, pane: str, remapped: Mapping[str, str], width: int
) -> Iterable[Content]:
    """The help as lines: what applies to the focused pane, the rest, and how to move."""
    here = [c for c in commands if pane and pane in c.panes]
    rest = [c for c in commands if c not in here]
    for title, group in (("In this pane", here), ("On this screen", rest), ("Moving", [*MOVES])):
        if not group:
            continue
        yield Content.styled(title, "bold $primary")
        for command in group:
            yield from _command(command, state, remapped, width)
        yield Content("")


def _command(
    command: type[Command[State]], state: State, remapped: Mapping[str, str], width: int
) -> Iterable[Content]:
    keys = all_written(remapped.get(command.id, command.keys)) or "palette"
    refusal = command.refusal(state)
    style = "$dimmed" if refusal else "$foreground"
    text = Content.styled(command.help(), style)
    if refusal:
        text += Content.styled(f" Not now: {refusal}", "italic $muted")
    first, *more = text.wrap(max(20, width - KEY_WIDTH - 1))
    head = Content.styled(keys.ljust(KEY_WIDTH), style if refusal else "bold $foreground")
    yield Content.assemble(head, " ", first.rstrip())
    for part in more:
        yield part.rstrip().pad_left(KEY_WIDTH + 1)
