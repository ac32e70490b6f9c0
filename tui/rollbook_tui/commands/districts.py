"""What can be done about a district."""

from __future__ import annotations

from rollbook_tui.commands.command import Command
from rollbook_tui.commands.dashboard_state import DISTRICTS, DashboardState, no_district


def _nothing_to_read(state: DashboardState) -> str | None:
    if not state.districts:
        return "There is no district yet."
    if len(state.districts) == 1:
        if refusal := no_district(DashboardState(district=state.districts[0])):
            return refusal
        if state.districts[0].id in state.at_work:
            return f"Something is under way for {state.districts[0].id}; see the line below."
    return None


class SyncNow(Command[DashboardState]):
    """Read the source now, apply what no rule holds, and hold the rest for a decision. Works on
    the marked districts, else on the one under the cursor."""

    id = "district.sync"
    action = "sync_now"
    label = "Sync now"
    keys = "s"
    footer = "Sync"
    panes = frozenset({DISTRICTS})
    writes = True

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """A district takes one sync at a time."""
        return _nothing_to_read(state)


class PreviewNow(Command[DashboardState]):
    """Read the source now and show what a sync would change, without changing the directory."""

    id = "district.preview"
    action = "preview"
    label = "Preview a sync"
    keys = "v"
    footer = "Preview"
    panes = frozenset({DISTRICTS})
    writes = True

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """A district takes one sync at a time."""
        return _nothing_to_read(state)


class PauseSync(Command[DashboardState]):
    """Let part of the syncs do nothing for a while: a grid of kinds by verbs for the district or a
    school, with the pauses that there are."""

    id = "district.pause"
    action = "pause"
    label = "Pauses"
    keys = "p"
    footer = "Pause"
    panes = frozenset({DISTRICTS})

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """About one district."""
        return no_district(state)


class ResumeSync(Command[DashboardState]):
    """End a pause before its time."""

    id = "district.resume"
    action = "resume"
    label = "Resume syncing"
    keys = "u"
    footer = "Resume"
    panes = frozenset({DISTRICTS})
    writes = True

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """There must be a pause."""
        if refusal := no_district(state):
            return refusal
        if state.district is not None and not state.district.pauses:
            return f"{state.district.id} is not paused."
        return None


class MergePeople(Command[DashboardState]):
    """Go through the likely duplicates, two people side by side."""

    id = "district.merge"
    action = "merge"
    label = "Merge duplicates"
    keys = "m"
    footer = "Merge"
    panes = frozenset({DISTRICTS})

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """About one district."""
        return no_district(state)


class OpenChecklist(Command[DashboardState]):
    """Open the rollover checklists."""

    id = "district.checklist"
    action = "checklist"
    label = "Checklists"
    keys = "c"
    footer = "Checklist"
    panes = frozenset({DISTRICTS})

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """About one district."""
        return no_district(state)


class OpenPlans(Command[DashboardState]):
    """Open the expected-change plans: what a rollover was announced to change, and a form for a
    new one."""

    id = "district.plans"
    action = "plans"
    label = "Expected-change plans"
    keys = "P"

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """About one district."""
        return no_district(state)


class OpenYear(Command[DashboardState]):
    """Open the year: the season of every district, what it waits for, and what comes next."""

    id = "district.year"
    action = "year"
    label = "The year"
    keys = "Y"


class LookUpPerson(Command[DashboardState]):
    """Look a person up by id, number, username or email."""

    id = "district.person"
    action = "look_up"
    label = "Look a person up"
    keys = "i"

    @classmethod
    def why_not(cls, state: DashboardState) -> str | None:
        """About one district."""
        return no_district(state)


class AddDistrict(Command[DashboardState]):
    """Fill in a form for a new district: what it is called, and where its roster comes from. The
    source can be checked before anything is written."""

    id = "district.add"
    action = "add_district"
    label = "Add a district"
    keys = "N"
    writes = True


class OpenActivity(Command[DashboardState]):
    """Open the activity log: who did what, and when."""

    id = "district.activity"
    action = "activity"
    label = "Activity log"
    keys = "L"


DISTRICT_ACTS = (
    SyncNow,
    PreviewNow,
    PauseSync,
    ResumeSync,
    MergePeople,
    OpenChecklist,
    OpenPlans,
    OpenYear,
    LookUpPerson,
    AddDistrict,
    OpenActivity,
)
