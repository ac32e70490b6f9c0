"""A district's year: its season in words, and its calendar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from rollbook.desk import pausing, plans, schedules, seasons
from rollbook.desk.desk import Desk
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.year import ABOUT_A_YEAR, YearState
from rollbook_tui.details.year import DistrictYear, year_lines
from rollbook_tui.screens.base import EVERYWHERE
from rollbook_tui.screens.year_acts import YearActs
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.page import Page

NEXT_RUNS = 5


class DistrictYearScreen(YearActs):
    """One page: what the district waits for, a timeline, and every day of it in words."""

    ACTS: ClassVar[Commands] = (*ABOUT_A_YEAR, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    AUTO_FOCUS = "Page"

    def __init__(self, desk: Desk, district_id: str) -> None:
        super().__init__(desk)
        self._district_id = district_id

    def body(self) -> ComposeResult:
        """The page."""
        yield Page()

    def path(self) -> Sequence[str]:
        """The district."""
        return (self._district_id, "year")

    def state(self) -> YearState:
        """The district."""
        return YearState(super().state().read_only, self._district_id)

    def district(self) -> str:
        """The one that the screen is about."""
        return self._district_id

    async def reload(self) -> None:
        """Read everything about the year again."""
        year = await self.read(read_year, self._district_id)
        title = f"{drawable(year.season.name)} · {year.season.year.words}"
        self.query_one(Page).keep(lambda width: year_lines(year, width), title=title)


def read_year(desk: Desk, district_id: str) -> DistrictYear:
    """What a district's year is drawn from; pauses and plans of the past are left out."""
    [schedule] = schedules.schedules(desk, district_id, count=NEXT_RUNS)
    return DistrictYear(
        season=seasons.season(desk, district_id),
        pauses=pausing.pauses(desk, district_id),
        plans=plans.plans(desk, district_id),
        next_runs=schedule.next,
        timezone=schedule.timezone,
    )
