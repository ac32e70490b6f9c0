"""The rows of expected-change plans, and what has gone in under each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from rollbook.directory import audit, history
from rollbook.directory.among import among
from rollbook.directory.audit import Actor
from rollbook.directory.records import batches
from rollbook.directory.tables import RECORD_TABLES, expected_plans, lane_counts, lanes
from rollbook.errors import NotFound, Stale
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup

PlanRow = Row[Any]


def create(
    connection: Connection,
    actor: Actor,
    district: str,
    *,
    starts: date,
    ends: date,
    announced: Mapping[str, Any],
    reason: str,
) -> str:
    """A new plan, which counts for nothing until a second person agrees; returns its id, such as
    ``northfield.e2``."""
    query = select(func.max(expected_plans.c.number)).where(expected_plans.c.district == district)
    number = (connection.execute(query).scalar_one() or 0) + 1
    plan = f"{district}.e{number}"
    body: dict[str, object] = {
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
        "announced": dict(announced),
        "reason": reason,
    }
    connection.execute(
        insert(expected_plans).values(
            id=plan,
            district=district,
            number=number,
            created_by=actor.who,
            created_at=actor.at,
            **body,
        )
    )
    audit.write(connection, actor, "plan.proposed", district=district, subject=plan, body=body)
    return plan


def get(connection: Connection, plan: str) -> PlanRow:
    """A plan's row. Raises ``NotFound``."""
    row = connection.execute(select(expected_plans).where(expected_plans.c.id == plan)).first()
    if row is None:
        raise NotFound(f"no plan {plan!r}.", remedy="`rollbook plans` lists them.")
    return row


def of_district(connection: Connection, district: str | None) -> list[PlanRow]:
    """All plans of one or all districts, oldest first."""
    query = select(expected_plans).order_by(expected_plans.c.district, expected_plans.c.number)
    if district is not None:
        query = query.where(expected_plans.c.district == district)
    return list(connection.execute(query))


def in_force(connection: Connection, district: str, today: date) -> PlanRow | None:
    """The plan that counts in a district on a day of its own, if there is one."""
    day = today.isoformat()
    query = select(expected_plans).where(
        expected_plans.c.district == district,
        expected_plans.c.agreed_at.is_not(None),
        expected_plans.c.ended_at.is_(None),
        expected_plans.c.starts <= day,
        expected_plans.c.ends >= day,
    )
    return connection.execute(query.limit(1)).first()


def agree(connection: Connection, actor: Actor, plan: PlanRow) -> None:
    """Put a proposed plan in force. Raises ``Stale`` when it is agreed to, or has been ended."""
    _once(
        connection,
        plan,
        and_(expected_plans.c.agreed_at.is_(None), expected_plans.c.ended_at.is_(None)),
        {"agreed_by": actor.who, "agreed_at": actor.at},
    )
    audit.write(connection, actor, "plan.agreed", district=plan.district, subject=plan.id)


def end(connection: Connection, actor: Actor, plan: PlanRow) -> None:
    """End a plan now. Raises ``Stale`` when it has been ended before."""
    _once(
        connection,
        plan,
        expected_plans.c.ended_at.is_(None),
        {"ended_by": actor.who, "ended_at": actor.at},
    )
    audit.write(connection, actor, "plan.ended", district=plan.district, subject=plan.id)


def _once(connection: Connection, plan: PlanRow, condition: Any, values: dict[str, Any]) -> None:
    changed = connection.execute(
        update(expected_plans).where(expected_plans.c.id == plan.id, condition).values(**values)
    )
    if changed.rowcount != 1:
        now = get(connection, plan.id)
        word = "ended" if now.ended_at else "agreed to"
        who = audit.by_whom(connection, plan.id)
        raise Stale(f"plan {plan.id} is already {word} {who}.", remedy="Look at it again.")


def used(connection: Connection, plan: PlanRow) -> Counter[tuple[Kind, Verb, str | None]]:
    """What has gone in under a plan and was not undone: of students by verb and school, a disabled
    one as removed, and of classes."""
    query = (
        select(
            lanes.c.run,
            lane_counts.c.kind,
            lane_counts.c.verb,
            lane_counts.c.school,
            lane_counts.c.takes_away,
            lane_counts.c.changes,
        )
        .join(lanes, and_(lanes.c.run == lane_counts.c.run, lanes.c.number == lane_counts.c.lane))
        .where(
            lanes.c.plan == plan.id,
            lanes.c.applied_in.is_not(None),
            or_(
                and_(
                    lane_counts.c.kind == Kind.USER,
                    lane_counts.c.role == RoleGroup.STUDENT,
                ),
                lane_counts.c.kind == Kind.CLASS,
            ),
        )
    )
    found: Counter[tuple[Kind, Verb, str | None]] = Counter()
    taken_back: Collection[str] | None = None
    for row in connection.execute(query):
        if taken_back is None:
            taken_back = history.undone(connection, plan.district)
        if row.run not in taken_back:
            verb = Verb.REMOVE if row.takes_away else Verb(row.verb)
            found[Kind(row.kind), verb, row.school or None] += row.changes
    return found


def grades_among(connection: Connection, district: str, ids: Iterable[str]) -> dict[str, list[str]]:
    """The grades of some people, by id."""
    users = RECORD_TABLES[Kind.USER]
    query = select(users.c.id, users.c.grades).where(
        users.c.district == district, users.c.grades.is_not(None)
    )
    return {
        row.id: list(row.grades)
        for batch in batches(ids)
        for row in connection.execute(query.where(among(connection, users.c.id, batch))).all()
    }


def children_of(
    connection: Connection, district: str, guardians: Iterable[str]
) -> list[tuple[str, str]]:
    """The live links of some guardians: student and guardian."""
    links = RECORD_TABLES[Kind.GUARDIAN]
    query = select(links.c.student_id, links.c.guardian_id).where(
        links.c.district == district, links.c.removed_in.is_(None)
    )
    return [
        (row.student_id, row.guardian_id)
        for batch in batches(guardians)
        for row in connection.execute(
            query.where(among(connection, links.c.guardian_id, batch))
        ).all()
    ]


def students_by_grade(
    connection: Connection, district: str
) -> dict[tuple[str | None, tuple[str, ...]], int]:
    """Live students by school and grades; every student is looked at."""
    users = RECORD_TABLES[Kind.USER]
    query = select(users.c.primary_org_id, users.c.grades).where(
        users.c.district == district,
        users.c.removed_in.is_(None),
        users.c.primary_role == "student",
    )
    found: Counter[tuple[str | None, tuple[str, ...]]] = Counter()
    for row in connection.execute(query, execution_options={"yield_per": 5000}):
        found[row.primary_org_id, tuple(row.grades or ())] += 1
    return dict(found)
