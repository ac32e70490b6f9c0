"""The form for an expected-change plan, and what it would make of the newest preview as it is
filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input

from rollbook.desk import plans, trying_plans
from rollbook.desk.desk import Desk
from rollbook.desk.pausing import today
from rollbook.desk.plan_notation import Schools
from rollbook.desk.plan_views import ClassFate, PlanDraft, TriedPlan
from rollbook.errors import RollbookError
from rollbook_tui import plan_fields as fields
from rollbook_tui.commands.command import BETWEEN_FIELDS, Commands, bindings
from rollbook_tui.commands.plans import PLAN_FORM
from rollbook_tui.details.plan import tried_lines
from rollbook_tui.plan_fields import FieldWrong
from rollbook_tui.screens.base import EVERYWHERE, ConsoleScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.form_row import FormRow, field_id, row_id
from rollbook_tui.widgets.page import Page

LASTS = timedelta(weeks=6)
"""How long a plan is at first."""

SETTLED = 0.3
"""Seconds without a key before a draft is tried."""


class PlanFormScreen(ConsoleScreen):
    """The form; beside it, live, what is expected of a run, what deviates and what is held."""

    ACTS: ClassVar[Commands] = (*PLAN_FORM, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS), *BETWEEN_FIELDS]
    CSS_PATH = "../styles/plans.tcss"
    AUTO_FOCUS = f"#{field_id(fields.LEAVING)}"

    def __init__(self, desk: Desk, district_id: str, run_id: str | None = None) -> None:
        super().__init__(desk)
        self._district_id = district_id
        self._run_id = run_id
        self._schools = Schools({})
        self._typed: dict[str, str] = {}
        self._settling: Timer | None = None
        self._begun = False
        self._tried: TriedPlan | None = None
        self._about = fields.LEAVING
        self._wrong = ""
        self._marked = ""

    def body(self) -> ComposeResult:
        """The fields, and what they would make of the run."""
        starts = today(self.desk, self._district_id)
        draft = PlanDraft(starts, starts + LASTS, promotion=True, classes=ClassFate.REPLACED)
        self._typed = fields.typed_of(draft, self._schools) | {fields.REASON: ""}
        with Container(id="panes"):
            with Vertical(id="form") as form:
                form.border_title = Content("New plan")
                with Horizontal(id="days"):
                    yield self._row(fields.STARTS)
                    yield self._row(fields.ENDS)
                yield self._row(fields.LEAVING, placeholder="12; 08 at Elm School <= 40")
                yield self._row(fields.PROMOTION, choices=(fields.YES, fields.NO))
                yield self._row(fields.MOVING, placeholder="05 Elm School -> Central Middle")
                yield self._row(fields.ENTERING, placeholder="KG 180-220")
                yield self._row(fields.CLASSES, choices=[fate.value for fate in ClassFate])
                yield self._row(fields.TOTALS, placeholder="1900-2100; Elm School 300-340")
                yield self._row(fields.REASON, placeholder="for the record")
            yield Page(id="tried")

    def path(self) -> Sequence[str]:
        """A plan that is none yet."""
        return (self._district_id, "plans", "new")

    async def reload(self) -> None:
        """Read which schools there are, and try the draft on what is the newest run by now."""
        self._schools = await self.read(plans.schools_to_name, self._district_id)
        if not self._begun:
            await self._suggest()
            # Another reading may have come in between and ended this one.
            self._begun = True
        self._try()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Tell about the field that is filled in now."""
        row = next((p for p in event.widget.ancestors if isinstance(p, FormRow)), None)
        if row is not None:
            self._about = row.key
            self._tell()
        super().on_descendant_focus(event)

    def action_suggest(self) -> None:
        """Fill the form with an ordinary rollover."""
        self._start_suggest()

    def action_propose(self) -> None:
        """Propose the plan."""
        if (draft := self._draft()) is None:
            return
        if not (reason := self._typed[fields.REASON].strip()):
            self._mark(fields.REASON, "Give a reason: it goes on the record.")
            self.query_one(f"#{field_id(fields.REASON)}").focus()
            return
        self.start(self._propose(draft, reason))

    @on(Input.Submitted)
    def _next_field(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_next()

    @on(FormRow.Changed)
    def _changed(self, event: FormRow.Changed) -> None:
        event.stop()
        if self._typed.get(event.key) == event.value:
            return
        self._typed[event.key] = event.value
        self._mark()
        if event.key != fields.REASON:
            self._settle()

    def _row(self, key: str, *, placeholder: str = "", choices: Sequence[str] = ()) -> FormRow:
        label, value = fields.LABELS[key], self._typed[key]
        return FormRow(key, label, value, placeholder=placeholder, choices=choices)

    def _settle(self) -> None:
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLED, self._try)

    def _draft(self) -> PlanDraft | None:
        """The draft; ``None`` where a field makes no sense, which is then marked."""
        try:
            draft = fields.draft_of(self._typed, self._schools)
        except FieldWrong as wrong:
            self._mark(wrong.key, wrong.text)
            return None
        # A reason that is missing stays said until something is typed, whoever writes meanwhile.
        if self._marked != fields.REASON:
            self._mark()
        return draft

    def _mark(self, key: str = "", problem: str = "") -> None:
        for row in self.query(FormRow):
            row.mark(problem if row.key == key else "")
        self._wrong, self._marked = problem, key
        self._tell()

    def _try(self) -> None:
        self._settling = None
        if (draft := self._draft()) is not None:
            self._start_try(draft)

    @work(group="try", exclusive=True, exit_on_error=False)
    async def _start_try(self, draft: PlanDraft) -> None:
        """Try it; what the desk has against it is said where the preview would be."""
        try:
            self._tried = await self.read(
                trying_plans.try_plan, self._district_id, draft, self._run_id
            )
        except RollbookError as error:
            self._wrong = str(error)
        self._tell()

    @work(group="suggest", exclusive=True, exit_on_error=False)
    async def _start_suggest(self) -> None:
        await self._suggest()
        self._try()

    async def _suggest(self) -> None:
        """Put a suggestion into the fields, but for those that are filled in meanwhile."""
        before = dict(self._typed)
        try:
            starts, ends = (fields.day(self._typed, key) for key in (fields.STARTS, fields.ENDS))
        except FieldWrong as wrong:
            self._mark(wrong.key, wrong.text)
            return
        draft = await self.read(plans.suggested_plan, self._district_id, starts, ends)
        for key, value in fields.typed_of(draft, self._schools).items():
            if self._typed[key] != before[key]:
                continue
            self._typed[key] = value
            self.query_one(f"#{row_id(key)}", FormRow).put(value)

    async def _propose(self, draft: PlanDraft, reason: str) -> None:
        made = await self.act(
            self._district_id, "proposing", plans.add_plan, self._district_id, draft, reason=reason
        )
        if self in self.app.screen_stack:
            self.dismiss()
        self.say("It counts once somebody else has agreed to it.", title=f"{made.id}: proposed")

    def _tell(self) -> None:
        """What is wrong, what the draft would do, and what the field is about."""
        wrong, tried, about = self._wrong, self._tried, fields.HELP[self._about]

        def lines(width: int) -> Iterator[Content]:
            if wrong:
                yield from Content.assemble(("x ", "bold $error"), drawable(wrong)).wrap(width)
                yield Content("")
            elif tried is not None:
                yield from tried_lines(tried, width)
                yield Content("")
            yield from Content.styled(about, "$muted").wrap(width)

        title = f"On {tried.run}" if tried and not wrong else fields.LABELS[self._about]
        self.query_one("#tried", Page).keep(lines, title=drawable(title))
