"""Where in its year a district is, what it waits for, and what rollbook will do about it.

Pure: today, the dates of the years and what has been seen of grades and enrollments come in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from rollbook.rollover.roll_up import RollUpState
from rollbook.rollover.school_years import SETTLED_AFTER, YearDates, year_words


class Season(StrEnum):
    """The seasons of a school year, in their order."""

    IN_SESSION = "in session"
    CLOSING = "closing"
    SUMMER = "summer"
    WAITING_FOR_ROLL_UP = "waiting for roll-up"
    ROLLED_UP = "rolled up"
    WAITING_FOR_ENROLLMENTS = "waiting for enrollments"
    READY = "ready"
    LIVE = "live"


CLOSING_DAYS = timedelta(days=21)
"""Before the last day of school: the year closes."""

REST_DAYS = timedelta(days=14)
"""After the last day of school, in which no SIS has to have rolled up."""

ENROLLED_DAYS = timedelta(days=21)
"""Before the first day of school, from which on students should be enrolled in classes."""


@dataclass(frozen=True, slots=True)
class YearStanding:
    """What is known of a district's year.

    ``dates`` are those of the school year that last year's grades are of, ``following`` of the one
    after it. ``unenrolled`` are the schools, by name, with students of whom none is in a class of
    the year to come; ``lagging`` those that keep the roll-up from being done.
    """

    dates: YearDates
    following: YearDates
    roll_up: RollUpState
    rolled_up: date | None = None
    unenrolled: Sequence[str] = ()
    lagging: Sequence[str] = ()
    has_students: bool = True


@dataclass(frozen=True, slots=True)
class SeasonWords:
    """A season, what the district waits for, and what rollbook does meanwhile."""

    season: Season
    waits_for: str
    will_do: str


def before_first_run(held: int) -> str:
    """What a district that was never written waits for."""
    return "a decision about its first run" if held else "its first run"


def season_of(year: YearStanding, today: date) -> Season:
    """The season on a day."""
    if year.roll_up is RollUpState.DONE:
        return _after_roll_up(year, year.following, today)
    if today < year.dates.first_day:
        return _after_roll_up(year, year.dates, today)
    if year.roll_up in _UNDER_WAY and today >= year.dates.roll_up_from:
        return Season.WAITING_FOR_ROLL_UP
    if today <= year.dates.last_day:
        closing = today > year.dates.last_day - CLOSING_DAYS
        return Season.CLOSING if closing else Season.IN_SESSION
    return Season.SUMMER if today < _due(year.dates) else Season.WAITING_FOR_ROLL_UP


_UNDER_WAY = frozenset({RollUpState.PARTLY, RollUpState.TWICE, RollUpState.BACK})


def _after_roll_up(year: YearStanding, new: YearDates, today: date) -> Season:
    """The season between the roll-up and the settled new year."""
    if today >= new.first_day + SETTLED_AFTER:
        return Season.IN_SESSION
    if year.unenrolled or not year.has_students:
        late = today >= new.first_day - ENROLLED_DAYS
        return Season.WAITING_FOR_ENROLLMENTS if late else Season.ROLLED_UP
    return Season.LIVE if today >= new.first_day else Season.READY


def _due(dates: YearDates) -> date:
    """From when on a roll-up is waited for."""
    return max(dates.roll_up_from, dates.last_day + REST_DAYS)


def season_words(year: YearStanding, today: date, held: int = 0) -> SeasonWords:
    """The season on a day, with its words; ``held`` is how many holds wait for a decision."""
    season = season_of(year, today)
    waits, does = _WORDS[season]
    new = year.following if year.roll_up is RollUpState.DONE else year.dates
    said = {
        "year": year_words(year.dates.school_year),
        "last_day": year.dates.last_day,
        "due": _due(year.dates),
        "from": year.dates.roll_up_from,
        "first_day": new.first_day,
        "new_year": year_words(new.school_year),
        "schools": named(year.unenrolled),
        "roll_up": _roll_up_words(year, today),
        "nothing": "nothing",
        "changes": "changes go in",
    }
    if held:
        decision = f"a decision about {held:,} hold{'s' if held > 1 else ''}"
        said |= {"nothing": decision, "changes": "what is not held goes in"}
        if "{nothing}" not in waits:
            waits += f"; and {decision}"
    return SeasonWords(season, waits.format(**said), does.format(**said))


_WORDS: dict[Season, tuple[str, str]] = {
    Season.IN_SESSION: (
        "{nothing}: {year} lasts until {last_day}",
        "{changes} as ever; students who would be promoted before {from} are held (C3)",
    ),
    Season.CLOSING: (
        "the last day of school, {last_day}",
        "{changes} as ever; walk the checklist end-of-year and pause for the summer",
    ),
    Season.SUMMER: (
        "the roll-up, which is expected from {due} on",
        "a roll-up is looked for in every input; nothing that removes many goes in unseen",
    ),
    Season.WAITING_FOR_ROLL_UP: (
        "{roll_up}",
        "graduation years stay those of {year} where nobody was promoted; a school that would be "
        "rolled up in part, or twice, is held (C3)",
    ),
    Season.ROLLED_UP: (
        "enrollments of {new_year}, which begins on {first_day}",
        "grades are taken for those of {new_year}; a second roll-up is held (C3)",
    ),
    Season.WAITING_FOR_ENROLLMENTS: (
        "students in classes of {new_year}, which begins on {first_day}: {schools}",
        "new classes and enrollments go in as they come",
    ),
    Season.READY: (
        "the first day of school, {first_day}",
        "{changes} as ever; walk the checklist back-to-school",
    ),
    Season.LIVE: (
        "{nothing}: {new_year} has begun on {first_day}",
        "{changes} as ever; the grades are settled a month after the first day",
    ),
}


def _roll_up_words(year: YearStanding, today: date) -> str:
    match year.roll_up:
        case RollUpState.PARTLY:
            return f"the rest of the roll-up: {named(year.lagging)}"
        case RollUpState.TWICE:
            return f"a decision: rolled up twice, {named(year.lagging)}"
        case RollUpState.BACK:
            return f"a decision: the roll-up was taken back, {named(year.lagging)}"
        case RollUpState.UNKNOWN:
            return "the roll-up; the grades of too few students tell whether it has come"
    closes = year.dates.roll_up_to or year.following.first_day
    overdue = f", which should have come by {closes}" if today > closes else ""
    return f"the roll-up of the SIS into {year_words(year.following.school_year)}{overdue}"


NAMED = 3


def named(schools: Sequence[str]) -> str:
    """``Lincoln, West and 4 more schools``; ``no school yet`` for none."""
    if not schools:
        return "no school yet"
    more = len(schools) - NAMED
    listed = ", ".join(schools[:NAMED])
    return f"{listed} and {more} more schools" if more > 0 else listed
