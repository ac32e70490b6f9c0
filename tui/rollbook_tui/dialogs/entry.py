"""One line of the palette."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rollbook_tui.commands.command import Commands, State
from rollbook_tui.commands.keys import all_written


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to choose. ``action`` is run on the screen below, ``refusal`` says why not now."""

    action: str
    label: str
    words: str
    keys: str = ""
    help: str = ""
    refusal: str | None = None


def entries(
    commands: Commands, state: State, remapped: Mapping[str, str], prefix: str = ""
) -> list[Entry]:
    """The commands that the palette offers; ``prefix`` names who runs their actions."""
    return [
        Entry(
            action=prefix + command.action,
            label=command.label,
            words=f"{command.label} {command.id} {command.help()}",
            keys=all_written(remapped.get(command.id, command.keys)),
            help=command.help(),
            refusal=command.refusal(state),
        )
        for command in commands
        if command.palette
    ]
