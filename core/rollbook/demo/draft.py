"""A district under way from one state to the next: the only thing here that changes in place."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Protocol, TypeVar

from rollbook.demo.shape import District, Enrollment, Guardian


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Identified)


def _by_id(items: Iterable[T]) -> dict[str, T]:
    return {item.id: item for item in items}


def latin(name: str) -> str:
    """A name as addresses have it: lower-case ASCII letters; empty for other scripts."""
    plain = unicodedata.normalize("NFKD", name.replace("Đ", "D").replace("Ł", "L"))
    return re.sub(r"[^a-z]", "", plain.lower())


def hashed_id(seed: int, key: str, *parts: str) -> str:
    """The id of what ``parts`` name in the district of that seed and key: 16 hex digits."""
    named = "|".join((str(seed), key, *parts))
    return hashlib.blake2b(named.encode(), digest_size=8).hexdigest()


class Draft:
    """The records of a district by id, a source of chance of its own, and the next ids.

    ``finish`` gives the new district. Chance depends on seed, district, step and purpose alone.
    """

    def __init__(self, district: District, purpose: str) -> None:
        self.district = district
        self.chance = Random(f"{district.seed}|{district.key}|{district.step}|{purpose}")
        self.serial = district.serial
        self.on = district.on
        self.schools = _by_id(district.schools)
        self.sessions = _by_id(district.sessions)
        self.courses = _by_id(district.courses)
        self.classes = _by_id(district.classes)
        self.students = _by_id(district.students)
        self.guardians = _by_id(district.guardians)
        self.staff = _by_id(district.staff)
        self.enrollments = _by_id(district.enrollments)
        self.usernames = {person.username for person in district.people}
        self.children = {(s.given, s.family, s.birth_date) for s in district.students}

    def fixed_id(self, *parts: str) -> str:
        """The id of what ``parts`` name; it looks as opaque as an information system's own."""
        return hashed_id(self.district.seed, self.district.key, *parts)

    def next_number(self) -> int:
        """The next number of the district; every one is given once."""
        self.serial += 1
        return self.serial

    def username(self, wish: str) -> str:
        """A user name nobody has: the wish, or the wish with the first number that is free."""
        name, number = wish, 1
        while name in self.usernames:
            number += 1
            name = f"{wish}{number}"
        self.usernames.add(name)
        return name

    def enrollments_by_user(self) -> dict[str, list[Enrollment]]:
        """Every user's enrollments."""
        found: dict[str, list[Enrollment]] = defaultdict(list)
        for enrollment in self.enrollments.values():
            found[enrollment.user_id].append(enrollment)
        return found

    def enroll(
        self, class_id: str, user_id: str, role: str = "student", *, late: bool = False
    ) -> None:
        """Put someone into a class for its terms; ``late`` from today on."""
        held = self.classes[class_id]
        terms = [self.sessions[term] for term in held.term_ids]
        begin = min(term.start for term in terms)
        enrollment = Enrollment(
            id=self.fixed_id("enrollment", class_id, user_id),
            class_id=class_id,
            school_id=held.school_id,
            user_id=user_id,
            role=role,
            begin=max(begin, self.on) if late else begin,
            end=max(term.end for term in terms),
        )
        self.enrollments[enrollment.id] = enrollment

    def withdraw(self, enrollments: Iterable[Enrollment]) -> None:
        """Take enrollments away."""
        for enrollment in enrollments:
            self.enrollments.pop(enrollment.id, None)

    def settle_guardians(self) -> None:
        """Let guardians belong to their children's schools; those without a child leave."""
        schools: dict[str, dict[str, None]] = defaultdict(dict)
        for student in self.students.values():
            for guardian_id in student.guardian_ids:
                schools[guardian_id][student.school_id] = None
        settled: dict[str, Guardian] = {}
        for guardian in self.guardians.values():
            if belongs := tuple(schools.get(guardian.id, ())):
                settled[guardian.id] = (
                    guardian
                    if set(belongs) == set(guardian.school_ids)
                    else replace(guardian, school_ids=belongs)
                )
        self.guardians = settled

    def finish(self) -> District:
        """The district as it now stands."""
        return replace(
            self.district,
            on=self.on,
            serial=self.serial,
            step=self.district.step + 1,
            schools=tuple(self.schools.values()),
            sessions=tuple(self.sessions.values()),
            courses=tuple(self.courses.values()),
            classes=tuple(self.classes.values()),
            students=tuple(self.students.values()),
            guardians=tuple(self.guardians.values()),
            staff=tuple(self.staff.values()),
            enrollments=tuple(self.enrollments.values()),
        )
