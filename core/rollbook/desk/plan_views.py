"""What the desk shows of expected-change plans: frozen dataclasses, as in ``views``.

Counts are of changes, numbers of students are of people. A range includes both its ends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from rollbook.desk.hold_reason import HoldReason
from rollbook.rollover.expected_plan import ClassFate, Entrants, SchoolMove
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

__all__ = [
    "ClassFate",
    "Entrants",
    "ExpectationView",
    "LeaversDraft",
    "PlanDraft",
    "PlanLine",
    "PlanState",
    "PlanView",
    "SchoolExpectation",
    "SchoolMove",
    "SplitCount",
    "TotalDraft",
    "TriedPlan",
]


class PlanState(StrEnum):
    """Where a plan is on its way. Only a plan ``in force`` lets anything through."""

    PROPOSED = "proposed"
    COMING = "coming"
    IN_FORCE = "in force"
    OVER = "over"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class LeaversDraft:
    """Students of a grade who are to leave, of one school or of all without a line of their own.

    Without ``most``, as many as are in that grade when the plan is made, and one in fifty more.
    """

    grade: str
    school: str | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class TotalDraft:
    """How many students a school, or the district, is to have in the end."""

    least: int
    most: int
    school: str | None = None


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What an operator fills in. Grades may be spelled as the district's sources spell them."""

    starts: date
    ends: date
    promotion: bool = False
    classes: ClassFate = ClassFate.STAY
    leavers: tuple[LeaversDraft, ...] = ()
    moves: tuple[SchoolMove, ...] = ()
    entrants: tuple[Entrants, ...] = ()
    totals: tuple[TotalDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One thing that a plan announces, in words; ``done`` is how many have gone in under it, and
    ``most`` how many may, where it names a number."""

    words: str
    done: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan. ``draft`` is what was announced, with every number filled in."""

    id: str
    district: str
    state: PlanState
    draft: PlanDraft
    lines: tuple[PlanLine, ...]
    reason: str
    created_by: str
    created_at: datetime
    agreed_by: str | None
    agreed_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SplitCount:
    """Changes of one kind and verb that a plan expects, and those that deviate from it."""

    expected: int = 0
    deviating: int = 0


Splits = dict[Kind, dict[Verb, SplitCount]]


@dataclass(frozen=True, slots=True)
class SchoolExpectation:
    """A school's line of a preview beside what was expected of it.

    ``new`` and ``leaving`` are students who are added and removed; ``before`` and ``incoming`` are
    all students. ``expected_least`` to ``expected_most`` is what the plan or the district's file
    says, ``last_year`` the students of a run of about a year ago; ``None`` where nobody knows.
    """

    school: str | None
    name: str
    before: int
    incoming: int
    new: int
    leaving: int
    expected_least: int | None
    expected_most: int | None
    last_year: int | None
    splits: Splits = field(default_factory=dict)

    @property
    def as_expected(self) -> bool | None:
        """Whether the number of students is within what was expected."""
        if self.expected_least is None or self.expected_most is None:
            return None
        return self.expected_least <= self.incoming <= self.expected_most


@dataclass(frozen=True, slots=True)
class ExpectationView:
    """A preview beside what was expected: the district (``whole``), then school by school.

    ``plan`` is the plan that the changes were split by; ``void`` says in words where it did not
    count. Without a plan there are no ``splits``.
    """

    plan: str | None
    whole: SchoolExpectation
    schools: tuple[SchoolExpectation, ...]
    void: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TriedPlan:
    """What a draft would do to the changes of a run that still wait; nothing is saved.

    ``held`` counts the changes that would wait for a decision, with what depends on them, out of
    ``changes``; ``held_without`` those that wait with no plan at all. ``settled`` is how many more
    changes the run had, which went in or were turned down and are not judged. A run of which
    nothing waits is judged as it came. ``judged`` says either in words, and nothing where the whole
    of a run waits.
    """

    run: str
    judged: str
    settled: int
    draft: PlanDraft
    lines: tuple[PlanLine, ...]
    expectation: ExpectationView
    holds: tuple[HoldReason, ...]
    changes: int
    held: int
    held_without: int
