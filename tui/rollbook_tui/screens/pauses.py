"""The pauses of a district as a grid of kinds by verbs: to see, to make and to end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.content import Content

from rollbook.desk import districts, pausing
from rollbook.desk.desk import Desk
from rollbook.desk.views import PauseView
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.moves import MOVES
from rollbook_tui.commands.pauses import GRID, PAUSES, PausesState
from rollbook_tui.pause_cells import Scoped, cells_of, scopes_of
from rollbook_tui.screens.base import EVERYWHERE, ConsoleScreen
from rollbook_tui.screens.help import Help
from rollbook_tui.times import stamp
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.pause_form import PauseDays, PauseForm
from rollbook_tui.widgets.pause_grid import PauseGrid
from rollbook_tui.widgets.side_by_side import labelled

WHOLE = "the whole district"
NOTHING = ""
"""The choice beside the presets that empties the grid."""

LABEL = 8


class PausesScreen(ConsoleScreen):
    """The grid, the pauses under its cursor, and the form that makes one."""

    ACTS: ClassVar[Commands] = (*PAUSES, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/pauses.tcss"
    AUTO_FOCUS = "PauseGrid"

    def __init__(self, desk: Desk, district_id: str, school: str | None = None) -> None:
        super().__init__(desk)
        self._district_id = district_id
        self._school = school
        self._called = district_id
        self._schools: dict[str, str] = {}

    def body(self) -> ComposeResult:
        """The grid and the form on the left, what is under the cursor beside or below them."""
        with Container(id="panes"):
            with Vertical(id="grid"):
                yield PauseGrid()
                yield PauseForm(pausing.today(self.desk, self._district_id))
            yield Page(id="under")

    def path(self) -> Sequence[str]:
        """The district, and the school if it is one."""
        school = self._schools.get(self._school or "", self._school)
        return (self._called, *([school] if school else ()), "pauses")

    def state(self) -> PausesState:
        """What is taken, and what is under the cursor."""
        read_only = super().state().read_only
        if not self.is_mounted:
            return PausesState(read_only)
        grid = self._grid
        return PausesState(read_only, len(grid.pauses_under_cursor), len(grid.taken))

    async def reload(self) -> None:
        """Read the pauses again; what is taken and typed stays."""
        detail = await self.read(districts.district, self._district_id)
        pauses = await self.read(pausing.pauses, self._district_id)
        self._called = detail.summary.name
        self._schools = {school: name for school, name, _ in detail.schools}
        now, place = sum(pause.active for pause in pauses), self._place()
        later = f", {len(pauses) - now} to come" if len(pauses) > now else ""
        self._grid.border_title = Content(
            drawable(f"{place[:1].upper()}{place[1:]} · {now} in force{later}")
        )
        self._grid.show_pauses(pauses, self._school)
        self.query_one(PauseForm).show(self._scopes(), self._place())

    def action_show_help(self) -> None:
        """Open the help of this screen and of its grid."""
        acts = (*self.ACTS, *GRID, *MOVES)
        self.app.push_screen(Help(acts, self.state(), self.pane(), self.keys_of()))

    def action_fill_by_preset(self) -> None:
        """Ask by which."""
        self.start(self._fill())

    def action_choose_school(self) -> None:
        """Ask which."""
        self.start(self._choose_school())

    def action_make_pause(self) -> None:
        """Make the pauses that the grid asks for."""
        if (days := self.query_one(PauseForm).days()) is not None:
            self.start(self._make(self._scopes(), days))

    def action_end_pause(self) -> None:
        """End one of those under the cursor."""
        from rollbook_tui.acts.pausing import resume_one

        self.start(resume_one(self, self._called, self._grid.pauses_under_cursor))

    @on(PauseGrid.Moved)
    def _moved(self) -> None:
        grid = self._grid
        pauses = grid.pauses_under_cursor
        self.query_one("#under", Page).show(
            lambda width: pause_lines(pauses, width), title=f"Pauses over {grid.place}"
        )
        self.commands_changed()

    @on(PauseGrid.Taken)
    def _taken(self) -> None:
        self.query_one(PauseForm).show(self._scopes(), self._place())
        self.commands_changed()

    @on(PauseForm.Wanted)
    async def _wanted(self) -> None:
        from rollbook_tui.commands.pauses import MakePause

        if refusal := MakePause.refusal(self.state()):
            self.say(refusal, title="Pause: not now", severity="warning")
        else:
            self.action_make_pause()

    @property
    def _grid(self) -> PauseGrid:
        return self.query_one(PauseGrid)

    def _scopes(self) -> list[Scoped]:
        return scopes_of(self._grid.taken, pausing.PRESET_SCOPES)

    def _place(self) -> str:
        return self._schools.get(self._school, self._school) if self._school else WHOLE

    async def _fill(self) -> None:
        from rollbook_tui.dialogs.choose import Choose, Option

        options = [Option(name, name, words) for name, words in pausing.PRESETS.items()]
        options.append(Option(NOTHING, "nothing", "Empties the grid."))
        chosen: Option[str] | None = await self.app.push_screen_wait(
            Choose("Fill the grid by", options, options[0].value)
        )
        if chosen is not None:
            scope = pausing.PRESET_SCOPES.get(chosen.value)
            self._grid.take(cells_of(scope) if scope else frozenset())

    async def _choose_school(self) -> None:
        from rollbook_tui.dialogs.choose import Choose, Option

        options: list[Option[str | None]] = [Option(None, WHOLE)]
        options += [Option(school, name, school) for school, name in self._schools.items()]
        chosen: Option[str | None] | None = await self.app.push_screen_wait(
            Choose("Pauses of", options, self._school)
        )
        if chosen is not None:
            self._school = chosen.value
            self.action_reload()

    async def _make(self, scopes: Sequence[Scoped], days: PauseDays) -> None:
        made = await self.act(
            self._district_id,
            "pausing",
            pausing.pause_scopes,
            self._district_id,
            [scoped.scope for scoped in scopes],
            school=self._school,
            starts=days.starts,
            ends=days.ends,
            reason=days.reason,
            until_ready=days.until_ready,
        )
        if self.is_mounted:
            self._grid.take(frozenset())
            self.query_one(PauseForm).clear()
            self.set_focus(self._grid)
        for pause in made:
            self.say(pause.words, title=f"{pause.id}: paused")


def pause_lines(pauses: Sequence[PauseView], width: int) -> Iterator[Content]:
    """Pauses in full: what, from when to when, why, and by whom."""
    if not pauses:
        yield Content.styled("No pause is over this.", "$muted")
    for pause in pauses:
        sign = "= " if pause.active else "to come: "
        yield from Content.assemble(
            (f"{sign}{drawable(pause.id)}  ", "$paused"), drawable(pause.words)
        ).wrap(width)
        yield from labelled("why", Content(drawable(pause.reason)), LABEL, width)
        who = f"{pause.created_by}, {stamp(pause.created_at)}"
        yield from labelled("by", Content(drawable(who)), LABEL, width)
        if pause is not pauses[-1]:
            yield Content("")
