"""What the app itself does, whatever is in front."""

from __future__ import annotations

from rollbook_tui.commands.command import Command, State


class OpenPalette(Command[State]):
    """List everything that can be done here, and find it by typing."""

    id = "palette"
    action = "palette"
    label = "Command palette"
    keys = "ctrl+p"
    palette = False


class ChooseTheme(Command[State]):
    """Choose the colours: blue and orange, high contrast, light, or one of Textual's."""

    id = "theme"
    action = "choose_theme"
    label = "Theme"


class Quit(Command[State]):
    """Leave the console; asks first while a decision is being carried out."""

    id = "quit"
    action = "quit"
    label = "Quit"
    keys = "q"


CONSOLE_ACTS = (OpenPalette, ChooseTheme, Quit)
