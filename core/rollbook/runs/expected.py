"""What the plan in force expects of a changeset, with the facts that this takes from the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.changes.columns import GROUP_CODES, hashes_of
from rollbook.changes.positions import Mask, places_of
from rollbook.changes.shapes import Trait
from rollbook.config.district import District
from rollbook.directory import expected_plans
from rollbook.directory.expected_plans import PlanRow
from rollbook.rollover.expected_belongings import NO_FAMILIES, Families, guardians_elsewhere
from rollbook.rollover.expected_plan import ExpectedPlan
from rollbook.rollover.expected_split import Split, Void, split
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup


@dataclass(frozen=True, slots=True)
class Expected:
    """The part of a changeset that a plan announced, and where the plan is void."""

    plan: ExpectedPlan
    mask: Mask
    void: tuple[Void, ...]


def plan_of(row: PlanRow) -> ExpectedPlan:
    """A plan as it was announced."""
    starts, ends = date.fromisoformat(row.starts), date.fromisoformat(row.ends)
    return ExpectedPlan.of_saved(row.id, starts, ends, row.announced)


def expected_part(
    connection: Connection,
    district: District,
    changeset: Changeset,
    names: Mapping[str, str],
    today: date,
) -> Expected | None:
    """What the plan in force on a day of the district expects; ``None`` where there is none."""
    row = expected_plans.in_force(connection, district.id, today)
    if row is None or not changeset.changes:
        return None
    return expected_by(connection, district, changeset, plan_of(row), row, names)


def expected_by(
    connection: Connection,
    district: District,
    changeset: Changeset,
    plan: ExpectedPlan,
    row: PlanRow | None,
    names: Mapping[str, str],
) -> Expected:
    """What a plan expects, be it in force or not; ``row`` is ``None`` for one that is a draft."""
    found: Split = split(
        changeset,
        plan,
        district.grades.ladder,
        used=expected_plans.used(connection, row) if row is not None else {},
        disabled=_disabled(connection, district, changeset) if plan.leavers else {},
        families=_families(connection, district, changeset) if plan.moves else NO_FAMILIES,
        school_names=names,
    )
    return Expected(plan, found.expected, found.void)


def _families(connection: Connection, district: District, changeset: Changeset) -> Families:
    """The children of the guardians who go to another school."""
    changes = changeset.changes
    guardians = changes.ids(guardians_elsewhere(changes.columns))
    links = expected_plans.children_of(connection, district.id, guardians)
    return Families(hashes_of(link[0] for link in links), hashes_of(link[1] for link in links))


def _disabled(connection: Connection, district: District, changeset: Changeset) -> dict[str, str]:
    """The grades of the students who would be disabled: the change itself does not say them."""
    changes = changeset.changes
    columns = changes.columns
    asked = columns.of(Kind.USER, Verb.UPDATE) & columns.has(Trait.DISABLES)
    asked &= columns.group == GROUP_CODES[RoleGroup.STUDENT]
    if not asked.any():
        return {}
    ladder = district.grades.ladder
    grades = expected_plans.grades_among(connection, district.id, changes.ids(places_of(asked)))
    codes = {student: ladder.of(written) for student, written in grades.items()}
    return {student: code for student, code in codes.items() if code is not None}
