"""What several of the screens with a list can do."""

from __future__ import annotations

from rollbook_tui.commands.command import Command, State


class Search(Command[State]):
    """Search this list; enter goes back to it, escape takes the search away."""

    id = "list.search"
    action = "search"
    label = "Search"
    keys = "slash"
    footer = "Search"


class CopyId(Command[State]):
    """Copy the id of the highlighted line, or of every marked one, for use elsewhere."""

    id = "list.copy"
    action = "copy_id"
    label = "Copy id"
    keys = "y"
    footer = "Copy id"


class Export(Command[State]):
    """Write what is listed here, as it is filtered now, to a file."""

    id = "list.export"
    action = "export"
    label = "Export"
    keys = "e,ctrl+s"
    footer = "Export"
