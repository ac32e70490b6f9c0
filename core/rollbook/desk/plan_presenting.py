"""A plan's row and its announcements as what the desk shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from rollbook.desk.plan_views import (
    LeaversDraft,
    PlanDraft,
    PlanLine,
    PlanState,
    PlanView,
    TotalDraft,
)
from rollbook.directory import expected_plans
from rollbook.directory.expected_plans import PlanRow
from rollbook.rollover.expected_plan import ClassFate, Entrants, ExpectedPlan, Leavers
from rollbook.rollover.expected_split import Used, used_by_line
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.runs.expected import plan_of

_CLASSES = {
    ClassFate.REPLACED: "Classes, courses, sessions and enrollments are replaced by new ones.",
    ClassFate.ENDED: "Classes, courses, sessions and enrollments end; new ones are here or come "
    "later.",
}


def plan_view(
    connection: Connection, row: PlanRow, names: Mapping[str, str], today: date
) -> PlanView:
    """A plan, with what has gone in under it; ``today`` is its district's."""
    plan = plan_of(row)
    return PlanView(
        id=row.id,
        district=row.district,
        state=state_of(row, today),
        draft=draft_of(plan),
        lines=lines_of(plan, expected_plans.used(connection, row), names),
        reason=row.reason,
        created_by=row.created_by,
        created_at=row.created_at,
        agreed_by=row.agreed_by,
        agreed_at=row.agreed_at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
    )


def state_of(row: PlanRow, today: date) -> PlanState:
    """Where a plan is on its way on a day of its district."""
    if row.ended_at is not None:
        return PlanState.ENDED
    if today > date.fromisoformat(row.ends):
        return PlanState.OVER
    if row.agreed_at is None:
        return PlanState.PROPOSED
    return PlanState.COMING if today < date.fromisoformat(row.starts) else PlanState.IN_FORCE


def draft_of(plan: ExpectedPlan) -> PlanDraft:
    """What was announced, to be shown, or filled in anew."""
    return PlanDraft(
        starts=plan.starts,
        ends=plan.ends,
        promotion=plan.promotion,
        classes=plan.classes,
        leavers=tuple(LeaversDraft(line.grade, line.school, line.most) for line in plan.leavers),
        moves=plan.moves,
        entrants=plan.entrants,
        totals=tuple(TotalDraft(t.least, t.most, s) for s, t in (plan.totals or {}).items()),
    )


def lines_of(plan: ExpectedPlan, used: Used, names: Mapping[str, str]) -> tuple[PlanLine, ...]:
    """What a plan announces, line by line, in words."""

    def at(school: str | None) -> str:
        return f" of {names.get(school, school)}" if school is not None else ""

    def counted(line: Leavers | Entrants, words: str, verb: Verb) -> PlanLine:
        lines = plan.leavers if verb is Verb.REMOVE else plan.entrants
        return PlanLine(words, used_by_line(used, lines, line.school, verb), line.most)

    found = [
        counted(line, f"Students in grade {line.grade}{at(line.school)} leave.", Verb.REMOVE)
        for line in plan.leavers
    ]
    if plan.promotion:
        done = sum(n for (kind, verb, _), n in used.items() if (kind, verb) == _RISES)
        found.append(PlanLine("Everyone else goes up one grade.", done))
    found += [
        PlanLine(
            f"Students in grade {move.grade}{at(move.origin)} go up one grade and to "
            f"{names.get(move.destination, move.destination)}."
        )
        for move in plan.moves
    ]
    found += [
        counted(
            line,
            f"{line.least:,} to {line.most:,} new students come into grade "
            f"{line.grade}{at(line.school)}.",
            Verb.ADD,
        )
        for line in plan.entrants
    ]
    if plan.classes in _CLASSES:
        found.append(PlanLine(_CLASSES[plan.classes]))
    found += [
        PlanLine(
            f"In the end there are {total.least:,} to {total.most:,} students"
            f"{at(school) or ' in the district'}."
        )
        for school, total in (plan.totals or {}).items()
    ]
    return tuple(found)


_RISES = (Kind.USER, Verb.UPDATE)
