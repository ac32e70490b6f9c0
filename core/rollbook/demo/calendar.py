"""The sessions of a school year: the year, two semesters, four quarters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from rollbook.demo.draft import Draft
from rollbook.demo.shape import Session


@dataclass(frozen=True, slots=True)
class YearSessions:
    """The ids of a year's sessions that classes are held in."""

    year: str
    fall: str
    spring: str


_WEEKS = 42
_SPRING_WEEK = 20
_QUARTER_WEEKS = (0, 10, _SPRING_WEEK, 31, _WEEKS)


def open_year(draft: Draft, school_year: int) -> YearSessions:
    """Add the sessions of a school year to the draft, where they are not there yet."""
    start = draft.district.year_start(school_year)

    def day(week: int) -> date:
        return start + timedelta(weeks=week) - timedelta(days=2 if week == _WEEKS else 0)

    def session(key: str, title: str, kind: str, first: int, last: int, parent: str) -> str:
        session_id = draft.fixed_id("session", str(school_year), key)
        draft.sessions[session_id] = Session(
            id=session_id,
            title=title,
            type=kind,
            start=day(first),
            end=day(last),
            parent_id=parent,
            school_year=school_year,
        )
        return session_id

    label = f"{school_year - 1}-{school_year % 100:02d}"
    year = session("year", f"School Year {label}", "schoolYear", 0, _WEEKS, "")
    fall = session("fall", f"Semester 1 {label}", "semester", 0, _SPRING_WEEK, year)
    spring = session("spring", f"Semester 2 {label}", "semester", _SPRING_WEEK, _WEEKS, year)
    for quarter in range(4):
        first, last = _QUARTER_WEEKS[quarter : quarter + 2]
        parent = fall if quarter < 2 else spring
        session(f"q{quarter + 1}", f"Q{quarter + 1} {label}", "gradingPeriod", first, last, parent)
    return YearSessions(year, fall, spring)
