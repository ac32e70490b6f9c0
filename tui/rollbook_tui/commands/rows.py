"""What can be done in a table of records, beside moving in it."""

from __future__ import annotations

from rollbook_tui.commands.command import Command, State
from rollbook_tui.commands.moves import MOVES


class OpenRow(Command[State]):
    """Open the highlighted line."""

    id = "rows.open"
    action = "open_row"
    label = "Open"
    keys = "enter"
    palette = False


class MarkRow(Command[State]):
    """Mark the highlighted line or take its mark away, and step on; ends a range that was begun."""

    id = "rows.mark"
    action = "mark_row"
    label = "Mark"
    keys = "space"
    palette = False


class MarkRange(Command[State]):
    """Begin a range here; move, and press it again to mark every line between."""

    id = "rows.range"
    action = "mark_range"
    label = "Mark a range"
    keys = "v"
    palette = False


class LookLeft(Command[State]):
    """Look further left in a table that is wider than the screen."""

    id = "rows.left"
    action = "look_left"
    label = "Look left"
    keys = "left"
    palette = False


class LookRight(Command[State]):
    """Look further right in a table that is wider than the screen."""

    id = "rows.right"
    action = "look_right"
    label = "Look right"
    keys = "right"
    palette = False


class WidenColumns(Command[State]):
    """Show every column in full and scroll sideways, or fit the columns to the screen again."""

    id = "rows.wide"
    action = "widen_columns"
    label = "Full columns"
    keys = "w"
    palette = False


IN_ROWS = (OpenRow, MarkRow, MarkRange, LookLeft, LookRight, WidenColumns)
"""What a table does beside moving."""

ROWS = (*MOVES, *IN_ROWS)
"""The commands of a table of records."""
