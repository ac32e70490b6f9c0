"""Northfield: a fifth of one school's students are missing from this morning's file."""

from __future__ import annotations

from rollbook.config.accounts import AccountPolicy, Accounts, Leaving
from rollbook.demo.days import drop_students, next_day
from rollbook.demo.founding import make_district
from rollbook.demo.stage import ZONE, Place, Scene, Stage

STUDENTS = AccountPolicy(
    username=("{family}{given.1}", "{family}{given.2}"),
    email=("{username}@students.northfield.example",),
    ou="/Students/{school_name}",
    left=Leaving(suspend_after=0, delete_after=60),
)


def northfield(stage: Stage) -> Scene:
    """A short file turned down last week, and another one that waits now."""
    name = "Northfield Public Schools"
    place = Place(stage, "northfield", name, ZONE)
    district = make_district(stage.seed, name, schools=6, students=480, first_day=stage.monday(-75))
    elementary, _, other = (school.name for school in district.schools[:3])
    yield stage.at(-19, "10:02")
    place.open("dana.kim", district)
    place.name_accounts(Accounts(student=STUDENTS))
    place.sync("dana.kim")
    yield stage.at(-19, "10:31")
    place.approve(
        "dana.kim", "First sync with the new SIS. Principals have signed off their counts."
    )
    yield stage.at(-12, "05:10")
    district = next_day(district, days=7)
    place.receive(district)
    place.sync()
    yield stage.at(-6, "05:10")
    district = next_day(district, days=6)
    place.receive(drop_students(district, other, 0.35))
    place.sync()
    yield stage.at(-6, "08:24")
    place.reject(
        "dana.kim", "Export ran before the nightly enrollment job was done. Jo reruns it tonight."
    )
    yield stage.at(-5, "05:10")
    place.receive(district)
    place.sync()
    yield stage.at(0, "05:10")
    today = next_day(district, days=6, arrivals=14, moves=0)
    place.receive(drop_students(today, elementary, 0.2, known=district))
    place.sync()
