"""What can be done on every screen."""

from __future__ import annotations

from rollbook_tui.commands.command import Command, State


class ShowHelp(Command[State]):
    """Show the keys of the focused pane, and why the dimmed ones cannot be used now."""

    id = "help"
    action = "show_help"
    label = "Help"
    keys = "question_mark,f1"
    footer = "Help"


class GoBack(Command[State]):
    """Go back one step: to the screen before, or out of what is open here."""

    id = "back"
    action = "go_back"
    label = "Back"
    keys = "escape"
    footer = "Back"
    palette = False


class Reload(Command[State]):
    """Read everything on this screen again."""

    id = "reload"
    action = "reload"
    label = "Refresh"
    keys = "r"


class CommandLine(Command[State]):
    """Type a command, or a district to jump to."""

    id = "command-line"
    action = "command_line"
    label = "Command line"
    keys = "colon"
    palette = False
