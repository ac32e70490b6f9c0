"""What a generated district consists of: plain frozen records, so that days can follow each other.

A ``District`` is one morning of a student information system. The functions of ``founding``,
``days``, ``years`` and ``doubles`` make the first one and take one to another;
``write`` puts one on disk as OneRoster CSV.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

GRADES = ("KG", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12")
ELEMENTARY = frozenset(GRADES[:6])
"""Grades that have a homeroom and specials; the others change rooms every period."""

MIDDLE = frozenset(GRADES[6:9])


@dataclass(frozen=True, slots=True)
class School:
    """A school. ``school_year`` is the one that its classes belong to, by the year it ends in."""

    id: str
    name: str
    grades: tuple[str, ...]
    identifier: str
    school_year: int


@dataclass(frozen=True, slots=True)
class Session:
    """An academic session; ``end`` is the first day after it, as OneRoster has it."""

    id: str
    title: str
    type: str
    start: date
    end: date
    parent_id: str
    school_year: int


@dataclass(frozen=True, slots=True)
class Course:
    """A course that a school teaches; ``code`` is its own within the school."""

    id: str
    title: str
    code: str
    grades: tuple[str, ...]
    school_id: str
    subject: str
    subject_code: str


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class: a homeroom, or one period of a course."""

    id: str
    title: str
    code: str
    type: str
    grades: tuple[str, ...]
    course_id: str
    school_id: str
    term_ids: tuple[str, ...]
    location: str
    period: str


@dataclass(frozen=True, slots=True)
class Student:
    """A student. ``school_year`` is the year that ``grade`` is meant for.

    ``race`` is a header of ``demographics.csv``.
    """

    id: str
    number: str
    username: str
    given: str
    middle: str
    family: str
    sex: str
    birth_date: date
    race: str
    hispanic: bool
    grade: str
    school_id: str
    school_year: int
    email: str
    guardian_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guardian:
    """A parent or guardian; ``school_ids`` are those of the children, the first one's first."""

    id: str
    username: str
    given: str
    family: str
    role: str
    email: str
    phone: str
    school_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Someone who works at a school. ``role`` is OneRoster 1.2's: teacher, principal, counselor."""

    id: str
    number: str
    username: str
    given: str
    family: str
    role: str
    department: str
    room: str
    email: str
    school_id: str


@dataclass(frozen=True, slots=True)
class Enrollment:
    """A student or a teacher in a class; ``end`` is the first day after it."""

    id: str
    class_id: str
    school_id: str
    user_id: str
    role: str
    begin: date
    end: date


@dataclass(frozen=True, slots=True)
class District:
    """A whole district on the morning of ``on``.

    ``first_day`` and ``founding_year`` fix the calendar: every school year begins 364 days after
    the one before. ``serial`` counts the ids given so far, ``step`` the changes made so far:
    with ``seed`` and ``key`` they decide every id and every choice.
    """

    seed: int
    key: str
    name: str
    org_id: str
    first_day: date
    founding_year: int
    on: date
    serial: int
    step: int
    schools: tuple[School, ...]
    sessions: tuple[Session, ...]
    courses: tuple[Course, ...]
    classes: tuple[SchoolClass, ...]
    students: tuple[Student, ...]
    guardians: tuple[Guardian, ...]
    staff: tuple[StaffMember, ...]
    enrollments: tuple[Enrollment, ...]

    @property
    def host(self) -> str:
        """The domain of the district's addresses; ``example.org`` is nobody's."""
        return f"{self.key}.example.org"

    @property
    def people(self) -> tuple[Student | Guardian | StaffMember, ...]:
        """Everybody who has a user name."""
        return *self.students, *self.guardians, *self.staff

    def school(self, name_or_id: str) -> School:
        """The school of that name or id. Raises ``KeyError`` when there is none."""
        for school in self.schools:
            if name_or_id in (school.id, school.name):
                return school
        raise KeyError(name_or_id)

    def students_of(self, school_id: str) -> Iterator[Student]:
        """The students of a school, in the order of the roster."""
        return (student for student in self.students if student.school_id == school_id)

    def year_start(self, school_year: int) -> date:
        """The first day of a school year."""
        return self.first_day + timedelta(days=364 * (school_year - self.founding_year))
