"""Moving in a list: the same keys in every pane and table."""

from __future__ import annotations

from rollbook_tui.commands.command import Command, State


class MoveDown(Command[State]):
    """Go to the next line."""

    id = "move.down"
    action = "move_down"
    label = "Next line"
    keys = "j,down"
    palette = False


class MoveUp(Command[State]):
    """Go to the line before."""

    id = "move.up"
    action = "move_up"
    label = "Line before"
    keys = "k,up"
    palette = False


class MoveFirst(Command[State]):
    """Go to the first line."""

    id = "move.first"
    action = "move_first"
    label = "First line"
    keys = "g,home"
    palette = False


class MoveLast(Command[State]):
    """Go to the last line."""

    id = "move.last"
    action = "move_last"
    label = "Last line"
    keys = "G,end"
    palette = False


class HalfPageDown(Command[State]):
    """Go down half a page."""

    id = "move.half-down"
    action = "half_page_down"
    label = "Half a page down"
    keys = "ctrl+d"
    palette = False


class HalfPageUp(Command[State]):
    """Go up half a page."""

    id = "move.half-up"
    action = "half_page_up"
    label = "Half a page up"
    keys = "ctrl+u"
    palette = False


class PageDown(Command[State]):
    """Go down a page."""

    id = "move.page-down"
    action = "page_down"
    label = "A page down"
    keys = "pagedown"
    palette = False


class PageUp(Command[State]):
    """Go up a page."""

    id = "move.page-up"
    action = "page_up"
    label = "A page up"
    keys = "pageup"
    palette = False


MOVES = (MoveDown, MoveUp, MoveFirst, MoveLast, HalfPageDown, HalfPageUp, PageDown, PageUp)
"""The commands of anything with a cursor."""
