"""The rows of pauses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from rollbook.directory import audit
from rollbook.directory.audit import Actor
from rollbook.directory.tables import pauses
from rollbook.errors import NotFound, Stale
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup

PauseRow = Row[Any]

UNTIL_READY = "ready"
"""The word for a pause that ends when the roll-up of its district is done."""


def create(
    connection: Connection,
    actor: Actor,
    district: str,
    *,
    school: str | None,
    kinds: Sequence[Kind],
    verbs: Sequence[Verb],
    roles: Sequence[RoleGroup],
    starts: date,
    ends: date | None,
    preset: str | None,
    until: str | None = None,
    reason: str,
) -> str:
    """A new pause; returns its id, such as ``northfield.p3``. ``until`` is ``UNTIL_READY`` or
    nothing."""
    query = select(func.max(pauses.c.number)).where(pauses.c.district == district)
    number = (connection.execute(query).scalar_one() or 0) + 1
    pause = f"{district}.p{number}"
    body: dict[str, object] = {
        "school": school,
        "kinds": list(kinds),
        "verbs": list(verbs),
        "roles": list(roles),
        "starts": starts.isoformat(),
        "ends": ends.isoformat() if ends else None,
        "preset": preset,
        "until": until,
        "reason": reason,
    }
    connection.execute(
        insert(pauses).values(
            id=pause,
            district=district,
            number=number,
            created_by=actor.who,
            created_at=actor.at,
            **body,
        )
    )
    audit.write(connection, actor, "pause.created", district=district, subject=pause, body=body)
    return pause


def get(connection: Connection, pause: str) -> PauseRow:
    """A pause's row. Raises ``NotFound``."""
    row = connection.execute(select(pauses).where(pauses.c.id == pause)).first()
    if row is None:
        raise NotFound(f"no pause {pause!r}.", remedy="`rollbook pauses` lists them.")
    return row


def of_district(connection: Connection, district: str | None) -> list[PauseRow]:
    """All pauses of one or all districts, oldest first."""
    if district is None:
        return list(connection.execute(_ALL))
    return list(connection.execute(_OF_ONE, {"district": district}))


_ALL = select(pauses).order_by(pauses.c.district, pauses.c.number)
_OF_ONE = _ALL.where(pauses.c.district == bindparam("district"))


def end(connection: Connection, actor: Actor, pause: PauseRow, *, because: str = "") -> None:
    """End a pause now; ``because`` says why, where nobody decided it just now. Raises ``Stale``
    when it has been ended before."""
    ended = connection.execute(
        update(pauses)
        .where(pauses.c.id == pause.id, pauses.c.resumed_at.is_(None))
        .values(resumed_at=actor.at, resumed_by=actor.who)
    )
    if ended.rowcount != 1:
        now = get(connection, pause.id)
        raise Stale(
            f"pause {pause.id} is already ended by {now.resumed_by} at "
            f"{now.resumed_at:%Y-%m-%d %H:%M} UTC.",
            remedy="Look at the pauses again.",
        )
    body: dict[str, object] = {"because": because} if because else {}
    audit.write(
        connection, actor, "pause.ended", district=pause.district, subject=pause.id, body=body
    )


def districts_awaiting_ready(connection: Connection) -> list[str]:
    """The districts with a pause that nobody has ended and that ends with the roll-up."""
    query = select(pauses.c.district).where(
        pauses.c.until == UNTIL_READY, pauses.c.resumed_at.is_(None)
    )
    return sorted(connection.execute(query.distinct()).scalars())


def changed_since(connection: Connection, district: str, since: datetime) -> bool:
    """Whether a pause of a district was made or ended after a time."""
    query = select(pauses.c.id).where(
        pauses.c.district == district,
        or_(pauses.c.created_at > since, pauses.c.resumed_at > since),
    )
    return connection.execute(query.limit(1)).first() is not None
