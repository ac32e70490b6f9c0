"""A district's year, day by day: what its system does, and what of that was announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from year.calendar import SchoolYear, is_working_day
from year.everyday import no_shows, ordinary_day
from year.profiles import Profile, School
from year.timetable import open_classes
from year.turning import (
    add_sessions,
    close_summer_school,
    drop_sessions,
    end_terms,
    graduates_leave,
    new_classes,
    open_summer_school,
    register,
    roll_up,
    schools_on,
    seniors_leave,
    staff_changes,
)
from year.world import World, add_family, add_staff, new_world

FIRST, LAST = date(2025, 8, 25), date(2026, 9, 18)
"""The day on which the districts are added, and the last one that is lived."""

_ENDS = 2026


def found(profile: Profile, seed: int) -> World:
    """The district in its first week of school."""
    world = new_world(profile, seed, FIRST, _ENDS)
    add_sessions(world, profile.year(_ENDS))
    seats = _seats(profile)
    world.chance.shuffle(seats)
    while seats:
        several = world.chance.choices((1, 2, 3), (60, 32, 8))[0]
        family, seats = seats[:several], seats[several:]
        add_family(world, family)
    for school in profile.schools:
        add_staff(world, school.id, "administrator")
        add_staff(world, school.id, "aide")
        open_classes(world, school)
    return world


def _seats(profile: Profile) -> list[tuple[School, str]]:
    """A school and a grade for every student: every grade of the district is about as large."""
    grades = sorted({grade for school in profile.schools for grade in school.grades})
    seats: list[tuple[School, str]] = []
    for number in range(profile.students):
        holds = [s for s in profile.schools if grades[number % len(grades)] in s.grades]
        school = holds[number // len(grades) % len(holds)]
        seats.append((school, grades[number % len(grades)]))
    return seats


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on a day beside everyday life. ``turns`` says that much changes at once, as
    everybody knows; ``partly`` that only a part of the schools has gone up, or has its new
    classes."""

    said: str = ""
    turns: bool = False
    partly: bool = False


def next_day(world: World, day: date) -> Day:
    """Take the system on to a day."""
    world.today = day
    profile, turn = world.profile, world.profile.turn
    this, coming = profile.year(_ENDS), profile.year(_ENDS + 1)
    said = [*_terms(world, this, coming), *_sessions(world, coming), *_summer(world, this)]
    big = [*_leavers(world), *_rolled(world), *_opened(world)]
    if is_working_day(day) and (this.first <= day <= this.last or day >= coming.first):
        ordinary_day(world)
    if day == coming.first + timedelta(days=11):
        no_shows(world)
        said.append("no-shows are taken out")
    turns = bool(big) or (bool(said) and said[0] == _NEW_TERM and profile.exports == "term")
    partly = any(turns[0] <= day < turns[-1] for turns in (turn.rolls, turn.classes))
    return Day("; ".join((*said, *big)), turns, partly)


_NEW_TERM = "a new term"


def _terms(world: World, *years: SchoolYear) -> list[str]:
    if all(world.today != term.start for year in years for term in year.terms[1:]):
        return []
    end_terms(world)
    return [_NEW_TERM]


def _sessions(world: World, coming: SchoolYear) -> list[str]:
    if world.today != world.profile.turn.sessions:
        return []
    add_sessions(world, coming)
    return ["next year's sessions are there"]


def _summer(world: World, year: SchoolYear) -> list[str]:
    if world.today == year.last + timedelta(days=10):
        open_summer_school(world)
        return ["summer school begins"]
    if world.today == year.last + timedelta(days=35):
        close_summer_school(world)
        return ["summer school ends"]
    return []


def _leavers(world: World) -> list[str]:
    turn = world.profile.turn
    if world.today == turn.seniors:
        seniors_leave(world)
        return ["the seniors are taken out"]
    if world.today == turn.kept:
        graduates_leave(world)
        return ["last year's graduates are taken out"]
    return []


def _rolled(world: World) -> list[str]:
    turn = world.profile.turn
    rolled = schools_on(world, turn.rolls, world.today)
    if not rolled:
        return []
    roll_up(world, rolled)
    if world.today == turn.rolls[-1]:
        register(world, 0.6)
    return [f"roll-up: {', '.join(school.name for school in rolled)}"]


def _opened(world: World) -> list[str]:
    turn = world.profile.turn
    opened = schools_on(world, turn.classes, world.today)
    if not opened:
        return []
    if world.today == turn.classes[0]:
        staff_changes(world)
    new_classes(world, opened)
    if world.today == turn.classes[-1]:
        drop_sessions(world, _ENDS)
        register(world, 0.3)
    return [f"new classes: {', '.join(school.name for school in opened)}"]
