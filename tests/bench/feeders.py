"""A feeder pattern: three elementary schools, a middle and a high school, and all who go there.

A district is as many of them as it needs, each made from the seed and its own number alone, so
that a district of any size can be written piece by piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import NamedTuple

from .names import FAMILY, GIVEN, ids

GRADES = ("KG", *(f"{grade:02}" for grade in range(1, 13)))
SUBJECTS = ("Reading", "Mathematics", "Science", "History", "Art", "Music", "Health", "Computing")
"""One class of each for every student."""

LARGEST = 3120
"""Students of one pattern at most: 240 in a grade."""

ELEMENTARIES = 3
_CLASS_SIZE = 25
_STUDENTS_PER_TEACHER = 10
_LEVELS = (*[("Elementary", 0, 6)] * ELEMENTARIES, ("Middle", 6, 9), ("High", 9, 13))

FIRST_STAMP = "2026-09-01T02:15:{:02}.000Z"
"""When the rows of the first day were last modified."""


class School(NamedTuple):
    """A school, and the grades that it has: positions in ``GRADES``, the last one excluded."""

    id: str
    name: str
    number: str
    lowest: int
    beyond: int


class Person(NamedTuple):
    """A student, teacher or parent. ``grade`` is a position in ``GRADES``, -1 for adults."""

    id: str
    role: str
    school: str
    given: str
    family: str
    number: int
    phone: str
    agents: tuple[str, ...]
    grade: int
    stamp: str


class Lesson(NamedTuple):
    """A class; ``grade`` and ``subject`` are positions."""

    id: str
    school: str
    grade: int
    subject: int
    section: int
    stamp: str


class Enrollment(NamedTuple):
    """A person in a class."""

    id: str
    lesson: str
    school: str
    user: str
    role: str
    begin: str
    end: str
    stamp: str


class Year(NamedTuple):
    """A school year and its two terms, by id."""

    id: str
    terms: tuple[str, str]
    starts: int
    begin: str
    end: str


@dataclass(frozen=True, slots=True)
class Feeder:
    """One pattern on one day. Each student stands before the two guardians, teachers last."""

    schools: tuple[School, ...]
    people: list[Person]
    lessons: list[Lesson]
    enrollments: list[Enrollment]


def first_day(seed: int, number: int, students: int, year: Year) -> Feeder:
    """The pattern of a number, with so many students."""
    rng = Random(f"{seed} feeder {number}")
    new_id, numbers = ids(rng), count(number * 100_000)
    stamp = FIRST_STAMP.format(number % 60)
    schools = tuple(
        School(
            next(new_id),
            f"{rng.choice(FAMILY)} {level} School",
            f"{number:04}{place}",
            lowest,
            beyond,
        )
        for place, (level, lowest, beyond) in enumerate(_LEVELS)
    )
    people: list[Person] = []
    for place in range(students):
        grade = place % len(GRADES)
        school = school_for(schools, grade, place // len(GRADES))
        people += family(rng, new_id, numbers, school.id, grade, stamp)
    for school in schools:
        pupils = sum(p.role == "student" and p.school == school.id for p in people)
        for _ in range(-(-pupils // _STUDENTS_PER_TEACHER)):
            people.append(adult(rng, next(new_id), next(numbers), "teacher", school.id, stamp))
    lessons, enrollments = timetable(schools, people, year, new_id, stamp)
    return Feeder(schools, people, lessons, enrollments)


def school_for(schools: Sequence[School], grade: int, place: int) -> School:
    """The school of a grade; the elementary schools take turns by ``place``."""
    fit = [school for school in schools if school.lowest <= grade < school.beyond]
    return fit[place % len(fit)]


def family(
    rng: Random, new_id: Iterator[str], numbers: Iterator[int], school: str, grade: int, stamp: str
) -> tuple[Person, Person, Person]:
    """A student and two guardians, most of them of one family name."""
    name = rng.choice(FAMILY)
    guardians = (
        adult(rng, next(new_id), next(numbers), "parent", school, stamp, name),
        adult(rng, next(new_id), next(numbers), "parent", school, stamp),
    )
    student = Person(
        next(new_id),
        "student",
        school,
        rng.choice(GIVEN),
        name,
        next(numbers),
        "",
        (guardians[0].id, guardians[1].id),
        grade,
        stamp,
    )
    return student, *guardians


def adult(
    rng: Random, own_id: str, number: int, role: str, school: str, stamp: str, family_name: str = ""
) -> Person:
    """A teacher or a parent, with a phone."""
    phone = f"555-{rng.randrange(10_000_000):07}"
    name = family_name or rng.choice(FAMILY)
    return Person(own_id, role, school, rng.choice(GIVEN), name, number, phone, (), -1, stamp)


def timetable(
    schools: Sequence[School],
    people: Sequence[Person],
    year: Year,
    new_id: Iterator[str],
    stamp: str,
) -> tuple[list[Lesson], list[Enrollment]]:
    """A year's classes of about 25, every student in one of each subject, a teacher for each."""
    lessons: list[Lesson] = []
    enrollments: list[Enrollment] = []
    pupils: dict[tuple[str, int], list[Person]] = {}
    teachers: dict[str, list[Person]] = {}
    for person in people:
        if person.role == "student":
            pupils.setdefault((person.school, person.grade), []).append(person)
        elif person.role == "teacher":
            teachers.setdefault(person.school, []).append(person)
    rooms: dict[tuple[str, int], list[list[Lesson]]] = {}
    for school in schools:
        turn = 0
        for grade in range(school.lowest, school.beyond):
            size = len(pupils.get((school.id, grade), ()))
            sections = max(1, round(size / _CLASS_SIZE)) if size else 0
            rooms[school.id, grade] = [
                [
                    Lesson(next(new_id), school.id, grade, subject, section, stamp)
                    for section in range(sections)
                ]
                for subject in range(len(SUBJECTS))
            ]
            for lesson in (one for each in rooms[school.id, grade] for one in each):
                lessons.append(lesson)
                staff = teachers[school.id]
                teacher = staff[turn % len(staff)]
                turn += 1
                enrollments.append(enrolled(next(new_id), lesson.id, teacher, year, stamp))
    for (school_id, grade), group in pupils.items():
        for place, student in enumerate(group):
            for subject, sections_of in enumerate(rooms[school_id, grade]):
                width = len(sections_of)
                lesson = sections_of[(place + subject * (place // width)) % width]
                enrollments.append(enrolled(next(new_id), lesson.id, student, year, stamp))
    return lessons, enrollments


def enrolled(own_id: str, lesson: str, person: Person, year: Year, stamp: str) -> Enrollment:
    """A person in a class for the whole year."""
    return Enrollment(
        own_id, lesson, person.school, person.id, person.role, year.begin, year.end, stamp
    )
