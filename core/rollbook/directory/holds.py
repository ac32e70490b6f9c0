"""The rows of holds and approvals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from rollbook.directory import audit
from rollbook.directory.audit import Actor
from rollbook.directory.tables import approvals, holds, runs
from rollbook.errors import NotFound, Stale
from rollbook.roster.states import UNDECIDED, HoldState

HoldRow = Row[Any]


def get(connection: Connection, hold: str) -> HoldRow:
    """A hold's row. Raises ``NotFound``."""
    row = connection.execute(select(holds).where(holds.c.id == hold)).first()
    if row is None:
        raise NotFound(f"no hold {hold!r}.", remedy="`rollbook holds` lists those that wait.")
    return row


def of_run(connection: Connection, run: str) -> list[HoldRow]:
    """The holds of a run in the order in which they were raised."""
    query = select(holds).where(holds.c.run == run).order_by(holds.c.created_at, holds.c.id)
    return list(connection.execute(query))


def keeps_whole_run(connection: Connection, run: str) -> bool:
    """Whether a hold that nobody has decided about keeps all of a run back."""
    query = select(holds.c.id).where(
        holds.c.run == run, holds.c.whole_run, holds.c.state.in_(sorted(UNDECIDED))
    )
    return connection.execute(query.limit(1)).first() is not None


def listed(connection: Connection, district: str | None, *, decided: bool) -> list[HoldRow]:
    """Holds of one or all districts, oldest first; without ``decided`` those that wait."""
    query = select(holds).join(runs, runs.c.id == holds.c.run)
    query = query.order_by(runs.c.created_at, runs.c.number, holds.c.id)
    if district is not None:
        query = query.where(holds.c.district == district)
    if not decided:
        query = query.where(holds.c.state.in_(sorted(UNDECIDED)))
    return list(connection.execute(query))


def save(connection: Connection, rows: list[dict[str, object]]) -> None:
    """Raise holds."""
    if rows:
        connection.execute(insert(holds), rows)


def settle(
    connection: Connection,
    actor: Actor,
    hold: HoldRow,
    to: HoldState,
    *,
    reason: str,
    body: dict[str, object] | None = None,
    snoozed_until: datetime | None = None,
) -> None:
    """Take a hold from the state in which the caller saw it to another, with an audit entry.

    Raises ``Stale`` when somebody was quicker, and says who.
    """
    values: dict[str, object] = {"state": to}
    if to is HoldState.SNOOZED:
        values["snoozed_until"] = snoozed_until
    else:
        values |= {"decided_at": actor.at, "decided_by": actor.who, "reason": reason}
    moved = connection.execute(
        update(holds).where(holds.c.id == hold.id, holds.c.state == hold.state).values(**values)
    )
    if moved.rowcount != 1:
        now = get(connection, hold.id)
        raise Stale(f"hold {hold.id} is already {now.state.lower()} by {now.decided_by}.")
    audit.write(
        connection,
        actor,
        f"hold.{to.lower()}",
        district=hold.district,
        subject=hold.id,
        body={"rule": hold.rule, "count": hold.records, "reason": reason, **(body or {})},
    )


def approve(
    connection: Connection,
    actor: Actor,
    hold: HoldRow,
    *,
    digest: str,
    generation: int,
    reason: str,
    expires_at: datetime,
) -> None:
    """Write an approval; it is spent when its run is applied."""
    connection.execute(
        insert(approvals).values(
            hold=hold.id,
            who=actor.who,
            digest=digest,
            generation=generation,
            confirmed=hold.records,
            reason=reason,
            at=actor.at,
            expires_at=expires_at,
        )
    )


def unspent(connection: Connection, run: str) -> list[Row[Any]]:
    """Approvals of a run's holds that have not been spent."""
    query = (
        select(approvals)
        .join(holds, holds.c.id == approvals.c.hold)
        .where(holds.c.run == run, approvals.c.consumed_in.is_(None))
    )
    return list(connection.execute(query))


def spend(connection: Connection, run: str, generation: int) -> None:
    """Mark the approvals of a run as used, in the transaction that applies what they released."""
    of_this_run = select(holds.c.id).where(holds.c.run == run)
    connection.execute(
        update(approvals)
        .where(approvals.c.hold.in_(of_this_run), approvals.c.consumed_in.is_(None))
        .values(consumed_in=generation)
    )
