"""The form for a new district: its name, its source, a check of that, and the first preview."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from threading import Event
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Input

from rollbook.desk import district_forms
from rollbook.desk.desk import Desk
from rollbook.desk.source_forms import FieldSort, FormField, source_forms
from rollbook.desk.views import Check, DistrictSummary, Finding
from rollbook_tui.commands.adding import ADDING, AddingState
from rollbook_tui.commands.command import BETWEEN_FIELDS, Commands, bindings
from rollbook_tui.details.check import check_lines, check_title
from rollbook_tui.district_draft import TYPE, Draft
from rollbook_tui.screens.base import EVERYWHERE, ConsoleScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.form_row import FormRow, field_id, row_id
from rollbook_tui.widgets.page import Page
from rollbook_tui.zones import zone_suggester

HEAD = {
    "name": "What people call the district.",
    "id": "What it is called in commands and files: lower-case letters, digits, - and _.",
    "timezone": "An IANA zone such as America/Chicago: days of pauses are its own.",
    TYPE: "What the roster is read from.",
}
"""The help of the fields that every district has."""

LABELS = {"timezone": "time zone", TYPE: "source"}
NEEDED = "needed"


class AddDistrictScreen(ConsoleScreen):
    """The form. ``draft`` keeps what was typed when it is left; ``then`` is called with the
    district once it has been added."""

    ACTS: ClassVar[Commands] = (*ADDING, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS), *BETWEEN_FIELDS]
    CSS_PATH = "../styles/add_district.tcss"
    AUTO_FOCUS = f"#{field_id('name')}"

    @dataclass
    class Stepped(Message):
        """A check came to the end of a step; ``stopped`` tells which check it was."""

        step: Check
        stopped: Event

    def __init__(self, desk: Desk, draft: Draft, then: Callable[[DistrictSummary], None]) -> None:
        super().__init__(desk)
        self._draft = draft
        self._then = then
        self._problems: dict[str, str] = {}
        self._left: set[str] = set()
        self._at = "name"
        self._steps: list[Check] = []
        self._stopped: Event | None = None
        self._checked = False
        self._adding = False

    def body(self) -> ComposeResult:
        """The fields; beside them the help, and the steps of the check."""
        draft = self._draft
        types = [form.type for form in source_forms()]
        with Container(id="panes"):
            with VerticalScroll(id="form", can_focus=False) as form:
                form.border_title = Content("New district")
                yield FormRow("name", "name", draft.get("name"), placeholder=NEEDED)
                yield FormRow("id", "id", draft.get("id"), placeholder=NEEDED)
                zone = draft.get("timezone")
                yield FormRow(
                    "timezone",
                    LABELS["timezone"],
                    zone,
                    placeholder="UTC",
                    suggester=zone_suggester(),
                )
                yield FormRow(TYPE, "source", draft.type, choices=types)
                with Vertical(id="fields"):
                    yield from self._rows()
                with Horizontal(classes="buttons"):
                    yield Button(Content("Check"), id="check", compact=True)
                    yield Button(Content("Add and preview"), id="add", compact=True)
            yield Page(id="told")

    def path(self) -> Sequence[str]:
        """A district that is none yet."""
        return ("New district",)

    def state(self) -> AddingState:
        """What is under way."""
        checking = self._stopped is not None
        return AddingState(super().state().read_only, checking, self._adding, len(self._findings()))

    def on_mount(self) -> None:
        """Look at what was typed before."""
        self._look()

    def on_unmount(self) -> None:
        """Nobody waits for the check any more."""
        self._stop()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Tell about the field that is filled in now."""
        if (row := _row_of(event.widget)) is not None:
            self._at = row.key
            self._checked = False
            self._tell()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """A field that was left is judged, also when it is empty."""
        if (row := _row_of(event.widget)) is not None:
            self._left.add(row.key)
            self._mark()

    def action_go_back(self) -> None:
        """Out of the check, then out of the form; what was typed is kept, but for what may be a
        secret."""
        if self._stopped is not None:
            self._stop()
            self._tell()
            self.commands_changed()
            return
        self._draft.forget_secrets()
        super().action_go_back()

    def action_check(self) -> None:
        """Look at the source."""
        if self._stopped is None and self._is_whole(lambda key: key.startswith("source")):
            self._steps = []
            self._stopped = Event()
            self._checked = True
            self._check(self._stopped)
            self._tell()
            self.commands_changed()

    def action_findings(self) -> None:
        """List what the check found wrong."""
        from rollbook_tui.screens.findings import FindingsScreen

        subject = self._draft.get("id").strip() or "check"
        self.app.push_screen(FindingsScreen(self.desk, subject, self._findings()))

    def action_add(self) -> None:
        """Add the district and preview it."""
        if not self._adding and self._is_whole(lambda key: True):
            self._adding = True
            self.commands_changed()
            self.start(self._add())

    @on(Input.Submitted)
    def _next_field(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_next()

    @on(Button.Pressed, "#check")
    def _pressed_check(self) -> None:
        self.action_check()

    @on(Button.Pressed, "#add")
    def _pressed_add(self) -> None:
        if refusal := self.state().read_only:
            self.say(refusal, title="Add and preview: not now", severity="warning")
        else:
            self.action_add()

    @on(FormRow.Changed)
    async def _changed(self, event: FormRow.Changed) -> None:
        event.stop()
        draft = self._draft
        if draft.get(event.key) == event.value:
            return
        draft.put(event.key, event.value)
        if event.key == "name" and not draft.own_id:
            proposed = district_forms.proposed_id(event.value)
            draft.put("id", proposed)
            self._row("id").put(proposed)
        elif event.key == "id":
            draft.own_id = event.value not in ("", district_forms.proposed_id(draft.get("name")))
        elif event.key == TYPE:
            rows = self.query_one("#fields")
            await rows.remove_children()
            await rows.mount(*self._rows())
        self._checked = False
        self._look()

    @on(Stepped)
    def _stepped(self, event: Stepped) -> None:
        event.stop()
        if event.stopped is self._stopped:
            self._steps.append(event.step)
            self._tell()

    @work(group="check", exclusive=True, exit_on_error=False)
    async def _check(self, stopped: Event) -> None:
        typed = self._draft.typed()

        def go(desk: Desk) -> None:
            with closing(district_forms.check_typed(desk, typed)) as steps:
                for step in steps:
                    if stopped.is_set():
                        return
                    self.post_message(self.Stepped(step, stopped))

        try:
            await self.read(go)
        finally:
            if self._stopped is stopped:
                self.call_later(self._check_ended, stopped)

    def _check_ended(self, stopped: Event) -> None:
        if self._stopped is stopped:
            self._stopped = None
            self._tell()
            self.commands_changed()

    def _stop(self) -> None:
        """Give the check up: a step that is under way ends by itself, and is not told."""
        if self._stopped is not None:
            self._stopped.set()
            self._stopped = None
            self._checked = False
            self.workers.cancel_group(self, "check")

    async def _add(self) -> None:
        typed = self._draft.typed()
        try:
            added = await self.act(typed["id"].strip(), "adding", district_forms.add_typed, typed)
        finally:
            self._adding = False
            self.commands_changed()
        if self in self.app.screen_stack:
            self.dismiss()
        self._then(added)

    def _is_whole(self, about: Callable[[str], bool]) -> bool:
        """Whether nothing is wrong with the keys that an act is about; else the first is shown."""
        self._look()
        wrong = [key for key in self._problems if not key or about(key)]
        if not wrong:
            return True
        rows = [row for row in self.query(FormRow) if row.display]
        self._left |= {row.key for row in rows if about(row.key)}
        first = next((row for row in rows if row.key in wrong), None)
        if first is not None:
            first.field.focus()
            self._at = first.key
        self._mark()
        self._tell()
        many = "Something is" if len(wrong) == 1 else f"{len(wrong)} things are"
        self.say(f"{many} to be mended first: see the lines with an x.", severity="warning")
        return False

    def _findings(self) -> Sequence[Finding]:
        return [finding for step in self._steps for finding in step.findings]

    def _fields(self) -> tuple[FormField, ...]:
        return district_forms.form_of(self._draft.type).fields

    def _rows(self) -> Iterator[FormRow]:
        for field in self._fields():
            key = district_forms.SOURCE + field.key
            value = self._draft.get(key)
            label = field.key.replace(".", " ").replace("_", " ")
            if field.sort is FieldSort.CHOICE:
                taken = value if value in field.choices else field.default
                yield FormRow(key, label, taken, choices=field.choices)
            elif field.sort is FieldSort.SECRET:
                shows = district_forms.may_be_shown
                hint = "env: file: keyring: or cmd:"
                yield FormRow(key, label, value, placeholder=hint, shows=shows)
            else:
                hint = NEEDED if field.needed else field.default
                yield FormRow(key, label, value, placeholder=hint)

    def _row(self, key: str) -> FormRow:
        return self.query_one(f"#{row_id(key)}", FormRow)

    def _look(self) -> None:
        """Judge what was typed, and show the fields that belong to it."""
        typed = self._draft.typed()
        self._problems = district_forms.problems_with(self.desk, typed)
        asked = {district_forms.SOURCE + f.key for f in district_forms.fields_for(typed)}
        for row in self.query_one("#fields").query(FormRow):
            row.display = row.key in asked
        self._mark()
        self._tell()

    def _problem(self, key: str) -> str:
        """What is wrong with a field that was left, or in which something was typed."""
        told = key in self._left or bool(self._draft.get(key).strip())
        return self._problems.get(key, "") if told else ""

    def _mark(self) -> None:
        for row in self.query(FormRow):
            row.mark(self._problem(row.key))

    def _tell(self) -> None:
        """The field that is filled in, and the check; what came last stands first."""
        steps = list(self._steps)
        under_way = self._stopped is not None
        checked = under_way or bool(steps)
        front = self._checked or under_way
        title = check_title(steps, under_way=under_way) if front else self._label(self._at)
        about = list(self._about())

        def lines(width: int) -> Iterator[Content]:
            told = [line for part in about for line in part.wrap(width)]
            found = list(check_lines(steps, width, under_way=under_way))
            if not checked:
                yield from told
                return
            yield from (*found, Content(""), *told) if front else (*told, Content(""), *found)

        page = self.query_one("#told", Page)
        show = page.keep if front else page.show
        show(lines, title=title)

    def _about(self) -> Iterator[Content]:
        if problem := self._problem(self._at):
            yield Content.assemble(("x ", "bold $error"), drawable(problem))
        if self._at == TYPE:
            form = district_forms.form_of(self._draft.type)
            yield Content.assemble((f"{form.type}: ", "bold"), drawable(form.about))
        else:
            yield Content(drawable(self._help(self._at)))
        if whole := self._problems.get(district_forms.WHOLE):
            yield Content.assemble(("x ", "bold $error"), drawable(whole))

    def _help(self, key: str) -> str:
        if key in HEAD:
            return HEAD[key]
        fields = {district_forms.SOURCE + field.key: field for field in self._fields()}
        if (field := fields.get(key)) is None:
            return ""
        parts = [field.about]
        if field.sort is FieldSort.LIST:
            parts.append("Write several with commas.")
            if field.choices:
                parts.append(f"There are {', '.join(filter(None, field.choices))}.")
        return " ".join(parts)

    def _label(self, key: str) -> str:
        label = LABELS.get(key, key.removeprefix(district_forms.SOURCE))
        return label.replace(".", " ").replace("_", " ").capitalize()


def _row_of(widget: Widget) -> FormRow | None:
    return next((parent for parent in widget.ancestors if isinstance(parent, FormRow)), None)
