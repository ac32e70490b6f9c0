"""What a checklist needs to know of a district, gathered once for all its steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from rollbook.directory.records import school_names
from rollbook.directory.tables import RECORD_TABLES
from rollbook.rollover.roll_up import RollUpState
from rollbook.rollover.school_years import YearDates
from rollbook.rollover.season import Season
from rollbook.roster.kinds import Kind


@dataclass(frozen=True, slots=True)
class YearFacts:
    """The year of a district, as its season was told: see ``season.YearStanding``.

    ``unread`` counts students in grades that no rung is known by. ``terms`` are those of the year
    and of the one to come, by name and first day.
    """

    season: Season | None
    dates: YearDates
    following: YearDates
    roll_up: RollUpState
    rolled_up: date | None = None
    lagging: tuple[str, ...] = ()
    unenrolled: tuple[str, ...] = ()
    unread: int = 0
    entering: int = 0
    terms: tuple[tuple[str, date], ...] = ()
    named_years: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """A district as a checklist sees it on ``today``.

    ``pauses`` are those in force or to come, in words, with whether they are in force;
    ``run_state`` is the newest sync's, ``run_read`` whether it read its source to the end and
    ``run_as_configured`` whether the file of the district says the same of source and thresholds
    as it did then; ``applied_runs`` is how many syncs have been applied.
    ``rules`` are those of the open holds. ``plan`` is the plan in force or agreed for later, in
    words. ``term`` is the present or next one, by name and first day; ``blackout`` as well,
    with its last day, or the one that has just ended. ``users_gone`` and ``users_new`` are what
    the newest changeset says.
    """

    today: date
    year: YearFacts
    source_type: str
    students: int
    students_expected: int | None
    schools_without_enrollments: tuple[str, ...]
    schools: int
    classes: int
    classes_without_teacher: int
    open_holds: int
    pauses: tuple[tuple[str, bool], ...]
    duplicates: int
    run_state: str | None
    run_message: str
    run_findings: int
    applied_runs: int
    run_read: bool = True
    run_as_configured: bool = True
    rules: frozenset[str] = frozenset()
    plan: str = ""
    scheduled: bool = False
    blackout: tuple[str, date, date] | None = None
    users_gone: int = 0
    users_new: int = 0

    @property
    def term(self) -> tuple[str, date] | None:
        """The term that begins next; the one that began last where none does."""
        coming = [term for term in self.year.terms if term[1] >= self.today]
        begun = [term for term in self.year.terms if term[1] < self.today]
        return min(coming, key=_by_day, default=max(begun, key=_by_day, default=None))


def _by_day(term: tuple[str, date]) -> date:
    return term[1]


@dataclass(frozen=True, slots=True)
class Classes:
    """How full a directory is: its schools with students, those where none is in a class, its
    classes and how many of them nobody teaches."""

    schools: int
    without_enrollments: tuple[str, ...]
    classes: int
    without_teacher: int


def gather(connection: Connection, district: str) -> Classes:
    """Count what the steps about classes want to know."""
    schools, empty = _schools(connection, district)
    classes, untaught = _classes(connection, district)
    return Classes(schools, empty, classes, untaught)


def _schools(connection: Connection, district: str) -> tuple[int, tuple[str, ...]]:
    """How many schools have students, and the names of those where none is enrolled in a class."""
    users, enrollments = RECORD_TABLES[Kind.USER], RECORD_TABLES[Kind.ENROLLMENT]
    with_students = set(
        connection.execute(
            select(users.c.primary_org_id)
            .where(
                users.c.district == district,
                users.c.removed_in.is_(None),
                users.c.primary_role == "student",
                users.c.primary_org_id.is_not(None),
            )
            .distinct()
        ).scalars()
    )
    enrolled = set(
        connection.execute(
            select(enrollments.c.school_id)
            .where(
                enrollments.c.district == district,
                enrollments.c.removed_in.is_(None),
                enrollments.c.role == "student",
            )
            .distinct()
        ).scalars()
    )
    names = school_names(connection, district)
    empty = sorted(names.get(school, school) for school in with_students - enrolled)
    return len(with_students), tuple(empty)


def _classes(connection: Connection, district: str) -> tuple[int, int]:
    """How many classes there are, and how many of them have no teacher."""
    classes, enrollments = RECORD_TABLES[Kind.CLASS], RECORD_TABLES[Kind.ENROLLMENT]
    live = (classes.c.district == district, classes.c.removed_in.is_(None))
    taught = select(enrollments.c.class_id).where(
        enrollments.c.district == district,
        enrollments.c.removed_in.is_(None),
        enrollments.c.role == "teacher",
    )
    total = connection.execute(select(func.count()).select_from(classes).where(*live)).scalar_one()
    untaught = connection.execute(
        select(func.count()).select_from(classes).where(*live, classes.c.id.not_in(taught))
    ).scalar_one()
    return total, untaught
