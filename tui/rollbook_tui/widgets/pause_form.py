"""From when to when a pause lasts, why, and what it will keep still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Static

from rollbook_tui.pause_cells import Scoped
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.form_row import FormRow, row_id

STARTS, ENDS, REASON = "starts", "ends", "reason"

READY = "ready"
"""Typed for the end: when the SIS has rolled up. A day after it is the last one in any case."""


@dataclass(frozen=True, slots=True)
class PauseDays:
    """From when to when, and why; without ``ends`` until it is resumed. One that is
    ``until_ready`` ends with the roll-up, at the latest after ``ends``."""

    starts: date
    ends: date | None
    reason: str
    until_ready: bool = False


class PauseForm(Vertical):
    """The lines below the grid."""

    DEFAULT_CSS = """
    PauseForm { height: auto; padding: 0 2; }
    PauseForm > Horizontal { height: auto; }
    PauseForm FormRow { width: 1fr; }
    PauseForm FormRow > .label { width: 9; }
    PauseForm #row-starts { width: 22; }
    PauseForm #row-ends > .label { width: 7; }
    PauseForm #will { width: 1fr; height: auto; max-height: 3; color: $muted; }
    PauseForm #will.-wrong { color: $error; text-style: bold; }
    PauseForm Button { margin-right: 2; min-width: 7; background: $panel; color: $foreground; }
    PauseForm Button:focus { background: $primary; color: $background; text-style: bold; }
    PauseForm:nocolor Button { border: none !important; text-opacity: 100%; }
    PauseForm:nocolor Button:focus { text-style: bold reverse; }
    """

    class Wanted(Message):
        """The button was pressed."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today
        self._scopes: Sequence[Scoped] = ()
        self._place = ""

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield FormRow(STARTS, "from", self._today.isoformat(), placeholder="YYYY-MM-DD")
            yield FormRow(ENDS, "to", placeholder="until resumed; YYYY-MM-DD; or: ready")
        yield FormRow(REASON, "reason", placeholder="for the record")
        with Horizontal():
            yield Button(Content("Pause"), id="pause", compact=True)
            yield Static("", id="will", markup=False)

    def show(self, scopes: Sequence[Scoped], place: str) -> None:
        """Say what would be paused, and where."""
        self._scopes, self._place = scopes, place
        self._tell()

    def days(self) -> PauseDays | None:
        """What was typed; ``None`` where it makes no sense, which is then said."""
        try:
            return self._days()
        except _Wrong as wrong:
            self._tell(wrong)
            return None

    def clear(self) -> None:
        """Empty it, for another pause."""
        for key, value in ((STARTS, self._today.isoformat()), (ENDS, ""), (REASON, "")):
            self._row(key).put(value)

    @on(FormRow.Changed)
    def _changed(self, event: FormRow.Changed) -> None:
        event.stop()
        self._tell()

    @on(Input.Submitted)
    def _next_field(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.Wanted())

    def _days(self) -> PauseDays:
        starts = _day(STARTS, "From", self._typed(STARTS)) or self._today
        ready, *rest = self._typed(ENDS).split(None, 1) or [""]
        until_ready = ready.casefold() == READY
        ends = _day(ENDS, "To", "".join(rest) if until_ready else self._typed(ENDS))
        if ends is not None and ends < starts:
            raise _Wrong(ENDS, "To lies before From.")
        if not (reason := self._typed(REASON)):
            raise _Wrong(REASON, "Give a reason: it goes on the record.")
        return PauseDays(starts, ends, reason, until_ready)

    def _typed(self, key: str) -> str:
        field = self._row(key).field
        assert isinstance(field, Input)
        return field.value.strip()

    def _row(self, key: str) -> FormRow:
        return self.query_one(f"#{row_id(key)}", FormRow)

    def _tell(self, wrong: _Wrong | None = None) -> None:
        for row in self.query(FormRow):
            row.mark(wrong.text if wrong and wrong.key == row.key else "")
        will = self.query_one("#will", Static)
        will.set_class(wrong is not None, "-wrong")
        will.update(Content(wrong.text if wrong else self._will()))
        if wrong:
            self._row(wrong.key).field.focus()

    def _will(self) -> str:
        if not self._scopes:
            return "Nothing is taken yet: space takes cells, f fills the grid."
        parts = "; ".join(scoped.words for scoped in self._scopes)
        many = f"{len(self._scopes)} pauses" if len(self._scopes) > 1 else "Pauses"
        return f"{many} for {drawable(self._place)}: {parts}."


def _day(key: str, name: str, typed: str) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        ready = ", or ready" if key == ENDS else ""
        raise _Wrong(key, f"{name} must be a day such as 2026-08-24{ready}.") from None


class _Wrong(Exception):
    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key
        self.text = text
