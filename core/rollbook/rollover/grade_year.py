"""Of which school year the grades are that a district has, and when that year is over.

The memory of last year's grades stands still while a roll-up may come, and follows the corrections
of the year before that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from rollbook.directory.grade_memory import GradeYear
from rollbook.rollover.roll_up import A_COUPLE, RollUp, RollUpState, SchoolRollUp
from rollbook.rollover.school_years import SETTLED_AFTER, SchoolYears
from rollbook.roster.grade_moves import Place

CORRECTED_AFTER = timedelta(days=7)
"""How long the memory is kept within a school year before what changed since is taken over."""

SLIGHT = 0.02
"""Share of a school's students that went up, from which on no correction is taken over: a roll-up
that comes by a few students a week is seen in the end."""

_QUIET = frozenset({RollUpState.NOT_YET, RollUpState.UNKNOWN})


def first_year(years: SchoolYears, today: date) -> int:
    """The school year of the grades of a district that is read for the first time.

    In summer that is the year which has ended, unless its sessions are gone from the source.
    """
    year = years.on(today).school_year
    if years.in_session(today) or not years.sessions or year in years.sessions:
        return year
    return year + 1 if year + 1 in years.sessions else year


def turns_over_to(kept: GradeYear, years: SchoolYears, roll_up: RollUp) -> int | None:
    """The school year of which the grades are from now on, as they were on ``kept.seen``.

    The same year again while it is in session and nothing but corrections has been seen; the next
    one when school has begun for long enough; ``None`` while what is remembered stays.
    """
    following = years.dates(kept.school_year + 1)
    if kept.seen >= following.first_day + SETTLED_AFTER:
        return years.on(kept.seen).school_year
    this = years.dates(kept.school_year)
    corrected = kept.seen - kept.since >= CORRECTED_AFTER and kept.seen < this.roll_up_from
    quiet = all(school.state in _QUIET and _is_slight(school) for school in roll_up.schools)
    return kept.school_year if corrected and quiet else None


def _is_slight(school: SchoolRollUp) -> bool:
    up = school.evidence.up + school.evidence.two_up
    return up <= max(A_COUPLE, SLIGHT * school.evidence.decided)


@dataclass(frozen=True, slots=True)
class YearOfGrades:
    """The school year that students' grades are of: ``school_year`` where the roll-up has not come,
    the one after it in the schools where it has.

    ``rolled`` are these schools, and ``done`` says that all are, those too that tell nothing.
    """

    school_year: int
    done: bool = False
    rolled: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def seen(cls, school_year: int, roll_up: RollUp) -> YearOfGrades:
        """What a detector's answer means for each school."""
        done = roll_up.state is RollUpState.DONE
        rolled = frozenset(s.school for s in roll_up.of(RollUpState.DONE))
        return cls(school_year, done, rolled)

    @property
    def everywhere(self) -> int | None:
        """The year, where it is the same for all students of the district."""
        if self.done:
            return self.school_year + 1
        return None if self.rolled else self.school_year

    def of(self, was: Place | None, school: str) -> int:
        """The year of the grade of a student of ``school`` who was at another place, or at none,
        last year: whoever came from a school that has rolled up was promoted there."""
        rolled = self.done or (was.school if was is not None else school) in self.rolled
        return self.school_year + rolled
