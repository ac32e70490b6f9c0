"""The rollover checklists of a district: what is done, what is next, and what is in the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from rollbook.desk import checklists
from rollbook.desk.desk import Desk
from rollbook.desk.views import ChecklistSummary, ChecklistView, StepView
from rollbook_tui.acts.checklists import export, tick
from rollbook_tui.commands.checklist import CHECKLIST, ChecklistState
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.moves import MOVES
from rollbook_tui.screens.base import EVERYWHERE, ConsoleScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.checklist_steps import (
    STEP_COLUMNS,
    StepLine,
    next_step,
    progress_words,
    step_lines,
    step_list,
    tab_line,
)
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import HeldRows, RowPages


class StepTable(RecordTable[StepLine], inherit_bindings=False):
    """The steps; space ticks here, nothing is marked."""

    ACTS: ClassVar[Commands] = MOVES
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(MOVES)]


class ChecklistScreen(ConsoleScreen):
    """The checklists of a district, one at a time, with the highlighted step in full."""

    ACTS: ClassVar[Commands] = (*CHECKLIST, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/checklist.tcss"
    AUTO_FOCUS = "StepTable"

    def __init__(self, desk: Desk, district_id: str, name: str | None = None) -> None:
        super().__init__(desk)
        self._district_id = district_id
        self._name = name
        self._lists: Sequence[ChecklistSummary] = ()
        self._view: ChecklistView | None = None

    def body(self) -> ComposeResult:
        """The checklists, the steps of one, and the highlighted step."""
        yield Static("", id="tabs", markup=False)
        yield Static("", id="intro", markup=False)
        with Vertical():
            yield StepTable(STEP_COLUMNS, empty="Reading the checklist …", classes="-framed")
            yield Page()

    def path(self) -> Sequence[str]:
        """The district."""
        return (self._district_id, "checklists")

    def state(self) -> ChecklistState:
        """The highlighted step."""
        line = self.table.current if self.is_mounted else None
        return ChecklistState(super().state().read_only, line.step if line else None)

    @property
    def table(self) -> StepTable:
        """The steps."""
        return self.query_one(StepTable)

    async def reload(self) -> None:
        """Read how far the checklists are, and the steps of the current one."""
        lists = await self.read(checklists.checklists, self._district_id)
        if self._name is None and lists:
            self._name = next((x for x in lists if x.due and x.done < x.total), lists[0]).name
        if self._name is not None:
            view = await self.read(checklists.checklist, self._district_id, self._name)
            self._lists = lists
            self._show(view)

    def action_next_checklist(self) -> None:
        """The next checklist; after the last the first."""
        self._turn(1)

    def action_checklist_before(self) -> None:
        """The checklist before; before the first the last."""
        self._turn(-1)

    def action_go_to_next_step(self) -> None:
        """Put the cursor on the next step."""
        if self._view is not None and (step := next_step(self._view.steps)) is not None:
            self.table.cursor = self._view.steps.index(step)

    def action_tick_step(self) -> None:
        """Tick the step or take the tick back."""
        if self._view is not None and (line := self.table.current) is not None:
            self.start(self._tick(self._view.summary.name, line.step))

    def action_walk(self) -> None:
        """Walk through it from the highlighted step."""
        from rollbook_tui.screens.walk import WalkScreen

        if self._view is not None and (line := self.table.current) is not None:
            name = self._view.summary.name
            self.app.push_screen(WalkScreen(self.desk, self._district_id, name, line.step.id))

    def action_export(self) -> None:
        """Write the checklist as Markdown."""
        if self._view is not None:
            self.start(export(self, self._view))

    @on(RecordTable.RowHighlighted)
    def _highlighted(self) -> None:
        line = self.table.current
        page = self.query_one(Page)
        page.keep(lambda width: step_lines(line.step, width) if line else (), title="Step")
        self.commands_changed()

    def _turn(self, by: int) -> None:
        names = [summary.name for summary in self._lists]
        if self._name in names:
            self._name = names[(names.index(self._name) + by) % len(names)]
            self.table.cursor = 0
            self.action_reload()

    def _show(self, view: ChecklistView) -> None:
        """Show a checklist; the first time with the cursor on its next step."""
        another = self._view is None or self._view.summary.name != view.summary.name
        self._view = view
        self.query_one("#tabs", Static).update(tab_line(self._lists, view.summary.name))
        self.query_one("#intro", Static).update(Content(drawable(view.intro)))
        self.table.border_title = Content(progress_words(view))
        pages = RowPages(HeldRows(step_list(view)))
        if another:
            self.table.show(pages)
            self.action_go_to_next_step()
        else:
            self.table.renew(pages)

    async def _tick(self, name: str, step: StepView) -> None:
        if await tick(self, self._district_id, name, step):
            self.action_reload()
