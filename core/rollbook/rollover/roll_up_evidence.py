"""What students did between two school years, counted: the evidence of a roll-up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum

from rollbook.roster.grade_ladder import GRADED, GRADUATED, GradeLadder
from rollbook.roster.grade_moves import Moves, Place


class Step(StrEnum):
    """What became of a student since the last school year.

    ``FINISHED`` was in the district's top grade and is beyond it, or kept in it: that tells
    nothing. ``APART`` waits, in the grade of before, at a school that had nobody then. ``UNREAD``
    has, or had, no grade of which anybody could say what comes next.
    """

    UP = "up"
    STAYED = "stayed"
    TWO_UP = "two up"
    DOWN = "down"
    ELSEWHERE = "elsewhere"
    FINISHED = "finished"
    APART = "apart"
    UNREAD = "unread"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Students of last year, in one place, by what became of them.

    ``up`` to ``elsewhere`` are those who came back and of whom the ladder tells what they did:
    ``decided`` of them. See ``Step`` for the others.
    """

    up: int = 0
    stayed: int = 0
    two_up: int = 0
    down: int = 0
    elsewhere: int = 0
    finished: int = 0
    apart: int = 0
    unread: int = 0
    gone: int = 0

    @property
    def decided(self) -> int:
        """Students whose steps tell something."""
        return self.up + self.stayed + self.two_up + self.down + self.elsewhere

    @property
    def returned(self) -> int:
        """Students of last year who are still there."""
        return self.decided + self.finished + self.apart + self.unread

    def share(self, count: int) -> float:
        """A number of students as a share of those decided; 0 where there are none."""
        return count / self.decided if self.decided else 0.0

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class SchoolEvidence:
    """A school's students of last year, in all and by the grade they were in."""

    all: Evidence
    grades: Mapping[str, Evidence]


@dataclass(frozen=True, slots=True)
class Sorted:
    """Everybody's steps, by the school of last year.

    ``top`` is the district's highest grade of last year, ``apart`` where students wait in their
    grade of before (a summer school, most often), ``unread`` counts grades that no rung is known
    by, as the source writes them, and ``entering`` the new students by grade.
    """

    schools: Mapping[str, SchoolEvidence]
    top: str | None
    apart: Mapping[str, int] = field(default_factory=dict)
    unread: Mapping[str, int] = field(default_factory=dict)
    entering: Mapping[str, int] = field(default_factory=dict)

    @property
    def all(self) -> Evidence:
        """The whole district's."""
        return sum((school.all for school in self.schools.values()), Evidence())


_TOP_SHARE = 0.02
"""Of all students in graded rungs, from which on a grade is one of the district's."""

_MOSTLY = 0.8
"""Of those who came to a school that had nobody, from which on it is one that they wait in."""


def sort_moves(moves: Moves, ladder: GradeLadder) -> Sorted:
    """Sort everybody's move into steps, school by school."""
    codes = _Codes(ladder)
    top = _top(moves, codes)
    waiting = _waiting_schools(moves, codes)
    counted: dict[str, dict[str, Counter[Step]]] = defaultdict(lambda: defaultdict(Counter))
    apart: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    entering: Counter[str] = Counter()
    for (before, now), number in moves.items():
        for place in (before, now):
            if place is not None and place.grades and codes(place.grades) is None:
                unread[place.grades] += number
        if before is None:
            if now is not None:
                entering[codes(now.grades) or ""] += number
            continue
        was = codes(before.grades)
        step = _step(was, now, codes, top)
        if step is Step.STAYED and now is not None and now.school in waiting:
            step = Step.APART
            apart[now.school] += number
        counted[before.school][was or ""][step] += number
    return Sorted(
        schools={
            school: SchoolEvidence(
                _evidence(sum(grades.values(), Counter())),
                {grade: _evidence(steps) for grade, steps in grades.items()},
            )
            for school, grades in counted.items()
        },
        top=top,
        apart=dict(apart),
        unread=dict(unread),
        entering=dict(entering),
    )


class _Codes:
    """The ladder's codes of grades as they are written, each looked up once."""

    def __init__(self, ladder: GradeLadder) -> None:
        self.ladder = ladder
        self._known: dict[str, str | None] = {}

    def __call__(self, written: str) -> str | None:
        if written not in self._known:
            self._known[written] = self.ladder.of(written.split(","))
        return self._known[written]


def _step(was: str | None, now: Place | None, codes: _Codes, top: str | None) -> Step:
    if now is None:
        return Step.GONE
    code = codes(now.grades)
    if was is None or code is None:
        return Step.UNREAD
    if was == top or codes.ladder.next(was) is None:
        return Step.UP if codes.ladder.steps(was, code) == 1 else Step.FINISHED
    if code == GRADUATED:
        return Step.GONE
    return _climb(was, code, codes.ladder)


def _climb(was: str, code: str, ladder: GradeLadder) -> Step:
    steps = ladder.steps(was, code)
    if was not in GRADED:
        # Preschool lasts as long as it lasts: who stays tells nothing, who leaves it has gone up.
        return Step.UP if was != code and (steps is None or steps > 0) else Step.UNREAD
    match steps:
        case 0:
            return Step.STAYED
        case 1:
            return Step.UP
        case None:
            return Step.ELSEWHERE
        case _:
            return Step.TWO_UP if steps > 1 else Step.DOWN


def _top(moves: Moves, codes: _Codes) -> str | None:
    """The highest grade that the district had."""
    number: Counter[str] = Counter()
    for (before, _), students in moves.items():
        code = codes(before.grades) if before is not None else None
        if code in GRADED:
            number[code] += students
    enough = max(1.0, _TOP_SHARE * sum(number.values()))
    return next((c for c in reversed(codes.ladder.order) if number[c] >= enough), None)


def _waiting_schools(moves: Moves, codes: _Codes) -> frozenset[str]:
    """Schools that had nobody last year and to which students came without going up, while those
    who did not go there went up: summer schools, and where else the roll-up does not reach."""
    had = {before.school for before, _ in moves if before is not None}
    came: Counter[str] = Counter()
    stayed: Counter[str] = Counter()
    rest = Counter[bool]()
    for (before, now), students in moves.items():
        if before is None or now is None:
            continue
        was, code = codes(before.grades), codes(now.grades)
        if was not in GRADED or code is None:
            continue
        if now.school in had:
            rest[was != code] += students
        else:
            came[now.school] += students
            stayed[now.school] += students * (was == code)
    if not rest[True] or rest[True] < rest[False]:
        return frozenset()
    found = {school for school, number in came.items() if stayed[school] >= _MOSTLY * number}
    return frozenset(found) if sum(stayed[s] for s in found) < rest.total() else frozenset()


_FIELDS: Mapping[Step, str] = {step: step.value.replace(" ", "_") for step in Step}


def _evidence(steps: Mapping[Step, int]) -> Evidence:
    return Evidence(**{_FIELDS[step]: number for step, number in steps.items()})


Named = Callable[[str], str]
"""What a school is called, by its id."""
