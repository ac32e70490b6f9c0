"""The dashboard's commands, in the order of the key bar and of the help."""

from __future__ import annotations

from rollbook_tui.commands.changesets import CHANGESET_ACTS, ExportChanges
from rollbook_tui.commands.command import Commands
from rollbook_tui.commands.districts import DISTRICT_ACTS
from rollbook_tui.commands.everywhere import CommandLine, GoBack, Reload, ShowHelp
from rollbook_tui.commands.holds import HOLD_ACTS
from rollbook_tui.commands.panes import PANES, FilterPane, MarkLine, OpenLine


class LeaveStep(GoBack):
    """Go back one step: out of the filter, of a large pane, to the districts."""

    footer = ""


DASHBOARD: Commands = (
    *HOLD_ACTS,
    *DISTRICT_ACTS,
    OpenLine,
    *(act for act in CHANGESET_ACTS if act is not ExportChanges),
    MarkLine,
    ExportChanges,
    FilterPane,
    *PANES,
    LeaveStep,
    Reload,
    CommandLine,
    ShowHelp,
)
