"""What the dashboard's commands are judged by."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook.desk.views import DistrictState, DistrictSummary, HoldView, RunSummary
from rollbook_tui.commands.command import State

DISTRICTS = "districts"
CHANGESETS = "changesets"
HOLDS = "holds"
DETAIL = "detail"


@dataclass(frozen=True)
class DashboardState(State):
    """``district`` is the one that the focused pane's line belongs to, ``None`` for all of them.

    ``run`` and ``hold`` are set where such a line has the focus; ``holds`` are those that a
    decision would be about: the marked ones, else the one under the cursor. ``at_work`` are the
    districts that a sync started here is working on.
    """

    pane: str = DISTRICTS
    district: DistrictSummary | None = None
    districts: tuple[DistrictSummary, ...] = ()
    run: RunSummary | None = None
    hold: HoldView | None = None
    holds: tuple[HoldView, ...] = ()
    at_work: frozenset[str] = frozenset()
    filtered: bool = False


def no_district(state: DashboardState) -> str | None:
    """The refusal of what is about one district."""
    if state.district is None:
        return "Choose a district first: press 1 and go to its line."
    if state.district.state is DistrictState.BROKEN:
        return "The district's file cannot be read; mend it first."
    return None


def no_run(state: DashboardState) -> str | None:
    """The refusal of what is about one run."""
    return None if state.run else "Choose a changeset first: press 2 and go to its line."


def no_hold(state: DashboardState) -> str | None:
    """The refusal of what is about a held deletion."""
    return None if state.hold else "Choose a held deletion first: press 3 and go to its line."
