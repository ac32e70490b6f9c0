"""A district's information system under way: its rows, its chance, and who has left."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from core.small_sis import TABLES, Row, SmallSis
from rollbook.demo.draft import latin
from rollbook.demo.names import adult_name, family_name, given_name
from year.calendar import SchoolYear
from year.profiles import GRADES, Profile, School


@dataclass
class World:
    """One district's system on one day. ``rolled`` is the school year that a school is in, by the
    year it ends in; ``away`` are students who left and may come back, with their rows; ``jobs`` say
    what a teacher teaches; ``promoted`` have gone up already, ``graduates`` have finished and
    are still in the file."""

    profile: Profile
    chance: Random
    today: date
    sis: SmallSis
    rolled: dict[str, int]
    away: dict[str, tuple[Row, Row]] = field(default_factory=dict)
    promoted: set[str] = field(default_factory=set)
    graduates: set[str] = field(default_factory=set)
    jobs: dict[str, str] = field(default_factory=dict)
    serial: int = 0
    usernames: set[str] = field(default_factory=set)

    def year_of(self, school: str) -> SchoolYear:
        """The school year that a school is in."""
        return self.profile.year(self.rolled[school])

    def number(self) -> int:
        """The next number; every one is given once."""
        self.serial += 1
        return self.serial

    def times(self, mean: float) -> int:
        """How often something happens today that happens ``mean`` times a day."""
        limit, times, product = math.exp(-mean), 0, self.chance.random()
        while product > limit:
            times, product = times + 1, product * self.chance.random()
        return times

    def some_students(self, count: int) -> list[str]:
        """Some students, each once."""
        students = self.sis.students()
        return self.chance.sample(students, min(count, len(students)))

    def username(self, wish: str) -> str:
        """A user name nobody ever had: the wish, or the wish with a number."""
        name, number = wish, 1
        while name in self.usernames:
            number += 1
            name = f"{wish}{number}"
        self.usernames.add(name)
        return name

    def enrolled(self, user: str) -> list[str]:
        """The ids of a person's enrollments."""
        return [e for e, row in self.sis.enrollments.items() if row["userSourcedId"] == user]

    def classes_of(self, user: str) -> list[str]:
        """The ids of a person's classes."""
        return [self.sis.enrollments[e]["classSourcedId"] for e in self.enrolled(user)]


def new_world(profile: Profile, seed: int, today: date, ends: int) -> World:
    """The district before anybody is in it."""
    sis = SmallSis({name: {} for name in TABLES})
    sis.tables["orgs"]["D"] = {"name": profile.name, "type": "district"}
    for school in profile.schools:
        sis.tables["orgs"][school.id] = {
            "name": school.name,
            "type": "school",
            "identifier": f"9{school.id}",
            "parentSourcedId": "D",
        }
    rolled = {school.id: ends for school in profile.schools}
    return World(profile, Random(f"{seed}|{profile.id}"), today, sis, rolled)


def add_family(world: World, seats: Iterable[tuple[School, str]]) -> list[str]:
    """A family with a child for each seat (school and grade) and its guardians; the children."""
    chance = world.chance
    family = family_name(chance)
    seats = list(seats)
    schools = ",".join(dict.fromkeys(school.id for school, _ in seats))
    guardians = [
        add_guardian(world, family, sex, schools)
        for sex in ("female", "male")[: chance.choices((1, 2), (30, 70))[0]]
    ]
    return [add_student(world, school, grade, family, guardians) for school, grade in seats]


def add_guardian(world: World, family: str, sex: str, schools: str) -> str:
    """A new guardian."""
    given, number = adult_name(world.chance, sex, family), world.number()
    guardian = f"G{number:06}"
    name = world.username(f"{latin(given)}.{latin(family)}".strip(".") or f"family{number}")
    world.sis.users[guardian] = _person("parent", schools, name, given, family) | {
        "email": f"{name}@example.org",
        "phone": phone(world),
    }
    return guardian


def phone(world: World) -> str:
    """A telephone number of nobody's."""
    return f"+1{world.chance.randrange(201, 990)}55501{world.chance.randrange(100):02}"


def add_student(world: World, school: School, grade: str, family: str, guardians: list[str]) -> str:
    """A new student, in no class yet."""
    chance = world.chance
    sex = chance.choice(("female", "male"))
    number = world.number()
    student = f"{10_000 + number:07}"
    given = given_name(chance, sex, family)
    leaves = world.rolled[school.id] + len(GRADES) - 1 - GRADES.index(grade)
    wish = f"{leaves % 100:02}{latin(given)[:1]}{latin(family)[:12]}"
    name = world.username(wish if latin(family) else f"{leaves % 100:02}s{number}")
    world.sis.users[student] = _person("student", school.id, name, given, family) | {
        "identifier": f"S{number:06}",
        "email": f"{name}@{world.profile.id}.example.org",
        "agents": ",".join(guardians),
        "grades": grade,
    }
    born = world.rolled[school.id] - 6 - GRADES.index(grade)
    world.sis.demographics[student] = {
        "birthDate": f"{born}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}",
        "sex": sex,
    }
    return student


def add_staff(world: World, school: str, role: str) -> str:
    """Somebody new on a school's staff."""
    family = family_name(world.chance)
    given, number = adult_name(world.chance, "female", family), world.number()
    member = f"T{number:05}"
    name = world.username(f"{latin(given)[:1]}{latin(family)}" or f"staff{number}")
    world.sis.users[member] = _person(role, school, name, given, family) | {
        "identifier": f"E{number:05}",
        "email": f"{name}@{world.profile.id}.example.org",
    }
    return member


def _person(role: str, orgs: str, username: str, given: str, family: str) -> Row:
    return {
        "enabledUser": "true",
        "orgs": orgs,
        "role": role,
        "username": username,
        "givenName": given,
        "familyName": family,
        "identifier": "",
        "email": "",
        "agents": "",
        "grades": "",
    }


def settle_guardians(world: World) -> None:
    """Let guardians belong to their children's schools; those without a child here leave."""
    users = world.sis.users
    schools: dict[str, dict[str, None]] = defaultdict(dict)
    for row in list(users.values()):
        for guardian in filter(None, row["agents"].split(",")):
            schools[guardian][row["orgs"]] = None
    for user in [u for u, row in users.items() if row["role"] == "parent"]:
        if user not in schools:
            del users[user]
        elif set(schools[user]) != set(users[user]["orgs"].split(",")):
            users[user]["orgs"] = ",".join(schools[user])
