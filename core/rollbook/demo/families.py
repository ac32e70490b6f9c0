"""Families: students with their brothers and sisters and the guardians they share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from rollbook.demo.draft import Draft, latin
from rollbook.demo.names import adult_name, family_name, given_name, middle_name
from rollbook.demo.shape import GRADES, Guardian, Student

Seat = tuple[str, str]
"""A school's id and a grade: where a student is wanted."""

_RACES = (
    ("white", 0.52),
    ("blackOrAfricanAmerican", 0.16),
    ("asian", 0.09),
    ("demographicRaceTwoOrMoreRaces", 0.09),
    ("americanIndianOrAlaskaNative", 0.02),
    ("nativeHawaiianOrOtherPacificIslander", 0.01),
    ("", 0.11),
)
_SIBLINGS_LOOKED_AT = 14


def phone_number(chance: Random) -> str:
    """A number from the range 555-0100 to 555-0199, which no exchange gives to anyone."""
    return f"+1{chance.randrange(201, 990)}55501{chance.randrange(100):02d}"


def birth_date(chance: Random, grade: str, year_start: date) -> date:
    """A birth date that fits: five on the first day of kindergarten; one in thirty is late."""
    age = 5 + GRADES.index(grade) + (chance.random() < 0.033)
    born = date(year_start.year - age, year_start.month, min(year_start.day, 28))
    return born - timedelta(days=chance.randrange(365))


def add_guardian(draft: Draft, family: str, sex: str) -> Guardian:
    """A new guardian with an address and a telephone number."""
    chance = draft.chance
    given = adult_name(chance, sex, family)
    role = "parent" if chance.random() < 0.9 else "guardian"
    wish = f"{latin(given)}.{latin(family)}".strip(".") or f"family{draft.next_number()}"
    username = draft.username(wish)
    email = "" if chance.random() < 0.04 else f"{username}@example.org"
    guardian = Guardian(
        id=draft.fixed_id("guardian", str(draft.next_number())),
        username=username,
        given=given,
        family=family,
        role=role,
        email=email,
        phone=phone_number(chance),
        school_ids=(),
    )
    draft.guardians[guardian.id] = guardian
    return guardian


def add_student(
    draft: Draft, seat: Seat, family: str, guardian_ids: tuple[str, ...], school_year: int
) -> Student:
    """A new student at a seat. No two have the same name and birth date."""
    chance = draft.chance
    school_id, grade = seat
    sex = chance.choice(("female", "male"))
    while True:
        given = given_name(chance, sex, family)
        born = birth_date(chance, grade, draft.district.year_start(school_year))
        if (given, family, born) not in draft.children:
            break
    draft.children.add((given, family, born))
    number = str(100_000 + draft.next_number())
    leaves = school_year + len(GRADES) - 1 - GRADES.index(grade)
    username = draft.username(
        f"{leaves % 100:02d}{latin(given)[:1]}{latin(family)[:12]}"
        if latin(family) and latin(given)
        else f"{leaves % 100:02d}s{number}"
    )
    student = Student(
        id=draft.fixed_id("student", number),
        number=number,
        username=username,
        given=given,
        middle=middle_name(chance, sex, family),
        family=family,
        sex=sex,
        birth_date=born,
        race=chance.choices([race for race, _ in _RACES], [share for _, share in _RACES])[0],
        hispanic=chance.random() < 0.2,
        grade=grade,
        school_id=school_id,
        school_year=school_year,
        email=f"{username}@{draft.district.host}" if grade not in GRADES[:3] else "",
        guardian_ids=guardian_ids,
    )
    draft.students[student.id] = student
    return student


def _siblings(chance: Random, seats: list[Seat], first: Seat) -> list[Seat]:
    """Take seats for brothers and sisters: another grade, not another school of the same grades."""
    wanted = chance.choices((0, 1, 2), (55, 34, 11))[0]
    taken: list[Seat] = []
    for position in range(len(seats) - 1, max(-1, len(seats) - 1 - _SIBLINGS_LOOKED_AT), -1):
        if len(taken) == wanted:
            break
        school_id, grade = seats[position]
        if all(grade != g and (school_id == s or _apart(grade, g)) for s, g in [first, *taken]):
            taken.append(seats.pop(position))
    return taken


def _apart(grade: str, other: str) -> bool:
    return abs(GRADES.index(grade) - GRADES.index(other)) > 2


def add_families(draft: Draft, seats: Sequence[Seat], school_year: int) -> list[Student]:
    """Fill every seat with a student, in families of one to three children and their guardians."""
    chance = draft.chance
    left = list(seats)
    chance.shuffle(left)
    students: list[Student] = []
    while left:
        first = left.pop()
        family = family_name(chance)
        sexes = ("female", "male") if chance.random() < 0.8 else ("female", "female")
        guardians = []
        for sex in sexes[: chance.choices((1, 2), (28, 72))[0]]:
            other = "-" not in family and chance.random() < 0.18
            guardians.append(add_guardian(draft, family_name(chance) if other else family, sex).id)
        students += (
            add_student(draft, seat, family, tuple(guardians), school_year)
            for seat in (first, *_siblings(chance, left, first))
        )
    return students
