"""What becomes of a feeder pattern by the next morning, and by the next school year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from random import Random

from .feeders import (
    GRADES,
    Enrollment,
    Feeder,
    Person,
    Year,
    adult,
    enrolled,
    family,
    school_for,
    timetable,
)
from .names import FAMILY, ids, picks

CHANGED, GONE, NEW = 200, 1000, 333
"""One row in so many changes, goes and comes by the next day: 0.5 %, 0.1 % and 0.3 %."""

NEXT_STAMP = "2026-09-02T02:15:00.000Z"
ROLLOVER_STAMP = "2027-08-10T02:15:00.000Z"

_OWN_NUMBERS = 50_000
"""Numbers of a pattern's people from here on are of those who come later."""


class NextDay:
    """The next morning of one pattern after the other; the shares hold over all of them.

    Who goes takes along the enrollments, and a student the guardians. Who comes brings them.
    """

    def __init__(self, seed: int, year: Year) -> None:
        self._seed = seed
        self._year = year
        rng = Random(f"{seed} next day")
        roles = ("student", "parent", "teacher")
        self._changed = {role: picks(CHANGED, rng) for role in roles}
        self._gone = {role: picks(GONE, rng) for role in ("student", "teacher")}
        self._new = {role: picks(NEW, rng) for role in ("student", "teacher")}
        self._changed_enrollment = picks(CHANGED, rng)

    def of(self, number: int, feeder: Feeder) -> Feeder:
        """The next day of the pattern of a number; patterns are asked for in order, once each."""
        rng = Random(f"{self._seed} next day {number}")
        new_id = ids(rng)
        numbers = count(number * 100_000 + _OWN_NUMBERS)
        lessons_of: dict[str, list[str]] = defaultdict(list)
        for enrollment in feeder.enrollments:
            lessons_of[enrollment.user].append(enrollment.lesson)
        gone: set[str] = set()
        people: list[Person] = []
        added: list[Enrollment] = []
        for person in feeder.people:
            if person.id in gone:
                continue
            if person.role in self._gone and next(self._gone[person.role]):
                gone |= {person.id, *person.agents}
            elif next(self._changed[person.role]):
                people.append(_changed_person(person, rng))
            else:
                people.append(person)
            if person.role in self._new and next(self._new[person.role]):
                arrived = _arrived(person, rng, new_id, numbers)
                people += arrived
                added += (
                    enrolled(next(new_id), lesson, arrived[0], self._year, NEXT_STAMP)
                    for lesson in lessons_of[person.id]
                )
        kept = [
            self._changed_date(enrollment) if next(self._changed_enrollment) else enrollment
            for enrollment in feeder.enrollments
            if enrollment.user not in gone
        ]
        return Feeder(feeder.schools, people, feeder.lessons, kept + added)

    def _changed_date(self, enrollment: Enrollment) -> Enrollment:
        """The enrollment with another first day."""
        day = f"{self._year.starts}-09-{1 + ord(enrollment.id[0]) % 28:02}"
        return enrollment._replace(begin=day, stamp=NEXT_STAMP)


def _arrived(
    like: Person, rng: Random, new_id: Iterator[str], numbers: Iterator[int]
) -> list[Person]:
    """Somebody new where ``like`` goes: a family, or a colleague."""
    if like.role == "student":
        return list(family(rng, new_id, numbers, like.school, like.grade, NEXT_STAMP))
    return [adult(rng, next(new_id), next(numbers), like.role, like.school, NEXT_STAMP)]


def _changed_person(person: Person, rng: Random) -> Person:
    """The person with another phone, or in one case of four with another family name."""
    if rng.randrange(4) == 0:
        return person._replace(family=_other(FAMILY, person.family, rng), stamp=NEXT_STAMP)
    return person._replace(phone=f"556-{rng.randrange(10_000_000):07}", stamp=NEXT_STAMP)


def _other(choices: tuple[str, ...], now: str, rng: Random) -> str:
    place = choices.index(now) + 1 + rng.randrange(len(choices) - 1)
    return choices[place % len(choices)]


def rollover(seed: int, number: int, feeder: Feeder, year: Year) -> Feeder:
    """The pattern in the next year: grades up, seniors and their guardians gone, a new entry grade.

    All classes and enrollments are new, under new ids. Who outgrows a school goes to the next.
    """
    rng = Random(f"{seed} rollover {number}")
    new_id, numbers = ids(rng), count(number * 100_000 + _OWN_NUMBERS)
    people: list[Person] = []
    families: dict[str, str] = {}
    seniors: set[str] = set()
    for place, person in enumerate(feeder.people):
        if person.role == "student":
            if person.grade == len(GRADES) - 1:
                seniors |= {person.id, *person.agents}
                continue
            up = _up(person, feeder, place)
            families |= dict.fromkeys(person.agents, up.school)
            people.append(up)
            if person.grade == 0:
                people += family(rng, new_id, numbers, person.school, 0, ROLLOVER_STAMP)
        elif person.id not in seniors:
            school = families.get(person.id, person.school)
            moved = person._replace(school=school, stamp=ROLLOVER_STAMP)
            people.append(moved if school != person.school else person)
    lessons, enrollments = timetable(feeder.schools, people, year, new_id, ROLLOVER_STAMP)
    return Feeder(feeder.schools, people, lessons, enrollments)


def _up(student: Person, feeder: Feeder, place: int) -> Person:
    grade = student.grade + 1
    stays = any(s.id == student.school and grade < s.beyond for s in feeder.schools)
    school = student.school if stays else school_for(feeder.schools, grade, place).id
    return student._replace(grade=grade, school=school, stamp=ROLLOVER_STAMP)
