"""A district from nothing: schools with real-looking names, families, staff, a running year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from rollbook.demo.draft import Draft, hashed_id
from rollbook.demo.families import Seat, add_families
from rollbook.demo.shape import GRADES, District, School
from rollbook.demo.subjects import grade_range
from rollbook.demo.timetable import add_staff, schedule


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


_ELEMENTARY_NAMES = _names(
    "Maple Grove|Prairie View|Cedar Creek|Willow Bend|Lincoln|Harriet Tubman|Oak Hollow|Sunrise|"
    "Washington Carver|Meadowlark|Stone Bridge|Rosa Parks|Clearwater|Hickory Hills|Juniper|"
    "Eastgate|Blue Heron|Orchard Lane|Fairmont|Sally Ride|Birchwood|Larkspur|Foxglove|Riverbend"
)
_MIDDLE_NAMES = _names("Ridgeline|Kingsley|Summit|Heritage|Lakeshore|Franklin|Pioneer|Westbrook")
_HIGH_NAMES = _names("|North|South|West|Central|East|Valley|Eastlake")
_NO_PART_OF_THE_TOWN = re.compile(
    r"\s+(Public Schools|School District|Unified|Schools|ISD|CUSD)\b.*$"
)


def key_of(name: str) -> str:
    """The short key of a district's name: ``Northfield Public Schools`` is ``northfield``."""
    return re.sub(r"[^a-z0-9]+", "-", _NO_PART_OF_THE_TOWN.sub("", name).lower()).strip("-")


def make_district(
    seed: int,
    name: str,
    *,
    schools: int,
    students: int,
    first_day: date = date(2025, 8, 18),
    school_year: int | None = None,
) -> District:
    """A district of ``schools`` schools and exactly ``students`` students, two weeks into the year.

    One school has kindergarten to grade 8; two are K-5 and 6-12; from three on there are
    elementary, middle and high schools. ``first_day`` is the first day of school,
    ``school_year`` the year it ends in (by default as the calendar has it). The same arguments
    give the same district, in every process. Raises ``ValueError`` for fewer than one of either.
    """
    if schools < 1 or students < 1:
        raise ValueError("a district has at least one school and one student")
    year = school_year or (first_day + timedelta(days=290)).year
    key = key_of(name)
    nothing = District(
        seed=seed,
        key=key,
        name=name,
        org_id=hashed_id(seed, key, "district"),
        first_day=first_day,
        founding_year=year,
        on=first_day + timedelta(days=14),
        serial=0,
        step=0,
        schools=(),
        sessions=(),
        courses=(),
        classes=(),
        students=(),
        guardians=(),
        staff=(),
        enrollments=(),
    )
    draft = Draft(nothing, "founding")
    for school_name, grades in _school_plan(
        draft.chance, _NO_PART_OF_THE_TOWN.sub("", name), schools
    ):
        school_id = draft.fixed_id("school", school_name)
        identifier = f"{draft.chance.randrange(10**11, 10**12)}"
        draft.schools[school_id] = School(school_id, school_name, grades, identifier, year)
    add_families(draft, _seats(draft, students), year)
    draft.settle_guardians()
    for school_id in draft.schools:
        add_staff(draft, school_id, "principal", "Office")
        add_staff(draft, school_id, "counselor", "Office")
        schedule(draft, school_id, year)
    return draft.finish()


def _school_plan(chance: Random, town: str, schools: int) -> list[tuple[str, tuple[str, ...]]]:
    """Names and grades of a district's schools."""
    if schools == 1:
        name = town if town.endswith("School") else f"{town} School"
        return [(name, grade_range("KG", "08"))]
    if schools == 2:
        return [
            (f"{town} Elementary School", grade_range("KG", "05")),
            (f"{town} Junior-Senior High School", grade_range("06", "12")),
        ]
    highs = max(1, round(schools / 8))
    middles = max(1, round(schools / 5))
    elementary = chance.sample(_ELEMENTARY_NAMES, len(_ELEMENTARY_NAMES))
    middle = chance.sample(_MIDDLE_NAMES, len(_MIDDLE_NAMES))
    plan = [
        (f"{_named(elementary, number)} Elementary School", grade_range("KG", "05"))
        for number in range(schools - middles - highs)
    ]
    plan += (
        (f"{_named(middle, number)} Middle School", grade_range("06", "08"))
        for number in range(middles)
    )
    plan += (
        (f"{town} {_named(_HIGH_NAMES, number)}".strip() + " High School", grade_range("09", "12"))
        for number in range(highs)
    )
    return plan


def _named(names: Sequence[str], number: int) -> str:
    turn, place = divmod(number, len(names))
    return f"{names[place]} {turn + 1}" if turn else names[place]


def _seats(draft: Draft, students: int) -> list[Seat]:
    """A school and a grade for every student: grades alike, schools of a level a little unlike."""
    grades = [g for g in GRADES if any(g in school.grades for school in draft.schools.values())]
    weights = {school_id: draft.chance.uniform(0.75, 1.25) for school_id in draft.schools}
    seats: list[Seat] = []
    for place, grade in enumerate(grades):
        holds = [s for s in draft.schools.values() if grade in s.grades]
        wanted = students // len(grades) + (place < students % len(grades))
        bounds = list(accumulate(weights[school.id] for school in holds))
        ends = [round(wanted * bound / bounds[-1]) for bound in bounds]
        for school, start, end in zip(holds, [0, *ends], ends, strict=False):
            seats += [(school.id, grade)] * (end - start)
    return seats
