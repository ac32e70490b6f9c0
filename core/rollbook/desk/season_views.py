"""What the desk shows of a district's year: its season, and the evidence of a roll-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rollbook.rollover.roll_up import RollUpState
from rollbook.rollover.roll_up_evidence import Evidence
from rollbook.rollover.school_years import Witness
from rollbook.rollover.season import Season

__all__ = [
    "BlackoutView",
    "Evidence",
    "GradeCount",
    "NotReadView",
    "RollUpState",
    "RollUpView",
    "SchoolRollUpView",
    "Season",
    "SeasonView",
    "TermView",
    "Witness",
    "YearView",
]


@dataclass(frozen=True, slots=True)
class TermView:
    """A term: its first and its last day."""

    name: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class BlackoutView:
    """Days, both included, on which the district wants no sync."""

    name: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class NotReadView:
    """A time at which the schedule reads nothing: days, both included, hours of every day, or hours
    of some days. Days and hours (``07:00``) are ``None`` for all of them."""

    starts: date | None
    ends: date | None
    from_hour: str | None
    to_hour: str | None

    @property
    def words(self) -> str:
        """``2026-12-20 to 2027-01-03``, ``every day, 07:00 to 09:00``."""
        days = f"{self.starts} to {self.ends}" if self.starts else "every day"
        return f"{days}, {self.from_hour} to {self.to_hour}" if self.from_hour else days


@dataclass(frozen=True, slots=True)
class YearView:
    """A school year, called by the calendar year in which it ends, and who says when it is.

    From ``roll_up_from`` on students may be promoted into the next one; ``terms`` are those of the
    district's calendar, else those of the sessions.
    """

    school_year: int
    words: str
    first_day: date
    last_day: date
    witness: Witness
    roll_up_from: date
    roll_up_to: date | None
    terms: tuple[TermView, ...] = ()


@dataclass(frozen=True, slots=True)
class SeasonView:
    """Where in its year a district is.

    ``season`` is ``None`` before its first run. ``year`` is the school year that the memory of
    last year's grades stands for, ``following`` the one after it; ``grades_of`` the one that the
    grades are of now, ``None`` where that differs from school to school. ``unenrolled`` are
    schools, by name, whose students are in no class of the year to come, ``lagging`` those that
    keep a roll-up from being done. ``held`` is how many holds wait for a decision; ``blackouts``
    are days of the calendar, ``not_read`` times of the schedule's own.
    """

    district: str
    name: str
    today: date
    season: Season | None
    waits_for: str
    will_do: str
    year: YearView
    following: YearView
    grades_of: int | None
    roll_up: RollUpState
    rolled_up_on: date | None
    lagging: tuple[str, ...]
    unenrolled: tuple[str, ...]
    pauses: tuple[str, ...]
    blackout: str | None
    blackouts: tuple[BlackoutView, ...]
    held: int = 0
    not_read: tuple[NotReadView, ...] = ()


@dataclass(frozen=True, slots=True)
class GradeCount:
    """Students of a grade: last year, and now. ``grade`` is blank for those without one."""

    grade: str
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class SchoolRollUpView:
    """A school: how far its roll-up is, what its students of last year did, and its grades.

    ``state`` is ``None`` for one that had no students last year; ``behind`` names the grades that
    were left out.
    """

    school: str
    name: str
    state: RollUpState | None
    evidence: Evidence
    behind: tuple[str, ...]
    grades: tuple[GradeCount, ...]


@dataclass(frozen=True, slots=True)
class RollUpView:
    """The evidence of a roll-up: ``since`` is the day from which last year's grades are.

    ``top`` is the district's highest grade of last year, with how many of it have left
    (``top_gone``) and how many are there still (``top_kept``). ``entering`` counts the students
    who were not there last year by grade, ``apart`` those who wait in their grade of last year at a
    school that had nobody (by its name), ``unread`` the grades that no rung is known by.
    """

    season: SeasonView
    since: date | None
    state: RollUpState
    evidence: Evidence
    top: str | None
    top_gone: int
    top_kept: int
    entering: Mapping[str, int]
    apart: Mapping[str, int]
    unread: Mapping[str, int]
    grades: tuple[GradeCount, ...]
    schools: tuple[SchoolRollUpView, ...]
