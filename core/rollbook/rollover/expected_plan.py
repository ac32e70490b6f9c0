"""What an operator has announced for a stretch of days: the expected-change plan of a district.

A plan excuses what it names and nothing else: graduates of a grade up to a number, a promotion by
one rung, moves of a grade from one school to another, new students of a grade up to a number,
classes that are replaced or end. It is over after its last day, whatever has come of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class ClassFate(StrEnum):
    """What is announced of classes, their courses and sessions, and the enrollments in them.

    ``REPLACED`` ones have successors in the same run; ``ENDED`` ones leave nothing behind for a
    while, as where the SIS drops last year's classes before there are new ones.
    """

    STAY = "stay"
    REPLACED = "replaced"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Leavers:
    """Students of a grade (by its code) who leave: at most ``most`` over the whole plan, of one
    school or, without one, of all schools that have no line of their own."""

    grade: str
    most: int
    school: str | None = None


@dataclass(frozen=True, slots=True)
class SchoolMove:
    """Students who were in ``grade`` at one school and are one up at another: 5→6, 8→9."""

    grade: str
    origin: str
    destination: str


@dataclass(frozen=True, slots=True)
class Entrants:
    """New students in a grade: from ``least`` to ``most`` over the whole plan."""

    grade: str
    least: int
    most: int
    school: str | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """How many students a school, or the district, has once all is done."""

    least: int
    most: int

    def holds(self, students: int) -> bool:
        """Whether a number is within the range."""
        return self.least <= students <= self.most


@dataclass(frozen=True, slots=True)
class ExpectedPlan:
    """A plan as it was announced; both days count, in the district's zone.

    ``totals`` are by school, ``None`` for the district.
    """

    id: str
    starts: date
    ends: date
    promotion: bool = False
    classes: ClassFate = ClassFate.STAY
    leavers: tuple[Leavers, ...] = ()
    moves: tuple[SchoolMove, ...] = ()
    entrants: tuple[Entrants, ...] = ()
    totals: Mapping[str | None, Total] | None = None

    def saved(self) -> dict[str, Any]:
        """What is announced, as JSON."""
        return {
            "promotion": self.promotion,
            "classes": self.classes.value,
            "leavers": [[line.grade, line.most, line.school] for line in self.leavers],
            "moves": [[move.grade, move.origin, move.destination] for move in self.moves],
            "entrants": [[e.grade, e.least, e.most, e.school] for e in self.entrants],
            "totals": [[school, t.least, t.most] for school, t in (self.totals or {}).items()],
        }

    @classmethod
    def of_saved(
        cls, plan: str, starts: date, ends: date, announced: Mapping[str, Any]
    ) -> ExpectedPlan:
        """The plan that ``saved`` wrote."""
        return cls(
            id=plan,
            starts=starts,
            ends=ends,
            promotion=announced["promotion"],
            classes=ClassFate(announced["classes"]),
            leavers=tuple(Leavers(*line) for line in announced["leavers"]),
            moves=tuple(SchoolMove(*line) for line in announced["moves"]),
            entrants=tuple(Entrants(*line) for line in announced["entrants"]),
            totals={school: Total(least, most) for school, least, most in announced["totals"]},
        )
