"""What can be done with the grid of pauses."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook_tui.commands.command import Command, State


@dataclass(frozen=True)
class PausesState(State):
    """How many pauses are over what the cursor is on, and how many cells are taken."""

    under_cursor: int = 0
    taken: int = 0


class ToggleCells(Command[PausesState]):
    """Take a cell for the new pause or leave it out again; on a line's name its whole line, on a
    verb's name its whole column, in the corner everything."""

    id = "pauses.toggle"
    action = "toggle_cells"
    label = "Take the cell"
    keys = "space"
    palette = False


class CellLeft(Command[PausesState]):
    """Go a cell to the left, and to the line's name."""

    id = "pauses.left"
    action = "cell_left"
    label = "Cell to the left"
    keys = "left,h"
    palette = False


class CellRight(Command[PausesState]):
    """Go a cell to the right."""

    id = "pauses.right"
    action = "cell_right"
    label = "Cell to the right"
    keys = "right,l"
    palette = False


class FillByPreset(Command[PausesState]):
    """Fill the grid by a preset: summer, blackout, additions only; or empty it."""

    id = "pauses.preset"
    action = "fill_by_preset"
    label = "Fill by a preset"
    keys = "f"
    footer = "Fill"


class ChooseSchool(Command[PausesState]):
    """Show the grid of one school, or of the whole district again."""

    id = "pauses.school"
    action = "choose_school"
    label = "School"
    keys = "s"
    footer = "School"


class MakePause(Command[PausesState]):
    """Pause what is taken in the grid, from and to the days below, for the reason given there."""

    id = "pauses.make"
    action = "make_pause"
    label = "Pause"
    keys = "f6"
    footer = "Pause"
    writes = True

    @classmethod
    def why_not(cls, state: PausesState) -> str | None:
        """Something must be taken."""
        return None if state.taken else "Take something in the grid first: space, or f to fill it."


class EndPause(Command[PausesState]):
    """End a pause that is over the cell under the cursor, before its time."""

    id = "pauses.resume"
    action = "end_pause"
    label = "Resume"
    keys = "u"
    footer = "Resume"
    writes = True

    @classmethod
    def why_not(cls, state: PausesState) -> str | None:
        """There must be one."""
        return None if state.under_cursor else "No pause is over what the cursor is on."


GRID = (ToggleCells, CellLeft, CellRight)
"""The commands of the grid itself, beside the cursor keys of every list."""

PAUSES = (MakePause, FillByPreset, ChooseSchool, EndPause)
"""The commands of the screen."""
