"""What happens in a district on an ordinary day: a few people come, go, move and change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from rollbook.demo.draft import latin
from rollbook.demo.names import family_name
from year.profiles import School
from year.timetable import enroll_like_classmates
from year.world import World, add_family, add_staff, phone, settle_guardians

_A_YEAR = 1 / 180
"""What happens to a share of people in a year, a day."""

YEARLY: dict[str, float] = {
    "arrive": 0.07,
    "leave": 0.08,
    "transfer": 0.03,
    "come back": 0.02,
    "change classes": 0.5,
    "change their name": 0.01,
    "get another number or address": 0.25,
    "get another email": 0.02,
}
"""What happens to a share of the students (or their guardians) in a year."""

_BUSY = 6.0
"""How much busier the weeks are in which a year or a term begins."""


def ordinary_day(world: World) -> None:
    """One working day."""
    students = len(world.sis.students())
    busy = _BUSY if _a_term_begins(world) else 1.0
    for deed, share in YEARLY.items():
        more = busy if deed in ("arrive", "leave", "transfer", "change classes") else 1.0
        for _ in range(world.times(students * share * _A_YEAR * more)):
            _DEEDS[deed](world)
    for _ in range(world.times(len(world.profile.schools) * 0.5 * _A_YEAR)):
        _replace_teacher(world)
    for _ in range(world.times(len(world.profile.schools) * 0.7 * _A_YEAR)):
        add_staff(world, world.chance.choice(world.profile.schools).id, "aide")
    settle_guardians(world)


def no_shows(world: World) -> None:
    """On the tenth day of school those who never came are taken out: one in sixty."""
    for student in world.some_students(round(len(world.sis.students()) / 60)):
        world.sis.drop_user(student)
    settle_guardians(world)


def _a_term_begins(world: World) -> bool:
    year = world.year_of(world.profile.schools[0].id)
    return any(timedelta() <= world.today - term.start < timedelta(days=12) for term in year.terms)


def _arrive(world: World) -> None:
    """A family of one or two children."""
    homes = world.some_students(world.chance.choice((1, 1, 1, 2)))
    rows = [world.sis.users[student] for student in homes]
    for child in add_family(world, [(_school(world, r["orgs"]), r["grades"]) for r in rows]):
        enroll_like_classmates(world, child)


def _leave(world: World) -> None:
    for student in world.some_students(1):
        sis = world.sis
        world.away[student] = (dict(sis.users[student]), dict(sis.demographics[student]))
        sis.drop_user(student)


def _come_back(world: World) -> None:
    """Somebody who left comes back, under the old id, to the old grade and school."""
    for student in list(world.away)[:1]:
        user, birth = world.away.pop(student)
        here = [g for g in user["agents"].split(",") if g in world.sis.users]
        world.sis.users[student] = user | {"agents": ",".join(here)}
        world.sis.demographics[student] = birth
        enroll_like_classmates(world, student)


def _transfer(world: World) -> None:
    for student in world.some_students(1):
        row = world.sis.users[student]
        others = [
            school
            for school in world.profile.schools
            if row["grades"] in school.grades and school.id != row["orgs"]
        ]
        if others:
            world.sis.move_student(student, world.chance.choice(others).id)
            enroll_like_classmates(world, student)


def _change_classes(world: World) -> None:
    """One class is swapped for another of the same school and terms."""
    sis = world.sis
    for student in world.some_students(1):
        mine = set(world.classes_of(student))
        for class_id in sorted(mine):
            own = sis.classes[class_id]
            others = [
                other
                for other, row in sis.classes.items()
                if other not in mine and _alike(row) == _alike(own)
            ]
            if others and world.chance.random() < 0.5:
                del sis.enrollments[f"e-{student}-{class_id}"]
                sis.enroll(student, world.chance.choice(others))
                return


def _alike(row: dict[str, str]) -> tuple[str, ...]:
    return row["schoolSourcedId"], row["termSourcedIds"], row.get("grades", ""), row["classType"]


def _change_name(world: World) -> None:
    """A student has another family name; the user name stays, as it mostly does."""
    for student in world.some_students(1):
        world.sis.users[student]["familyName"] = family_name(world.chance)


def _change_contact(world: World) -> None:
    row = _some_guardian(world)
    if row is not None:
        row["phone"] = phone(world)


def _change_email(world: World) -> None:
    row = _some_guardian(world)
    if row is not None:
        name = latin(row["familyName"]) or "family"
        row["email"] = f"{name}{world.number()}@example.org"


def _some_guardian(world: World) -> dict[str, str] | None:
    guardians = [row for row in world.sis.users.values() if row["role"] == "parent"]
    return world.chance.choice(guardians) if guardians else None


def _replace_teacher(world: World) -> None:
    """A teacher goes in the middle of the year; whoever comes has the same classes."""
    users = world.sis.users
    teacher = world.chance.choice([u for u, row in users.items() if row["role"] == "teacher"])
    after = add_staff(world, users[teacher]["orgs"], "teacher")
    world.jobs[after] = world.jobs.pop(teacher, "")
    for class_id in world.classes_of(teacher):
        world.sis.enroll(after, class_id, "teacher")
    world.sis.drop_user(teacher)


def _school(world: World, school_id: str) -> School:
    return world.profile.school(school_id)


_DEEDS: dict[str, Callable[[World], None]] = {
    "arrive": _arrive,
    "leave": _leave,
    "transfer": _transfer,
    "come back": _come_back,
    "change classes": _change_classes,
    "change their name": _change_name,
    "get another number or address": _change_contact,
    "get another email": _change_email,
}
