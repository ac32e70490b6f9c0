"""What the dashboard's keys do to what is selected."""

from __future__ import annotations

from rollbook.desk.desk import Desk
from rollbook.desk.views import ChangeFilter, DistrictSummary
from rollbook_tui.commands.dashboard_state import CHANGESETS, DISTRICTS, HOLDS, DashboardState
from rollbook_tui.district_draft import Draft
from rollbook_tui.screens.base import ConsoleScreen


class DashboardActs(ConsoleScreen):
    """The acts of the dashboard; which line they are about comes from ``state()``.

    What an act needs is imported when it is done: the first frame does not wait for it.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.draft = Draft()

    def state(self) -> DashboardState:
        """What is selected."""
        raise NotImplementedError

    def action_sync_now(self) -> None:
        """Sync the marked districts, or the one under the cursor."""
        from rollbook_tui.acts.syncing import sync

        self.start(sync(self, self.state().districts, preview=False))

    def action_preview(self) -> None:
        """Preview them."""
        from rollbook_tui.acts.syncing import sync

        self.start(sync(self, self.state().districts, preview=True))

    def action_pause(self) -> None:
        """Open the grid of the district's pauses."""
        from rollbook_tui.screens.pauses import PausesScreen

        if (district := self.state().district) is not None:
            self.app.push_screen(PausesScreen(self.desk, district.id))

    def action_resume(self) -> None:
        """End a pause of the district."""
        from rollbook_tui.acts.pausing import resume

        if (district := self.state().district) is not None:
            self.start(resume(self, district))

    def action_merge(self) -> None:
        """Go through the district's likely duplicates."""
        from rollbook_tui.screens.duplicates import DuplicatesScreen

        if (district := self.state().district) is not None:
            self.app.push_screen(DuplicatesScreen(self.desk, district.id))

    def action_checklist(self) -> None:
        """Open the district's checklists."""
        from rollbook_tui.screens.checklist import ChecklistScreen

        if (district := self.state().district) is not None:
            self.app.push_screen(ChecklistScreen(self.desk, district.id))

    def action_plans(self) -> None:
        """Open the district's plans."""
        from rollbook_tui.screens.plans import PlansScreen

        if (district := self.state().district) is not None:
            self.app.push_screen(PlansScreen(self.desk, district.id))

    def action_year(self) -> None:
        """Open the year, with the cursor on the district."""
        from rollbook_tui.screens.year import YearScreen

        district = self.state().district
        self.app.push_screen(YearScreen(self.desk, district.id if district else None))

    def action_activity(self) -> None:
        """Open the log of the district, or of all."""
        from rollbook_tui.screens.activity import ActivityScreen

        district = self.state().district
        self.app.push_screen(ActivityScreen(self.desk, district.id if district else None))

    def action_look_up(self) -> None:
        """Ask whom to look up."""
        if (district := self.state().district) is not None:
            self.start(self._look_up(district.id))

    def action_add_district(self) -> None:
        """Open the form, with what was typed there before."""
        from rollbook_tui.screens.add_district import AddDistrictScreen

        self.app.push_screen(AddDistrictScreen(self.desk, self.draft, self._added))

    def action_apply(self) -> None:
        """Apply the previewed changeset."""
        from rollbook_tui.acts.syncing import apply_previewed

        if (run := self.state().run) is not None:
            self.start(apply_previewed(self, run))

    def action_reject_run(self) -> None:
        """Turn the changeset down."""
        from rollbook_tui.acts.rejecting import reject_run

        if (run := self.state().run) is not None:
            self.start(reject_run(self, run))

    def action_undo(self) -> None:
        """Undo the run."""
        from rollbook_tui.acts.undoing import undo

        if (run := self.state().run) is not None:
            self.start(undo(self, run))

    def action_findings(self) -> None:
        """List the run's findings."""
        from rollbook_tui.screens.findings import FindingsScreen

        if (run := self.state().run) is not None:
            self.app.push_screen(FindingsScreen(self.desk, run.id))

    def action_accounts(self) -> None:
        """List the account changes of the run, or of the hold."""
        state = self.state()
        if state.hold is not None:
            self._list_accounts(state.hold.run, state.hold.id)
        elif state.run is not None:
            self._list_accounts(state.run.id, None)

    def action_export(self) -> None:
        """Write the changes of what is selected to a file."""
        from rollbook_tui.acts.exporting import export_hold, export_run

        state = self.state()
        if state.hold is not None:
            self.start(export_hold(self, state.hold.id))
        elif state.run is not None:
            self.start(export_run(self, state.run.id))

    def action_approve(self) -> None:
        """Approve the held deletions."""
        from rollbook_tui.acts.deciding import approve

        self.start(approve(self, self.state().holds, self._district_name()))

    def action_relink(self) -> None:
        """Answer a re-key."""
        from rollbook_tui.acts.relinking import relink

        if (hold := self.state().hold) is not None:
            self.start(relink(self, hold, self._district_name()))

    def action_reject(self) -> None:
        """Turn them down."""
        from rollbook_tui.acts.deciding import reject

        self.start(reject(self, self.state().holds, self._district_name()))

    def action_snooze(self) -> None:
        """Put them off."""
        from rollbook_tui.acts.deciding import snooze

        self.start(snooze(self, self.state().holds))

    def action_open_line(self) -> None:
        """Go one step in."""
        from rollbook_tui.screens.changes import ChangesScreen

        state = self.state()
        if state.pane == DISTRICTS:
            self.jump(CHANGESETS)
        elif state.pane == CHANGESETS and state.run is not None:
            self.app.push_screen(ChangesScreen(self.desk, state.run.id))
        elif state.pane == HOLDS and state.hold is not None and state.hold.of_accounts:
            self._list_accounts(state.hold.run, state.hold.id)
        elif state.pane == HOLDS and state.hold is not None:
            only = ChangeFilter(hold=state.hold.id)
            self.app.push_screen(ChangesScreen(self.desk, state.hold.run, only))

    def action_copy_id(self) -> None:
        """Copy the id of what is selected."""
        state = self.state()
        thing = state.hold or state.run or state.district
        if thing is not None:
            self.app.copy_to_clipboard(thing.id)
            self.say(thing.id, title="Copied")

    def jump(self, pane: str) -> None:
        """Go to a pane."""
        raise NotImplementedError

    def action_go_to(self, district: str) -> None:
        """Go to a district."""
        raise NotImplementedError

    def _list_accounts(self, run: str, hold: str | None) -> None:
        from rollbook.desk.account_views import AccountChangeFilter
        from rollbook_tui.screens.account_changes import AccountChangesScreen

        self.app.push_screen(AccountChangesScreen(self.desk, run, AccountChangeFilter(hold=hold)))

    def _added(self, district: DistrictSummary) -> None:
        from rollbook_tui.acts.syncing import sync

        self.draft = Draft()
        self.start(sync(self, (district,), preview=True))
        self.start(self._show_added(district.id))

    async def _show_added(self, district: str) -> None:
        await self.reload()
        self.action_go_to(district)

    def _district_name(self) -> str:
        district = self.state().district
        return district.name if district else ""

    async def _look_up(self, district: str) -> None:
        from rollbook_tui.dialogs.ask import Ask
        from rollbook_tui.screens.person import PersonScreen

        key = await self.app.push_screen_wait(
            Ask(
                "Look a person up",
                "Id, number, username or email",
                problem=lambda typed: "" if typed else "Type one of them.",
            )
        )
        if key:
            self.app.push_screen(PersonScreen(self.desk, district, key))
