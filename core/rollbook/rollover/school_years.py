"""When a district's school years begin and end: what its calendar says, else its sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from rollbook.roster.sessions import Session

if TYPE_CHECKING:
    # What only is shown need not load what reads configuration.
    from rollbook.config.calendar import Calendar, CalendarYear


class Witness(StrEnum):
    """Who says when a school year is: the district's file, the SIS, the year beside it, nobody."""

    CALENDAR = "calendar"
    SESSIONS = "sessions"
    NEIGHBOUR = "the year before"
    NOBODY = "nobody"


_SURE: Mapping[Witness, timedelta] = {
    Witness.CALENDAR: timedelta(days=7),
    Witness.SESSIONS: timedelta(days=45),
    Witness.NEIGHBOUR: timedelta(days=45),
    Witness.NOBODY: timedelta(days=60),
}
"""How long before the last day a roll-up may come, by who says when that is: sessions often end
with the fiscal year, weeks after school does."""

SETTLED_AFTER = timedelta(days=30)
"""After the first day of school: the new grades are those of the year from then on."""


@dataclass(frozen=True, slots=True)
class YearDates:
    """One school year, called by the calendar year in which it ends; both days are included.

    From ``roll_up_from`` on, students may be promoted into the year after it.
    """

    school_year: int
    first_day: date
    last_day: date
    witness: Witness
    roll_up_from: date
    roll_up_to: date | None = None


@dataclass(frozen=True, slots=True)
class SchoolYears:
    """A district's school years."""

    said: Mapping[int, CalendarYear]
    sessions: Mapping[int, tuple[date, date]]

    @classmethod
    def of(cls, calendar: Calendar, sessions: Iterable[Session]) -> SchoolYears:
        """What a calendar and the sessions of a source say."""
        said = {int(year): dates for year, dates in calendar.years.items()}
        return cls(said, cls.spans(sessions))

    @staticmethod
    def spans(sessions: Iterable[Session]) -> dict[int, tuple[date, date]]:
        """First and last day of each year that sessions name and can be in, summer terms aside."""
        found: defaultdict[int, list[Session]] = defaultdict(list)
        for one in sessions:
            if one.school_year is not None and one.is_plausible and one.ends > one.starts:
                found[one.school_year].append(one)
        spans: dict[int, tuple[date, date]] = {}
        for year, of_year in found.items():
            whole = [s for s in of_year if s.type == "schoolYear"]
            counting = whole or [s for s in of_year if not s.is_summer]
            if counting:
                first = min(s.starts for s in counting)
                last = max(s.last_day for s in counting)
                if last - first < _WHOLE:
                    first, last = min(first, _usual_first(year)), max(last, _usual_last(year))
                spans[year] = (first, last)
        return spans

    def dates(self, school_year: int) -> YearDates:
        """The dates of a year; those of the nearest known one, put into it, where nobody says."""
        if (said := self.said.get(school_year)) is not None:
            return _year(
                school_year,
                said.first_day,
                said.last_day,
                Witness.CALENDAR,
                said.roll_up_from,
                said.roll_up_to,
            )
        if (span := self.sessions.get(school_year)) is not None:
            return _year(school_year, *span, Witness.SESSIONS)
        known = sorted({*self.said, *self.sessions}, key=lambda y: (abs(y - school_year), y))
        if known:
            beside = self.dates(known[0])
            shift = school_year - known[0]
            return _year(
                school_year,
                _shifted(beside.first_day, shift),
                _shifted(beside.last_day, shift),
                Witness.NEIGHBOUR,
            )
        usual = _usual_first(school_year), _usual_last(school_year)
        return _year(school_year, *usual, Witness.NOBODY)

    def on(self, day: date) -> YearDates:
        """The school year that has begun last on a day; its summer is part of it."""
        later = [self.dates(year) for year in range(day.year + 1, day.year - 2, -1)]
        return next((year for year in later if year.first_day <= day), later[-1])

    def in_session(self, day: date) -> bool:
        """Whether a day is between the first and the last day of a school year."""
        return day <= self.on(day).last_day


def _year(
    school_year: int,
    first_day: date,
    last_day: date,
    witness: Witness,
    roll_up_from: date | None = None,
    roll_up_to: date | None = None,
) -> YearDates:
    opens = roll_up_from or last_day - _SURE[witness]
    return YearDates(school_year, first_day, last_day, witness, opens, roll_up_to)


_WHOLE = timedelta(days=200)
"""What is shorter is a term of a year of which the others are not there."""


def _usual_first(school_year: int) -> date:
    return date(school_year - 1, 8, 15)


def _usual_last(school_year: int) -> date:
    return date(school_year, 6, 15)


def _shifted(day: date, years: int) -> date:
    """The day some years later that is of the same weekday and next to the same date: schools begin
    on Mondays, or whatever they begin on."""
    leap = (day.month, day.day) == (2, 29)
    same = day.replace(year=day.year + years, day=28 if leap else day.day)
    return same + timedelta(days=(day.weekday() - same.weekday() + 3) % 7 - 3)


def year_words(school_year: int) -> str:
    """``2026-27`` for the school year that ends in 2027."""
    return f"{school_year - 1}-{school_year % 100:02}"
