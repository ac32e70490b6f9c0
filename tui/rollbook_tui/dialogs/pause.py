"""What is to be paused, and from when to when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.suggester import SuggestFromList
from textual.widgets import Button, Input, Static

from rollbook.desk.views import Kind, Verb
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.dialogs.confirm import SayNo
from rollbook_tui.dialogs.dialog import Cancel, Dialog
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.choice_line import ChoiceLine
from rollbook_tui.words import VERBS, kind_word

CHOSEN = "chosen"
"""The choice beside the presets: kinds and verbs as chosen below."""


@dataclass(frozen=True, slots=True)
class PauseWanted:
    """What was asked for; empty ``kinds`` and ``verbs`` are all of them."""

    school: str | None
    kinds: tuple[Kind, ...]
    verbs: tuple[Verb, ...]
    starts: date
    ends: date | None
    preset: str | None
    reason: str


class Pause(Dialog[PauseWanted | None]):
    """The pause that is wanted, or ``None``. A reason must be given."""

    ACTS: ClassVar[Commands] = (SayNo, Cancel)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    AUTO_FOCUS = "#preset"
    takes_type_ahead = True
    DEFAULT_CSS = """
    Pause > .frame { width: 76; padding: 0 2; }
    Pause .row { height: auto; }
    Pause .row > .label { width: 9; }
    Pause .row > Input { width: 1fr; margin: 0; }
    Pause #words { color: $muted; height: 2; padding-left: 9; }
    Pause .problem { height: 1; }
    """

    def __init__(
        self,
        district: str,
        schools: Sequence[tuple[str, str]],
        presets: Mapping[str, str],
        today: date,
    ) -> None:
        super().__init__()
        self._district = district
        self._schools = {name.casefold(): id_ for id_, name in schools}
        self._schools |= {id_.casefold(): id_ for id_, _ in schools}
        self._names = [drawable(name) for _, name in schools]
        self._presets = presets
        self._today = today

    def compose(self) -> ComposeResult:
        frame = Vertical(classes="frame")
        frame.border_title = Content(f"Pause {drawable(self._district)}")
        frame.border_subtitle = Content("tab next · ←→ choose · space take · esc leave")
        presets = [(CHOSEN, "as chosen below"), *((name, name) for name in self._presets)]
        kinds = [(kind.value, kind_word(kind)) for kind in Kind]
        verbs = [(verb.value, VERBS[verb].word) for verb in Verb]
        with frame:
            yield from _row("What", ChoiceLine(presets, id="preset"))
            yield Static("", id="words", markup=False)
            yield from _row("Kinds", ChoiceLine(kinds, several=True, id="kinds"))
            yield from _row("Verbs", ChoiceLine(verbs, several=True, id="verbs"))
            school = Input(
                id="school",
                compact=True,
                placeholder="the whole district, or a school's name or id",
                suggester=SuggestFromList(self._names, case_sensitive=False),
            )
            yield from _row("School", school)
            yield from _row("From", Input(self._today.isoformat(), id="starts", compact=True))
            ends = Input(id="ends", compact=True, placeholder="until it is resumed, or YYYY-MM-DD")
            yield from _row("To", ends)
            yield from _row(
                "Reason", Input(id="reason", compact=True, placeholder="for the record")
            )
            yield Static("", classes="problem", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(Content("No"), id="no", compact=True)
                yield Button(Content("Pause"), id="yes", compact=True)

    def on_mount(self) -> None:
        """Say what the first choice means."""
        self._chosen()

    @on(ChoiceLine.Changed, "#preset")
    def _chosen(self) -> None:
        preset = self._preset()
        words = self._presets.get(preset or "", "Nothing taken means all kinds, all verbs.")
        self.query_one("#words", Static).update(Content(words))
        for name in ("#kinds", "#verbs"):
            self.query_one(name, ChoiceLine).disabled = preset is not None

    @on(Input.Submitted)
    def _next_field(self, event: Input.Submitted) -> None:
        event.stop()
        self.focus_next()

    @on(Button.Pressed, "#no")
    def _pressed_no(self) -> None:
        self.dismiss(None)

    @on(Button.Pressed, "#yes")
    def _pressed_yes(self) -> None:
        try:
            self.dismiss(self._wanted())
        except ValueError as problem:
            self.query_one(".problem", Static).update(Content(str(problem)))

    def _preset(self) -> str | None:
        (preset,) = self.query_one("#preset", ChoiceLine).taken
        return None if preset == CHOSEN else preset

    def _wanted(self) -> PauseWanted:
        preset = self._preset()
        starts = _date("From", self._typed("starts")) or self._today
        ends = _date("To", self._typed("ends"))
        if ends is not None and ends < starts:
            raise ValueError("To lies before From.")
        school = self._typed("school")
        if school and school.casefold() not in self._schools:
            raise ValueError("No school of that name or id.")
        if not self._typed("reason"):
            raise ValueError("Give a reason: it goes on the record.")
        kinds = self.query_one("#kinds", ChoiceLine).taken
        verbs = self.query_one("#verbs", ChoiceLine).taken
        return PauseWanted(
            school=self._schools[school.casefold()] if school else None,
            kinds=() if preset else tuple(kind for kind in Kind if kind.value in kinds),
            verbs=() if preset else tuple(verb for verb in Verb if verb.value in verbs),
            starts=starts,
            ends=ends,
            preset=preset,
            reason=self._typed("reason"),
        )

    def _typed(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()


def _row(label: str, field: ChoiceLine | Input) -> ComposeResult:
    with Horizontal(classes="row"):
        yield Static(Content(label), classes="label")
        yield field


def _date(name: str, typed: str) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ValueError(f"{name} must be a day such as 2026-08-24.") from None
