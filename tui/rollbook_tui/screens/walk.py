"""A checklist walked through, one step at a time: what to do, how it stands, where it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from rollbook.desk import checklists
from rollbook.desk.desk import Desk
from rollbook.desk.views import ChecklistView, StepState, StepView
from rollbook_tui.acts.checklists import export, put_note, tick
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.walk import WALK, WalkState
from rollbook_tui.screens.base import EVERYWHERE, ConsoleScreen
from rollbook_tui.step_places import PLACES, Room
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.checklist_steps import BOXES, next_step, step_lines
from rollbook_tui.widgets.page import Page

_STYLES = {StepState.DONE: "$success", StepState.OPEN: "$muted", StepState.BLOCKED: "$held"}


class WalkScreen(ConsoleScreen):
    """One step. It begins where the walk was left: at the first that is not done."""

    ACTS: ClassVar[Commands] = (*WALK, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/checklist.tcss"

    def __init__(self, desk: Desk, district_id: str, name: str, step: str | None = None) -> None:
        super().__init__(desk)
        self._district_id = district_id
        self._checklist = name
        self._step = step
        self._view: ChecklistView | None = None

    def body(self) -> ComposeResult:
        """How far it is, and the step."""
        yield Static("", id="far", markup=False)
        yield Page()

    def path(self) -> Sequence[str]:
        """The district and the checklist."""
        return (self._district_id, "checklists", self._checklist)

    def state(self) -> WalkState:
        """The step."""
        view, step = self._view, self._current
        at = view.steps.index(step) if view is not None and step is not None else 0
        return WalkState(super().state().read_only, step, at, len(view.steps) if view else 0)

    async def reload(self) -> None:
        """Judge the steps anew; the one that is shown stays."""
        self._view = await self.read(checklists.checklist, self._district_id, self._checklist)
        if self._step is None:
            self._choose(next_step(self._view.steps) or self._view.steps[-1])
        self._show()

    def on_screen_resume(self) -> None:
        """Back from doing it: see how the step stands by now."""
        super().on_screen_resume()
        if self._view is not None:
            self.action_reload()

    def action_step_on(self) -> None:
        """One on."""
        self._go(1)

    def action_step_back(self) -> None:
        """One back."""
        self._go(-1)

    def action_go_to_next_step(self) -> None:
        """The next that is not done; after the last of them the first."""
        if self._view is None:
            return
        at, steps = self.state().at, self._view.steps
        if (step := next_step((*steps[at + 1 :], *steps[: at + 1]))) is None:
            self.say("Every step is done.", title=self._view.summary.title)
        else:
            self._choose(step)

    def action_tick_step(self) -> None:
        """Tick it, and go on to the next that is to be done."""
        if (step := self._current) is not None:
            self.start(self._tick(step))

    def action_put_note(self) -> None:
        """Write a note on it, however it stands."""
        if (step := self._current) is not None:
            self.start(self._note(step))

    def action_export(self) -> None:
        """Write the checklist as Markdown."""
        if self._view is not None:
            self.start(export(self, self._view))

    def action_go_and_do(self) -> None:
        """Go where it is done."""
        if (step := self._current) is not None:
            self._rooms()[PLACES[step.id].room]()

    @property
    def _current(self) -> StepView | None:
        steps = self._view.steps if self._view is not None else ()
        return next((step for step in steps if step.id == self._step), None)

    def _go(self, by: int) -> None:
        state = self.state()
        if self._view is not None and 0 <= state.at + by < state.total:
            self._choose(self._view.steps[state.at + by])

    def _choose(self, step: StepView) -> None:
        self._step = step.id
        self._show()

    def _show(self) -> None:
        view, step = self._view, self._current
        if view is None or step is None:
            return
        self.query_one("#far", Static).update(far_line(view, step))
        at = f"step {view.steps.index(step) + 1} of {len(view.steps)}"
        title = f"{drawable(view.summary.title)} · {at}"
        self.query_one(Page).keep(lambda width: walk_lines(step, width), title=title)
        self.commands_changed()

    async def _tick(self, step: StepView) -> None:
        was_done = step.state is StepState.DONE
        if await tick(self, self._district_id, self._checklist, step):
            await self.reload()
            if not was_done and self._view and next_step(self._view.steps) is not None:
                self.action_go_to_next_step()

    async def _note(self, step: StepView) -> None:
        if await put_note(self, self._district_id, self._checklist, step):
            self.action_reload()

    def _rooms(self) -> dict[Room, Callable[[], object]]:
        from rollbook_tui.commands.dashboard_state import CHANGESETS, DISTRICTS, HOLDS
        from rollbook_tui.screens.district_year import DistrictYearScreen
        from rollbook_tui.screens.duplicates import DuplicatesScreen
        from rollbook_tui.screens.pauses import PausesScreen
        from rollbook_tui.screens.plans import PlansScreen
        from rollbook_tui.screens.roll_up import RollUpScreen

        desk, district, push = self.desk, self._district_id, self.app.push_screen
        return {
            Room.DISTRICT: lambda: self._dashboard(DISTRICTS),
            Room.CHANGESETS: lambda: self._dashboard(CHANGESETS),
            Room.HOLDS: lambda: self._dashboard(HOLDS),
            Room.DUPLICATES: lambda: push(DuplicatesScreen(desk, district)),
            Room.PAUSES: lambda: push(PausesScreen(desk, district)),
            Room.PLANS: lambda: push(PlansScreen(desk, district)),
            Room.YEAR: lambda: push(DistrictYearScreen(desk, district)),
            Room.ROLL_UP: lambda: push(RollUpScreen(desk, district)),
        }

    def _dashboard(self, pane: str) -> None:
        """Close what lies over the dashboard, and put its cursor on the district."""
        from rollbook_tui.screens.dashboard import Dashboard

        for screen in reversed(self.app.screen_stack):
            if isinstance(screen, Dashboard):
                screen.action_go_to(self._district_id)
                screen.jump(pane)
                return
            screen.dismiss()


def far_line(view: ChecklistView, current: StepView) -> Content:
    """A box for each step, that of the one shown standing out."""
    return Content(" ").join(
        Content.styled(
            BOXES[step.state],
            f"{_STYLES[step.state]} reverse" if step is current else _STYLES[step.state],
        )
        for step in view.steps
    )


def walk_lines(step: StepView, width: int) -> Iterator[Content]:
    """The step in full, and what to press for it."""
    yield from step_lines(step, width)
    yield Content("")
    if step.state is StepState.DONE:
        yield Content.styled("Done. n goes to the next one to do.", "$success")
    elif (place := PLACES.get(step.id)) is not None:
        yield from Content.assemble(("enter", "bold $primary"), f" opens {place.words}").wrap(width)
    elif not step.automatic:
        yield Content.assemble(("space", "bold $primary"), " ticks it once it is done")
