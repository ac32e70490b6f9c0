"""The first screen: districts, changesets and held deletions, and a preview of what is selected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from rollbook.desk import decisions, districts, history
from rollbook.desk.desk import Desk
from rollbook.desk.views import DistrictState, DistrictSummary, HoldView, RunSummary
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.dashboard import DASHBOARD
from rollbook_tui.commands.dashboard_state import (
    CHANGESETS,
    DETAIL,
    DISTRICTS,
    HOLDS,
    DashboardState,
)
from rollbook_tui.dialogs.entry import Entry
from rollbook_tui.screens.dashboard_acts import DashboardActs
from rollbook_tui.screens.dashboard_detail import Subject, read_detail
from rollbook_tui.screens.dashboard_panes import (
    ALL,
    DistrictLine,
    changeset_pane,
    district_pane,
    hold_pane,
    urgency,
)
from rollbook_tui.widgets.list_pane import ListPane
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.search_line import SearchLine

LISTS = (DISTRICTS, CHANGESETS, HOLDS)
ALL_PANES = (*LISTS, DETAIL)
SOLO_BELOW = 80
"""In a narrower window one pane is shown at a time."""

SETTLED = 0.06
"""Seconds that the cursor rests before what it is on is read: a held key reads nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the lists show: every district, and the runs and holds of the chosen one or of all."""

    districts: tuple[DistrictSummary, ...]
    runs: tuple[RunSummary, ...]
    holds: tuple[HoldView, ...]


def read_lists(desk: Desk, chosen: str) -> Reading:
    """Read the lists; ``chosen`` is a district's id, or ``ALL``."""
    return Reading(
        districts.districts(desk),
        history.runs(desk, chosen or None),
        tuple(sorted(decisions.holds(desk, chosen or None), key=urgency)),
    )


class Dashboard(DashboardActs):
    """Three lists on the left; on the right a preview of the line under the cursor."""

    ACTS: ClassVar[Commands] = DASHBOARD
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(DASHBOARD)]
    AUTO_FOCUS = f"#{DISTRICTS}"
    CSS_PATH = "../styles/dashboard.tcss"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._front = DISTRICTS
        self._large = False
        self._chosen = ALL
        self._subject: Subject = None
        self._state: DashboardState | None = None
        self._settling: Timer | None = None
        self._districts = district_pane(desk.clock)
        self._changesets = changeset_pane(desk.clock)
        self._holds = hold_pane(desk.clock)
        self._detail = Page(id=DETAIL)
        self._search = SearchLine("every word must occur, such as: state:held north")

    def body(self) -> ComposeResult:
        with Horizontal(id="columns"):
            with Vertical(id="lists"):
                yield self._districts
                yield self._changesets
                yield self._holds
            yield self._detail
        yield self._search

    def path(self) -> Sequence[str]:
        """The district that panes 2 and 3 show."""
        district = self._districts.row
        return (district.name if district else "All districts",)

    def pane(self) -> str:
        """The pane in front."""
        return self._front

    def state(self) -> DashboardState:
        """What is selected; worked out again when something changed."""
        if self._state is None:
            self._state = self._judged()
        return self._state

    def commands_changed(self) -> None:
        """As everywhere; what is selected may be something else now."""
        self._state = None
        super().commands_changed()

    def places(self) -> Sequence[Entry]:
        """The districts."""
        return [
            Entry(f"screen.go_to({d.id!r})", f"Go to {d.name}", f"go to {d.id} {d.name}")
            for d in self._districts.all_rows
            if d is not None
        ]

    async def reload(self) -> None:
        """Read the lists and the details again; cursors, marks and filters stay."""
        chosen = self._chosen
        reading = await self.read(read_lists, chosen)
        self._districts.show(() if not reading.districts else (None, *reading.districts))
        # The cursor may have gone on meanwhile; what it is on now is being read.
        if chosen == self._chosen:
            self._show(reading)
        self._start_detail()

    def on_resize(self) -> None:
        """One pane or all of them."""
        self._arrange()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The pane that has the focus is the one in front."""
        if event.widget.id in ALL_PANES and event.widget.id != self._front:
            self._front = event.widget.id
            if self._front != DETAIL:
                self._start_detail()

    @on(ListPane.Moved)
    def _moved(self, event: ListPane.Moved) -> None:
        event.stop()
        if event.pane is self._districts:
            district = self._districts.row
            self._chosen = district.id if district else ALL
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLED, self._settle)
        self.commands_changed()

    @on(SearchLine.Searched)
    def _searched(self, event: SearchLine.Searched) -> None:
        self._list.set_filter(event.text)
        self.commands_changed()

    @on(SearchLine.Left)
    def _search_left(self) -> None:
        self.set_focus(self._list)

    def jump(self, pane: str) -> None:
        """Go to a pane."""
        self._front = pane
        self._arrange()
        self.set_focus(self.query_one(f"#{pane}"))
        self._start_detail()
        self.commands_changed()

    def action_jump(self, pane: str) -> None:
        """Go to a pane."""
        self.jump(pane)

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self._step(1)

    def action_pane_before(self) -> None:
        """Go to the pane before."""
        self._step(-1)

    def action_larger(self) -> None:
        """Only the pane in front."""
        self._large = True
        self._arrange()

    def action_smaller(self) -> None:
        """All panes."""
        self._large = False
        self._arrange()

    def action_filter(self) -> None:
        """Type what the lines must have."""
        self._search.open(self._list.filter)
        # At once, so that what is typed ahead goes there too.
        self.set_focus(self._search)

    def action_mark(self) -> None:
        """Mark the line."""
        self._list.toggle_mark()
        self.commands_changed()

    def action_mark_all(self) -> None:
        """Mark every line shown, or none."""
        self._list.toggle_all()
        self.commands_changed()

    def action_go_to(self, district: str) -> None:
        """Put the cursor on a district, and show it."""
        self._districts.set_filter("")
        self._districts.go_to(district)
        self.jump(DISTRICTS)

    def action_go_back(self) -> None:
        """Out of the filter, of the large pane, and to the districts, a step at a time."""
        if self._search.close() or self._list.filter:
            self._list.set_filter("")
            self.set_focus(self._list)
            self.commands_changed()
        elif self._large:
            self.action_smaller()
        elif self._front != DISTRICTS:
            self.jump(DISTRICTS)

    @property
    def _list(self) -> ListPane[DistrictLine] | ListPane[RunSummary] | ListPane[HoldView]:
        if self._front == CHANGESETS:
            return self._changesets
        return self._holds if self._front == HOLDS else self._districts

    def _step(self, by: int) -> None:
        self.jump(ALL_PANES[(ALL_PANES.index(self._front) + by) % len(ALL_PANES)])

    def _arrange(self) -> None:
        solo = self._large or self.size.width < SOLO_BELOW
        for pane in (self._districts, self._changesets, self._holds, self._detail):
            pane.display = not solo or pane.id == self._front
        lists = self.query_one("#lists")
        lists.display = not solo or self._front != DETAIL
        lists.set_class(solo, "-solo")

    def _settle(self) -> None:
        self._settling = None
        if self._front == DISTRICTS:
            self._start_lists()
        self._start_detail()

    @work(group="lists", exclusive=True, exit_on_error=False)
    async def _start_lists(self) -> None:
        self._show(await self.read(read_lists, self._chosen))

    def _show(self, reading: Reading) -> None:
        self._changesets.show(reading.runs)
        self._holds.show(reading.holds)
        self.commands_changed()

    @work(group="detail", exclusive=True, exit_on_error=False)
    async def _start_detail(self) -> None:
        subject: Subject = self._list.row
        if subject is None and self._list is not self._districts:
            subject = self._districts.row
        detail = await self.read(read_detail, subject)
        same = getattr(subject, "id", ALL) == getattr(self._subject, "id", None)
        self._subject = subject
        show = self._detail.keep if same else self._detail.show
        show(lambda width: detail.draw(width - 1).wrap(width - 1), title=detail.title)

    def _judged(self) -> DashboardState:
        by_id = {d.id: d for d in self._districts.all_rows if d is not None}
        run = self._changesets.row if self._front == CHANGESETS else None
        hold = self._holds.row if self._front == HOLDS else None
        about = run or hold
        district = by_id.get(about.district) if about else self._districts.row
        marked = tuple(d for d in self._districts.marked if d is not None)
        every = tuple(d for d in by_id.values() if d.state is not DistrictState.BROKEN)
        return DashboardState(
            read_only=super(DashboardActs, self).state().read_only,
            pane=self._front,
            district=district,
            districts=marked or ((district,) if district else every),
            run=run,
            hold=hold,
            holds=(self._holds.marked or (hold,)) if hold else (),
            at_work=self.at_work(),
        )
