"""Which changes of students a plan announces: who leaves, goes up, moves on or is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rollbook.changes.columns import GROUP_CODES
from rollbook.changes.positions import Places, places_of
from rollbook.changes.sequence import Changes
from rollbook.changes.shapes import Trait
from rollbook.rollover.expected_plan import Entrants, ExpectedPlan, Leavers
from rollbook.roster.changes import Verb
from rollbook.roster.grade_ladder import GradeLadder
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Value, text

_ROLLED = frozenset({"grades", "primary_org_id"})
"""The only fields that change where somebody goes up a grade, at the same school or another."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Positions in order; ``lines`` says for each which line of the plan announces it."""

    places: Places
    lines: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ExpectedPeople:
    """``leaving`` by line of ``plan.leavers``, ``arriving`` by line of ``plan.entrants``.

    ``moving`` are those of ``rising`` who change their school as well, with the schools that they
    come from.
    """

    leaving: Chosen
    arriving: Chosen
    rising: Places
    moving: Places
    origins: tuple[str, ...]


def expected_people(
    changes: Changes, plan: ExpectedPlan, ladder: GradeLadder, disabled: Mapping[str, str]
) -> ExpectedPeople:
    """The students' changes that fit a line of the plan, whatever their number.

    ``disabled`` has the grades, by id, of students who stay in the directory and are only disabled.
    """
    columns = changes.columns
    student = columns.group == GROUP_CODES[RoleGroup.STUDENT]
    student &= columns.of(Kind.USER) & ~columns.has(Trait.LINKED)
    rising, moving, origins = _rising(changes, plan, ladder, student)
    return ExpectedPeople(
        leaving=_leaving(changes, plan, ladder, student, disabled),
        arriving=_arriving(changes, plan, ladder, student),
        rising=rising,
        moving=moving,
        origins=origins,
    )


def _leaving(
    changes: Changes,
    plan: ExpectedPlan,
    ladder: GradeLadder,
    student: NDArray[np.bool_],
    disabled: Mapping[str, str],
) -> Chosen:
    if not plan.leavers:
        return _NOBODY
    columns = changes.columns
    only_disabled = columns.shaped(shape.touched == {"enabled"} for shape in columns.shapes)
    goes = columns.of(verb=Verb.REMOVE) | (columns.has(Trait.DISABLES) & only_disabled)
    places = places_of(student & goes)
    lines = _Lines(plan.leavers)
    found = [
        lines.of(
            ladder.of(_grades((change.before or {}).get("grades")))
            if change.verb is Verb.REMOVE
            else disabled.get(change.id),
            change.school,
        )
        for change in changes.at(places)
    ]
    return _chosen(places, found)


def _arriving(
    changes: Changes, plan: ExpectedPlan, ladder: GradeLadder, student: NDArray[np.bool_]
) -> Chosen:
    if not plan.entrants:
        return _NOBODY
    places = places_of(student & changes.columns.of(verb=Verb.ADD))
    lines = _Lines(plan.entrants)
    found = [
        lines.of(ladder.of(_grades((change.after or {}).get("grades"))), change.school)
        for change in changes.at(places)
    ]
    return _chosen(places, found)


def _rising(
    changes: Changes, plan: ExpectedPlan, ladder: GradeLadder, student: NDArray[np.bool_]
) -> tuple[Places, Places, tuple[str, ...]]:
    """Who goes up one rung and no more, where else nothing changes but an announced school."""
    columns = changes.columns
    rolled = columns.shaped(
        "grades" in shape.touched and shape.touched <= _ROLLED for shape in columns.shapes
    )
    if not plan.promotion and not plan.moves:
        return _NOBODY.places, _NOBODY.places, ()
    places = places_of(student & rolled & columns.of(verb=Verb.UPDATE))
    moves = {(m.grade, m.origin, m.destination) for m in plan.moves}
    steps: dict[tuple[str, str], str | None] = {}
    rising: list[int] = []
    moving: list[int] = []
    origins: list[str] = []
    for place, change in zip(places.tolist(), changes.at(places), strict=True):
        before, after = change.before or {}, change.after or {}
        key = _spelled(before.get("grades")), _spelled(after.get("grades"))
        if key not in steps:
            steps[key] = _one_up(ladder, before.get("grades"), after.get("grades"))
        grade = steps[key]
        if grade is None:
            continue
        if "primary_org_id" not in before and "primary_org_id" not in after:
            if plan.promotion:
                rising.append(place)
            continue
        origin, destination = text(before, "primary_org_id"), text(after, "primary_org_id")
        if origin is not None and (grade, origin, destination) in moves:
            rising.append(place)
            moving.append(place)
            origins.append(origin)
    return np.array(rising, np.int32), np.array(moving, np.int32), tuple(origins)


def _one_up(ladder: GradeLadder, before: Value, after: Value) -> str | None:
    """The code of the grade before, if it leads to the one after."""
    was, will_be = ladder.of(_grades(before)), ladder.of(_grades(after))
    return was if was is not None and will_be is not None and ladder.next(was) == will_be else None


def _grades(value: Value) -> list[str]:
    return value if isinstance(value, list) else []


def _spelled(value: Value) -> str:
    return "\n".join(_grades(value))


class _Lines:
    """Which line of a plan a grade and a school fall under: that of the school before that of
    all."""

    def __init__(self, lines: Sequence[Leavers | Entrants]) -> None:
        self._numbers = {(line.grade, line.school): n for n, line in enumerate(lines)}

    def of(self, grade: str | None, school: str | None) -> int:
        """The number of the line, or -1."""
        if grade is None:
            return -1
        own = self._numbers.get((grade, school), -1)
        return own if own >= 0 else self._numbers.get((grade, None), -1)


def _chosen(places: Places, lines: list[int]) -> Chosen:
    numbers = np.array(lines, np.int32)
    return Chosen(places[numbers >= 0], numbers[numbers >= 0])


_NOBODY = Chosen(np.empty(0, np.int32), np.empty(0, np.int32))
