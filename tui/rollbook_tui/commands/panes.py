"""Getting around among the dashboard's panes."""

from __future__ import annotations

from rollbook_tui.commands.command import Command, State
from rollbook_tui.commands.dashboard_state import (
    CHANGESETS,
    DISTRICTS,
    HOLDS,
    DashboardState,
)


class JumpToDistricts(Command[State]):
    """Go to the districts."""

    id = "pane.districts"
    action = "jump('districts')"
    label = "Go to the districts"
    keys = "1"


class JumpToChangesets(Command[State]):
    """Go to the changesets of the chosen district, or of all."""

    id = "pane.changesets"
    action = "jump('changesets')"
    label = "Go to the changesets"
    keys = "2"


class JumpToHolds(Command[State]):
    """Go to the held deletions, the most urgent first."""

    id = "pane.holds"
    action = "jump('holds')"
    label = "Go to the held deletions"
    keys = "3"


class JumpToDetail(Command[State]):
    """Go to the details, to scroll in them."""

    id = "pane.detail"
    action = "jump('detail')"
    label = "Go to the details"
    keys = "4"


class NextPane(Command[State]):
    """Go to the next pane."""

    id = "pane.next"
    action = "next_pane"
    label = "Next pane"
    keys = "tab"
    palette = False


class PaneBefore(Command[State]):
    """Go to the pane before."""

    id = "pane.before"
    action = "pane_before"
    label = "Pane before"
    keys = "shift+tab"
    palette = False


class LargerPane(Command[State]):
    """Give the whole window to the focused pane."""

    id = "pane.larger"
    action = "larger"
    label = "Enlarge the pane"
    keys = "plus"


class SmallerPane(Command[State]):
    """Show all panes again."""

    id = "pane.smaller"
    action = "smaller"
    label = "Show all panes"
    keys = "underscore"


class OpenLine(Command[DashboardState]):
    """Go one step in: from a district to its changesets, from a changeset or a held deletion to
    its changes."""

    id = "pane.open"
    action = "open_line"
    label = "Open"
    keys = "enter"
    footer = "Open"
    panes = frozenset({CHANGESETS, HOLDS})

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """There must be a line."""
        if state.pane == CHANGESETS and state.run is None:
            return "There is no changeset here."
        if state.pane == HOLDS and state.hold is None:
            return "Nothing is held here."
        return None


class FilterPane(Command[State]):
    """Show only the lines that have every word typed, such as "state:held north"."""

    id = "pane.filter"
    action = "filter"
    label = "Filter"
    keys = "slash"
    footer = "Filter"
    panes = frozenset({DISTRICTS, CHANGESETS, HOLDS})


class MarkLine(Command[State]):
    """Mark the line, for an act on several: districts to sync, held deletions to decide."""

    id = "pane.mark"
    action = "mark"
    label = "Mark"
    keys = "space"
    footer = "Mark"
    panes = frozenset({DISTRICTS, HOLDS})
    palette = False


class MarkAll(Command[State]):
    """Mark every line that the filter shows, or none."""

    id = "pane.mark-all"
    action = "mark_all"
    label = "Mark all or none"
    keys = "asterisk"


class CopyId(Command[State]):
    """Copy the id of the line: of the district, the run or the hold."""

    id = "pane.copy-id"
    action = "copy_id"
    label = "Copy the id"
    keys = "y"


PANES = (
    JumpToDistricts,
    JumpToChangesets,
    JumpToHolds,
    JumpToDetail,
    NextPane,
    PaneBefore,
    LargerPane,
    SmallerPane,
    MarkAll,
    CopyId,
)
"""The commands that have no place in the key bar."""
