"""What can be done about a changeset."""

from __future__ import annotations

from rollbook.desk.views import RunState
from rollbook_tui.commands.command import Command
from rollbook_tui.commands.dashboard_state import CHANGESETS, DashboardState, no_run
from rollbook_tui.words import RUNS

UNPLANNED = frozenset({RunState.FETCHING, RunState.FETCH_FAILED, RunState.INPUT_REFUSED})
"""A run in one of these states has no changeset."""


class ApplyPreviewed(Command[DashboardState]):
    """Apply exactly the changeset that was previewed, and nothing that was read since."""

    id = "changeset.apply"
    action = "apply"
    label = "Apply the previewed changeset"
    keys = "A"
    footer = "Apply"
    panes = frozenset({CHANGESETS})
    writes = True

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """Only what is ready can be applied."""
        if refusal := no_run(state):
            return refusal
        if state.run and state.run.state is RunState.HELD:
            return f"{state.run.id} is held: decide about it in pane 3."
        if state.run and state.run.state is not RunState.READY:
            return f"{state.run.id} is {RUNS[state.run.state].word}; only a ready one can go in."
        return None


class RejectRun(Command[DashboardState]):
    """Turn the whole changeset down with its open holds, before any of it is applied. The next sync
    compares anew; of deltas a bulk set has to come next."""

    id = "changeset.reject"
    action = "reject_run"
    label = "Reject the changeset"
    keys = "X"
    footer = "Reject"
    panes = frozenset({CHANGESETS})
    writes = True

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """Only what waits can be turned down."""
        if refusal := no_run(state):
            return refusal
        if state.run and state.run.state not in {RunState.READY, RunState.HELD}:
            return f"{state.run.id} is {RUNS[state.run.state].word}: nothing of it waits."
        if state.run and state.run.went_in:
            return f"Part of {state.run.id} is in: reject its holds in pane 3, or undo it."
        return None


class UndoRun(Command[DashboardState]):
    """Take back what a run changed, as a new run that is its inverse."""

    id = "changeset.undo"
    action = "undo"
    label = "Undo the run"
    keys = "z"
    footer = "Undo"
    panes = frozenset({CHANGESETS})
    writes = True

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """Only what was applied can be undone, be it a part of what was overtaken since."""
        if refusal := no_run(state):
            return refusal
        run = state.run
        if run and not run.went_in:
            return f"{run.id} is {RUNS[run.state].word}: it changed nothing."
        return None


class ShowFindings(Command[DashboardState]):
    """List what was wrong with the rows and files of the run."""

    id = "changeset.findings"
    action = "findings"
    label = "Findings"
    keys = "f"
    footer = "Findings"
    panes = frozenset({CHANGESETS})

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """There must be findings."""
        if refusal := no_run(state):
            return refusal
        if state.run and not (state.run.findings_error or state.run.findings_warning):
            return f"Nothing was found in {state.run.id}."
        return None


class ShowAccounts(Command[DashboardState]):
    """List what the changeset, or the held part of it, makes happen to accounts: who is renamed
    from what to what, created, moved, suspended."""

    id = "changeset.accounts"
    action = "accounts"
    label = "Account changes"
    keys = "C"

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """There must be a changeset."""
        if state.hold is not None:
            return None
        if state.run is None:
            return "Choose a changeset or a held deletion first: press 2 or 3."
        if state.run.state in UNPLANNED:
            return f"{state.run.id} is {RUNS[state.run.state].word}: it has no changes."
        return None


class ExportChanges(Command[DashboardState]):
    """Write the changes of the changeset or of the held deletion to a file."""

    id = "changeset.export"
    action = "export"
    label = "Export the changes"
    keys = "e,ctrl+s"
    footer = "Export"
    panes = frozenset({CHANGESETS, "holds"})

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """There must be changes."""
        if state.hold is not None:
            return None
        if state.run is None:
            return "Choose a changeset or a held deletion first: press 2 or 3."
        if state.run.state in UNPLANNED:
            return f"{state.run.id} is {RUNS[state.run.state].word}: it has no changes."
        return None


CHANGESET_ACTS = (ApplyPreviewed, RejectRun, UndoRun, ShowFindings, ShowAccounts, ExportChanges)
