"""A preview beside what was expected of it: by a plan, by the district's file, by last year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from rollbook.desk.plan_views import ExpectationView, SchoolExpectation, SplitCount, Splits
from rollbook.directory import runs
from rollbook.directory.lane_standing import LaneStanding
from rollbook.directory.runs import RunRow
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup

SplitCounts = Mapping[tuple[Kind, Verb, str | None, RoleGroup | None, bool], int]
"""Changes by kind, verb, school, role group, and whether a plan expects them."""

_YEAR, _LATER, _EARLIER = timedelta(days=365), timedelta(days=7), timedelta(days=45)
"""Last year's run is the newest one up to a week after this day of last year, or 45 days before."""


def expectation_view(
    connection: Connection, run: RunRow, names: Mapping[str, str], standing: LaneStanding
) -> ExpectationView | None:
    """What was expected of a run, whose changes have a ``standing``; ``None`` for one that compared
    nothing."""
    if run.digest is None or run.expectation is None:
        return None
    then = run.created_at - _YEAR
    last_year = runs.expectation_around(connection, run.district, then - _EARLIER, then + _LATER)
    counts = standing.by_plan()
    return beside(run.expectation, counts, names, last_year.get("students_by_school") or {})


def beside(
    expectation: Mapping[str, Any],
    counts: SplitCounts,
    names: Mapping[str, str],
    last_year: Mapping[str, int],
) -> ExpectationView:
    """Numbers of changes beside what a run's ``expectation`` says of students."""
    before: Mapping[str, int] = expectation.get("students_before") or {}
    incoming: Mapping[str, int] = expectation.get("students_by_school") or {}
    totals = {school: (least, most) for school, least, most in expectation.get("totals") or ()}
    for school, number in (expectation.get("schools_expected") or {}).items():
        totals.setdefault(school, (number, number))
    if (expected := expectation.get("students_expected")) is not None:
        totals.setdefault(None, (expected, expected))
    plan = expectation.get("plan")
    splits = _splits(counts) if plan else {}
    students: Counter[tuple[Verb, str | None]] = Counter()
    for (kind, verb, school, role, _), number in counts.items():
        if kind is Kind.USER and role is RoleGroup.STUDENT:
            for place in {school, None}:
                students[verb, place] += number

    def line(school: str | None, name: str, has: int, comes: int, was: int) -> SchoolExpectation:
        least, most = totals.get(school, (None, None))
        return SchoolExpectation(
            school=school,
            name=name,
            before=has,
            incoming=comes,
            new=students[Verb.ADD, school],
            leaving=students[Verb.REMOVE, school],
            expected_least=least,
            expected_most=most,
            last_year=was or None,
            splits=splits.get(school, {}),
        )

    touched = {school for _, _, school, _, _ in counts}
    schools = sorted((before.keys() | incoming.keys() | touched | totals.keys()) - {None}, key=str)
    return ExpectationView(
        plan=plan,
        whole=line(
            None,
            "the district",
            sum(before.values()),
            expectation.get("students_incoming") or 0,
            sum(last_year.values()),
        ),
        schools=tuple(
            line(
                school,
                names.get(school, school),
                before.get(school, 0),
                incoming.get(school, 0),
                last_year.get(school, 0),
            )
            for school in filter(None, schools)
        ),
        void=tuple(expectation.get("void") or ()),
    )


def _splits(counts: SplitCounts) -> dict[str | None, Splits]:
    """Changes by school (``None``: the whole district), kind and verb."""
    numbers: Counter[tuple[str | None, Kind, Verb, bool]] = Counter()
    for (kind, verb, school, _, expected), number in counts.items():
        for place in {school, None}:
            numbers[place, kind, verb, expected] += number
    found: dict[str | None, Splits] = {}
    for place, kind, verb, _ in numbers:
        found.setdefault(place, {}).setdefault(kind, {})[verb] = SplitCount(
            numbers[place, kind, verb, True], numbers[place, kind, verb, False]
        )
    return found
