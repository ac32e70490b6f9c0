"""The five districts: what each is like, and when its year turns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from year.calendar import SchoolYear, Terms, school_year

GRADES = ("KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12")


@dataclass(frozen=True, slots=True)
class School:
    """A school, its grades, and what it is called."""

    id: str
    name: str
    grades: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """The days on which a district's information system turns from one school year to the next.

    ``sessions``: the new year's sessions are there. ``seniors``: who has finished the top grade is
    taken out, or ``None`` where that comes with the roll-up. ``rolls``: the days of the roll-up, on
    each of which some schools go up. ``classes``: the days on which the schools' new classes and
    enrollments come, one after another. ``kept``: graduates stay in the file until then.
    """

    sessions: date
    rolls: tuple[date, ...]
    classes: tuple[date, ...]
    seniors: date | None = None
    kept: date | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A district.

    ``exports`` says whether all classes of a year are sent or those of the running term; ``block``
    that every class lasts one term; ``keeps_sections`` that next year's classes have this year's
    ids; ``times`` when it is read; ``summer`` how the operator goes through the summer.
    """

    id: str
    name: str
    kind: str
    timezone: str
    source: Literal["oneroster 1.1", "oneroster 1.2", "clever"]
    schools: tuple[School, ...]
    students: int
    terms: Terms
    turn: Turn
    exports: Literal["year", "term"] = "year"
    block: bool = False
    keeps_sections: bool = False
    zipped: bool = False
    times: tuple[str, ...] = ("04:30", "12:30")
    summer: Literal["pause", "pause until ready", "plan", "by hand"] = "by hand"

    @property
    def top(self) -> str:
        """The district's last grade."""
        return max((school.grades[-1] for school in self.schools), key=GRADES.index)

    @property
    def entry(self) -> str:
        """The district's first grade."""
        return min((school.grades[0] for school in self.schools), key=GRADES.index)

    def year(self, ends: int) -> SchoolYear:
        """The school year that ends in ``ends``."""
        return school_year(ends, self.terms)

    def school(self, school_id: str) -> School:
        """A school by its id."""
        return next(school for school in self.schools if school.id == school_id)


def _range(first: str, last: str) -> tuple[str, ...]:
    return GRADES[GRADES.index(first) : GRADES.index(last) + 1]


_K5, _MIDDLE, _HIGH = _range("KG", "05"), _range("06", "08"), _range("09", "12")

MAPLE = Profile(
    id="maple",
    name="Maple Valley Schools",
    kind="K-12, OneRoster 1.1, six schools; rolls up school by school",
    timezone="America/Chicago",
    source="oneroster 1.1",
    schools=(
        School("101", "Birch Elementary School", _K5),
        School("102", "Cedar Elementary School", _K5),
        School("103", "Dogwood Elementary School", _K5),
        School("104", "Elm Elementary School", _K5),
        School("201", "Maple Middle School", _MIDDLE),
        School("301", "Maple High School", _HIGH),
    ),
    students=600,
    terms="semesters",
    turn=Turn(
        sessions=date(2026, 5, 4),
        rolls=(date(2026, 7, 7), date(2026, 7, 8), date(2026, 7, 9)),
        classes=(date(2026, 8, 4), date(2026, 8, 5), date(2026, 8, 6)),
    ),
    times=("02:30", "11:00", "17:00"),
    summer="pause until ready",
)
CREEK = Profile(
    id="creek",
    name="Stony Creek District 12",
    kind="K-8, Clever's CSV, three schools; sends the running term only",
    timezone="America/New_York",
    source="clever",
    schools=(
        School("4401", "Stony Creek North School", _K5),
        School("4402", "Stony Creek South School", _K5),
        School("4403", "Stony Creek Middle School", _MIDDLE),
    ),
    students=300,
    terms="trimesters",
    exports="term",
    turn=Turn(
        sessions=date(2026, 7, 14),
        rolls=(date(2026, 7, 14),),
        classes=(date(2026, 8, 10),),
    ),
    summer="plan",
)
RIDGE = Profile(
    id="ridge",
    name="Ridge Union High School District",
    kind="9-12, OneRoster 1.1 in a zip, two schools; new classes every semester",
    timezone="America/Los_Angeles",
    source="oneroster 1.1",
    schools=(
        School("R1", "North Ridge High School", _HIGH),
        School("R2", "South Ridge High School", _HIGH),
    ),
    students=400,
    terms="semesters",
    exports="term",
    block=True,
    zipped=True,
    turn=Turn(
        sessions=date(2026, 7, 1),
        seniors=date(2026, 6, 12),
        rolls=(date(2026, 7, 20),),
        classes=(date(2026, 8, 7),),
    ),
    summer="plan",
)
TINY = Profile(
    id="tiny",
    name="Lone Pine School District",
    kind="K-8, OneRoster 1.1, one school with 40 students",
    timezone="America/Denver",
    times=("05:00",),
    source="oneroster 1.1",
    schools=(School("1", "Lone Pine School", _range("KG", "08")),),
    students=40,
    terms="semesters",
    turn=Turn(sessions=date(2026, 8, 3), rolls=(date(2026, 8, 3),), classes=(date(2026, 8, 11),)),
    summer="by hand",
)
LAKE = Profile(
    id="lake",
    name="Lakeshore Unified",
    kind="K-12, OneRoster 1.2, four schools; section ids stay from year to year",
    timezone="America/New_York",
    source="oneroster 1.2",
    schools=(
        School("L10", "Harbor Elementary School", _K5),
        School("L11", "Lighthouse Elementary School", _K5),
        School("L20", "Lakeshore Middle School", _MIDDLE),
        School("L30", "Lakeshore High School", _HIGH),
    ),
    students=450,
    terms="trimesters",
    keeps_sections=True,
    turn=Turn(
        sessions=date(2026, 6, 22),
        rolls=(date(2026, 6, 29), date(2026, 6, 30), date(2026, 7, 1)),
        classes=(date(2026, 7, 28), date(2026, 7, 29)),
        kept=date(2026, 8, 20),
    ),
    summer="pause",
)

PROFILES = (MAPLE, CREEK, RIDGE, TINY, LAKE)
