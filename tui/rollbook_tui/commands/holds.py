"""What can be decided about held deletions."""

from __future__ import annotations

from rollbook.desk.views import HoldState
from rollbook_tui.commands.command import Command
from rollbook_tui.commands.dashboard_state import HOLDS, DashboardState, no_hold
from rollbook_tui.words import HOLDS as WORDS

UNDECIDED = frozenset({HoldState.OPEN, HoldState.SNOOZED})


def undecidable(state: DashboardState) -> str | None:
    """The refusal of a decision: there is no hold, or it is no longer open."""
    if refusal := no_hold(state):
        return refusal
    for hold in state.holds:
        if hold.state not in UNDECIDED:
            return f"{hold.id} is {WORDS[hold.state].word} already."
    return None


class ApproveHold(Command[DashboardState]):
    """Let the held deletion through, after its number and a reason have been given. Works on the
    marked ones, else on the one under the cursor."""

    id = "hold.approve"
    action = "approve"
    label = "Approve"
    keys = "a"
    footer = "Approve"
    panes = frozenset({HOLDS})
    writes = True

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """What wants its number typed is decided alone."""
        if refusal := undecidable(state):
            return refusal
        if len(state.holds) > 1:
            for hold in state.holds:
                if hold.rung > 1:
                    return (
                        f"{hold.id} wants its number typed: take the marks away, decide it alone."
                    )
        return None


class RelinkHold(Command[DashboardState]):
    """Answer a re-key: let the new records take the places of the old ones instead of removing
    them, after the plan has been shown and its number and a reason have been given."""

    id = "hold.relink"
    action = "relink"
    label = "Re-link"
    keys = "R"
    panes = frozenset({HOLDS})
    writes = True

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """Only a re-key has something to re-link, and each has a plan of its own."""
        if refusal := undecidable(state):
            return refusal
        if len(state.holds) > 1:
            return "Each re-key has a plan of its own: take the marks away."
        if not state.holds[0].relinkable:
            return f"{state.holds[0].id} is no re-key: there is nothing to re-link."
        return None


class RejectHold(Command[DashboardState]):
    """Turn the held deletion down: nothing of it is applied, and the next sync proposes anew."""

    id = "hold.reject"
    action = "reject"
    label = "Reject"
    keys = "x"
    footer = "Reject"
    panes = frozenset({HOLDS})
    writes = True

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """Only what is open can be turned down."""
        return undecidable(state)


class SnoozeHold(Command[DashboardState]):
    """Keep quiet about the held deletion for a while; it stays held."""

    id = "hold.snooze"
    action = "snooze"
    label = "Snooze"
    keys = "n"
    footer = "Snooze"
    panes = frozenset({HOLDS})
    writes = True

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """Only what is open can be put off."""
        return undecidable(state)


HOLD_ACTS = (ApproveHold, RelinkHold, RejectHold, SnoozeHold)
