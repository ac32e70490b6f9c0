"""The season of a district as far as its last write tells: what lists of many districts show."""

from __future__ import annotations

from datetime import date

from rollbook.config.district import District
from rollbook.directory.grade_memory import GradeYear
from rollbook.rollover.roll_up import RollUpState
from rollbook.rollover.school_years import SchoolYears
from rollbook.rollover.season import Season, YearStanding, season_of


def kept_season(district: District, kept: GradeYear | None, today: date) -> Season | None:
    """The season as far as the last write tells, for lists; ``None`` before the first run."""
    return season_of(kept_standing(district, kept), today) if kept is not None else None


def kept_standing(district: District, kept: GradeYear) -> YearStanding:
    """What the last write tells of a district's year; schools are by id."""
    said = {int(year): dates for year, dates in district.calendar.years.items()}
    years = SchoolYears(said, kept.sessions)
    return YearStanding(
        dates=years.dates(kept.school_year),
        following=years.dates(kept.school_year + 1),
        roll_up=RollUpState(kept.roll_up or RollUpState.NOT_YET),
        rolled_up=kept.rolled_up,
        unenrolled=kept.unenrolled,
        lagging=kept.lagging,
    )
