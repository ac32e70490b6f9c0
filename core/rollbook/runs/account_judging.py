"""The holds of the account part of a run, with what the store knows of earlier nights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.directory import accounts
from rollbook.directory.account_history import not_approved
from rollbook.holds.account_rules import (
    AtSchool,
    Earlier,
    account_holds,
    are_few,
    sudden_suspensions,
)
from rollbook.holds.judgement import Raised
from rollbook.roster.accounts import HELD_BY
from rollbook.runs.account_drip import earlier_renames, earlier_suspensions
from rollbook.runs.account_plan import AccountPlan
from rollbook.runs.expected import Expected


def judge_accounts(
    connection: Connection,
    district: District,
    plan: AccountPlan,
    names: Mapping[str, str],
    now: datetime,
    expected: Expected | None,
) -> list[Raised]:
    """The holds of C1, C2 and C8; ``names`` are those of schools, ``expected`` is what a plan
    announced."""
    renames: tuple[Earlier, ...] = ()
    suspensions: tuple[Earlier, ...] = ()
    schools: list[AtSchool] = []
    again = repeating = lost_again = 0
    if plan.renamed:
        renames = earlier_renames(connection, district.id, now)
        again = not_approved(connection, district.id, "C1", HELD_BY["C1"], plan.again)
        promotion = expected is not None and expected.plan.promotion
        repeating = plan.repeating if promotion else 0
    if plan.suspended:
        suspensions = earlier_suspensions(connection, district.id, now)
        verbs = HELD_BY["C8"]
        lost_again = not_approved(connection, district.id, "C8", verbs, plan.lost_again)
        schools = _at_schools(connection, district, plan, names)
    before = any(window.before for window in (*renames, *suspensions))
    if again or repeating or lost_again or schools or before:
        plan.active = plan.active or accounts.count_active(connection, district.id)
    plan.excused = repeating > 0 and are_few(repeating, plan.active)
    return [
        *account_holds(
            plan.renamed,
            plan.moved,
            plan.active,
            district.thresholds,
            created=plan.created.total(),
            earlier=renames,
            again=again,
            repeating=repeating,
        ),
        *sudden_suspensions(
            plan.suspended,
            plan.active,
            district.thresholds,
            earlier=suspensions,
            again=lost_again,
            schools=schools,
        ),
    ]


def _at_schools(
    connection: Connection, district: District, plan: AccountPlan, names: Mapping[str, str]
) -> list[AtSchool]:
    """The schools of which so many accounts go that a share of them is worth counting."""
    floor = district.thresholds.removal_floor
    many = {school: number for school, number in plan.lost_at.items() if number >= floor}
    if not many:
        return []
    active = accounts.count_active_at(connection, district.id, many)
    return [
        AtSchool(names.get(school, school), number, active.get(school, 0))
        for school, number in sorted(many.items())
    ]
