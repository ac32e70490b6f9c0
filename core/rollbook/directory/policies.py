"""Who first synced under a changed policy.

The policy is a file, and a file does not say who wrote it: the operator whose sync is the first to
see another revision is taken for the one who changed it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from rollbook.directory import audit
from rollbook.directory.audit import Actor
from rollbook.directory.tables import policy_changes


def note(connection: Connection, actor: Actor, district: str, revision: str) -> None:
    """Remember the policy that a sync runs under, with an audit entry when it is another one."""
    query = (
        select(policy_changes.c.revision)
        .where(policy_changes.c.district == district)
        .order_by(policy_changes.c.row.desc())
        .limit(1)
    )
    last = connection.execute(query).scalar_one_or_none()
    if last == revision:
        return
    connection.execute(
        insert(policy_changes).values(
            district=district, revision=revision, seen_by=actor.who, seen_at=actor.at
        )
    )
    if last is not None:
        audit.write(
            connection,
            actor,
            "policy.changed",
            district=district,
            subject=district,
            body={"from": last, "to": revision},
        )


def changers_since(connection: Connection, district: str, since: datetime) -> frozenset[str]:
    """Who has changed the policy after a time; the first one that a district had is no change."""
    of_district = policy_changes.c.district == district
    first = select(func.min(policy_changes.c.row)).where(of_district).scalar_subquery()
    query = select(policy_changes.c.seen_by).where(
        of_district, policy_changes.c.seen_at > since, policy_changes.c.row != first
    )
    return frozenset(connection.execute(query).scalars())
