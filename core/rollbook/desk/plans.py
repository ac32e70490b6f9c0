"""Expected-change plans: what an operator announces, and what the rules then judge no more."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.config.home import find_district, timezone_of
from rollbook.desk.desk import Desk
from rollbook.desk.plan_notation import Schools
from rollbook.desk.plan_presenting import draft_of, plan_view, state_of
from rollbook.desk.plan_views import ClassFate, LeaversDraft, PlanDraft, PlanState, PlanView
from rollbook.directory import changesets, expected_plans, runs
from rollbook.directory.records import load_kind, school_names
from rollbook.errors import ConfigInvalid, NotPermitted
from rollbook.rollover.expected_classes import SUCCEEDED
from rollbook.rollover.expected_draft import Population, planned
from rollbook.rollover.expected_plan import ExpectedPlan
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.states import WAITING
from rollbook.runs.pauses import local_date

_LASTING = (PlanState.PROPOSED, PlanState.COMING, PlanState.IN_FORCE)


def plans(
    desk: Desk, district_id: str | None = None, *, ended: bool = False
) -> tuple[PlanView, ...]:
    """Plans that are proposed, to come or in force; with ``ended`` those of the past as well."""
    with desk.store.read() as connection:
        views = [
            _view(connection, desk, row.id)
            for row in expected_plans.of_district(connection, district_id)
        ]
    return tuple(view for view in views if ended or view.state in _LASTING)


def plan(desk: Desk, plan_id: str) -> PlanView:
    """A plan as it stands. Raises ``NotFound``."""
    with desk.store.read() as connection:
        return _view(connection, desk, plan_id)


def schools_to_name(desk: Desk, district_id: str) -> Schools:
    """The schools that a plan of a district may name. Raises ``NotFound``."""
    find_district(desk.home, district_id)
    with desk.store.read() as connection:
        return Schools(_school_names(connection, district_id))


def suggested_plan(desk: Desk, district_id: str, starts: date, ends: date) -> PlanDraft:
    """A draft for an ordinary rollover, from the grades that the directory has now: the top grade
    leaves, everyone else goes up one, and classes are replaced; or end, where the new ones have
    gone in already and the old ones wait."""
    district = find_district(desk.home, district_id)
    with desk.store.read() as connection:
        population = population_of(connection, district)
        succeeded = _succeeded(connection, district_id)
    top = district.grades.ladder.code(district.grades.top)
    there = top is not None and population.in_grade(top, lambda _: True)
    leavers = (LeaversDraft(top),) if top is not None and there else ()
    classes = ClassFate.ENDED if succeeded else ClassFate.REPLACED
    draft = PlanDraft(starts, ends, True, classes, leavers)
    return draft_of(planned_by(district, draft, population))


def add_plan(desk: Desk, district_id: str, draft: PlanDraft, *, reason: str) -> PlanView:
    """Propose a plan; it counts for nothing until somebody else agrees (``agree_to_plan``).

    Raises ``ConfigInvalid`` for a draft that makes no sense or falls into the days of another plan,
    and ``NotFound`` for a school that there is not.
    """
    actor = desk.actor()
    district = find_district(desk.home, district_id)
    if not reason.strip():
        raise ConfigInvalid("a plan needs a reason.", remedy="Say why in a few words.")
    today = local_date(actor.at, district.timezone)
    if draft.ends < today:
        raise ConfigInvalid(f"the plan would be over already: it ends {draft.ends}.")
    with desk.store.write() as connection:
        made = planned_by(district, draft, population_of(connection, district))
        for row in expected_plans.of_district(connection, district_id):
            overlaps = row.starts <= made.ends.isoformat() and row.ends >= made.starts.isoformat()
            if overlaps and state_of(row, today) in _LASTING:
                raise ConfigInvalid(
                    f"plan {row.id} has some of these days already: {row.starts} to {row.ends}.",
                    remedy="End that one first, or choose other days.",
                )
        plan_id = expected_plans.create(
            connection,
            actor,
            district_id,
            starts=made.starts,
            ends=made.ends,
            announced=made.saved(),
            reason=reason,
        )
        return _view(connection, desk, plan_id)


def agree_to_plan(desk: Desk, plan_id: str) -> PlanView:
    """Agree to a plan that somebody else has proposed; from then on it counts.

    Where a single operator looks after the district, the same one agrees. Raises ``NotPermitted``
    to its author otherwise, and ``Stale`` when it is agreed to, or has been ended.
    """
    actor = desk.approver()
    with desk.store.write() as connection:
        row = expected_plans.get(connection, plan_id)
        district = find_district(desk.home, row.district)
        if row.created_by == actor.who and not district.approvals.single_operator:
            raise NotPermitted(
                f"{actor.who} has proposed {plan_id}: it wants another person.",
                remedy="Ask a second operator to agree, or see approvals.single_operator.",
            )
        if state_of(row, local_date(actor.at, district.timezone)) is PlanState.OVER:
            raise ConfigInvalid(f"plan {plan_id} is over since {row.ends}.")
        expected_plans.agree(connection, actor, row)
        return _view(connection, desk, plan_id)


def end_plan(desk: Desk, plan_id: str) -> PlanView:
    """End a plan now: what was let through by it and has not gone in yet is judged anew.

    Raises ``NotFound`` and ``Stale``.
    """
    actor = desk.actor()
    with desk.store.write() as connection:
        expected_plans.end(connection, actor, expected_plans.get(connection, plan_id))
        return _view(connection, desk, plan_id)


def population_of(connection: Connection, district: District) -> Population:
    """Whom a district has now; every student is looked at."""
    ladder = district.grades.ladder
    students: Counter[tuple[str | None, str]] = Counter()
    for (school, grades), number in expected_plans.students_by_grade(
        connection, district.id
    ).items():
        if (code := ladder.of(grades)) is not None:
            students[school, code] += number
    return Population(_school_names(connection, district.id).keys(), students)


def planned_by(
    district: District, draft: PlanDraft, population: Population, plan_id: str = ""
) -> ExpectedPlan:
    """The plan that a draft makes. Raises ``ConfigInvalid`` and ``NotFound``."""
    return planned(
        plan_id,
        starts=draft.starts,
        ends=draft.ends,
        promotion=draft.promotion,
        classes=draft.classes,
        leavers=[(line.grade, line.school, line.most) for line in draft.leavers],
        moves=draft.moves,
        entrants=draft.entrants,
        totals=[(line.school, line.least, line.most) for line in draft.totals],
        ladder=district.grades.ladder,
        population=population,
    )


def _succeeded(connection: Connection, district_id: str) -> bool:
    """Whether new classes of a run have gone in for old ones of it that wait."""
    for run in runs.in_states(connection, district_id, WAITING):
        gone: Counter[Verb] = Counter()
        for (kind, verb, _), number in changesets.gone_in(connection, run.id).items():
            gone[verb] += number if kind is Kind.CLASS else 0
        ending = (run.counts or {}).get(Kind.CLASS, {}).get("remove", 0) - gone[Verb.REMOVE]
        if ending and gone[Verb.ADD] >= SUCCEEDED * ending:
            return True
    return False


def _school_names(connection: Connection, district_id: str) -> dict[str, str]:
    orgs = load_kind(connection, district_id, Kind.ORG)
    return {
        org: str(record.values.get("name") or org)
        for org, record in orgs.items()
        if record.values.get("type") == "school"
    }


def _view(connection: Connection, desk: Desk, plan_id: str) -> PlanView:
    row = expected_plans.get(connection, plan_id)
    names = school_names(connection, row.district)
    today = local_date(desk.clock(), timezone_of(desk.home, row.district))
    return plan_view(connection, row, names, today)
