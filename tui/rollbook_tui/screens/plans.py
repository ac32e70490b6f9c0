"""The expected-change plans of a district: what was announced, and how much of it has come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from rollbook.desk import plans
from rollbook.desk.plan_views import PlanView
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.plans import PLANS, PlansState
from rollbook_tui.details.plan import STATES, plan_lines
from rollbook_tui.dialogs.confirm import Confirm
from rollbook_tui.screens.base import EVERYWHERE
from rollbook_tui.screens.list_with_page import ListWithPage
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.record_columns import Column, Tone
from rollbook_tui.widgets.row_pages import HeldRows, RowPages

NONE_YET = (
    "No plan yet. A plan announces what a rollover will change,\n"
    "so that only what deviates from it is held. N fills one in."
)

COLUMNS: tuple[Column[PlanView], ...] = (
    Column("plan", lambda plan: plan.id, 16, 12),
    Column("state", lambda plan: STATES[plan.state].word, 9),
    Column("from", lambda plan: plan.draft.starts.isoformat(), 10),
    Column("to", lambda plan: plan.draft.ends.isoformat(), 10),
    Column("announces", lambda plan: f"{len(plan.lines)} things", 10, drop=2),
    Column("reason", lambda plan: plan.reason, 24, 12, grow=1, drop=1, tone=lambda _: Tone.MUTED),
)


class PlansScreen(ListWithPage[PlanView]):
    """The plans, the newest first, and the highlighted one in full."""

    ACTS: ClassVar[Commands] = (*PLANS, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/plans.tcss"
    READING = "Reading the plans …"
    NAME = "Plan"

    def columns(self) -> Sequence[Column[PlanView]]:
        """A plan's id, state, days and reason."""
        return COLUMNS

    def title_of(self, line: PlanView) -> str:
        """The plan's id."""
        return line.id

    def page_of(self, line: PlanView, width: int) -> Iterator[Content]:
        """What it announces, and how much of that has come."""
        return plan_lines(line, width)

    def path(self) -> Sequence[str]:
        """The district."""
        return (self._district_id, "plans")

    def state(self) -> PlansState:
        """The highlighted plan."""
        plan = self.table.current if self.is_mounted else None
        return PlansState(super().state().read_only, plan)

    async def reload(self) -> None:
        """Read the plans, those of the past too."""
        found = await self.read(plans.plans, self._district_id, ended=True)
        self.table.set_empty(NONE_YET)
        self.table.renew(RowPages(HeldRows(found[::-1])))
        self.table.border_title = Content(f"Plans · {len(found)}")

    def action_new_plan(self) -> None:
        """Open the form."""
        from rollbook_tui.screens.plan_form import PlanFormScreen

        self.app.push_screen(PlanFormScreen(self.desk, self._district_id))

    def action_agree(self) -> None:
        """Agree, after a look at what it announces."""
        if (plan := self.table.current) is not None:
            self.start(self._agree(plan))

    def action_end_plan(self) -> None:
        """End it, after a question."""
        if (plan := self.table.current) is not None:
            self.start(self._end(plan))

    async def _agree(self, plan: PlanView) -> None:
        body = Content.assemble(
            Content("\n".join(f"- {drawable(line.words)}" for line in plan.lines)),
            f"\n\nFrom {plan.draft.starts} to {plan.draft.ends} this goes in without a hold.",
        )
        question = Confirm(f"Agree to {plan.id}, proposed by {plan.created_by}", body, yes="Agree")
        if await self.app.push_screen_wait(question):
            made = await self.act(self._district_id, "agreeing", plans.agree_to_plan, plan.id)
            self.say(f"It is {made.state}.", title=f"{made.id}: agreed")

    async def _end(self, plan: PlanView) -> None:
        body = Content("What it has let through and is not applied yet is judged anew.")
        if await self.app.push_screen_wait(Confirm(f"End {plan.id}", body, yes="End the plan")):
            made = await self.act(self._district_id, "ending", plans.end_plan, plan.id)
            self.say("It excuses nothing any more.", title=f"{made.id}: ended")
