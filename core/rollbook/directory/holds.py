"""The rows of holds and approvals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, exists, func, insert, or_, select, update

from rollbook.directory import audit
from rollbook.directory.audit import Actor
from rollbook.directory.tables import approvals, holds, runs
from rollbook.errors import NotFound, Stale
from rollbook.roster.states import UNDECIDED, WAITING, HoldState

HoldRow = Row[Any]


def get(connection: Connection, hold: str) -> HoldRow:
    """A hold's row. Raises ``NotFound``."""
    row = connection.execute(select(holds).where(holds.c.id == hold)).first()
    if row is None:
        raise NotFound(f"no hold {hold!r}.", remedy="`rollbook holds` lists those that wait.")
    return row


def of_run(connection: Connection, run: str) -> list[HoldRow]:
    """The holds of a run in the order in which they were raised."""
    return list(connection.execute(_OF_RUN, {"run": run}))


_OF_RUN = (
    select(holds).where(holds.c.run == bindparam("run")).order_by(holds.c.created_at, holds.c.id)
)


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


def waiting_by_district(
    connection: Connection, at: datetime, district: str | None = None
) -> dict[str, int]:
    """How many holds of one or all districts wait for a decision at a time."""
    query = select(holds.c.district, func.count().label("n")).where(
        holds.c.state.in_(sorted(UNDECIDED)), holds.c.expires_at > at
    )
    if district is not None:
        query = query.where(holds.c.district == district)
    rows = connection.execute(query.group_by(holds.c.district))
    return {row.district: row.n for row in rows}


def approved_and_unused(connection: Connection) -> list[HoldRow]:
    """The approved holds of runs that wait: their approvals have not been used."""
    query = (
        select(holds)
        .join(runs, runs.c.id == holds.c.run)
        .where(
            holds.c.state == HoldState.APPROVED,
            runs.c.state.in_(sorted(WAITING)),
            exists().where(approvals.c.hold == holds.c.id, approvals.c.consumed_in.is_(None)),
        )
    )
    return list(connection.execute(query.order_by(holds.c.id)))


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
        raise Stale(
            f"hold {hold.id} is already {now.state.lower()} {audit.by_whom(connection, hold.id)}."
        )
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
    times: int,
) -> None:
    """Write an approval; it is spent when its run is applied.

    It takes the place of an earlier one by the same person; ``times`` is how often that person
    has approved this changeset by now.
    """
    own = approvals.c.hold == hold.id, approvals.c.who == actor.who
    values = {
        "digest": digest,
        "generation": generation,
        "confirmed": hold.records,
        "reason": reason,
        "at": actor.at,
        "expires_at": expires_at,
        "times": times,
    }
    if connection.execute(select(approvals.c.who).where(*own)).first() is None:
        connection.execute(insert(approvals).values(hold=hold.id, who=actor.who, **values))
        return
    connection.execute(update(approvals).where(*own).values(**values))


def good_approvals(
    connection: Connection, hold: HoldRow, digest: str, at: datetime
) -> list[Row[Any]]:
    """The approvals of a hold that count for a changeset: neither spent nor too old, oldest first.

    Those of the holds that it was carried over from count too: their changesets held all of it.
    """
    own, *older = _lineage(connection, hold)
    query = (
        select(approvals)
        .where(
            or_(
                and_(approvals.c.hold == own, approvals.c.digest == digest),
                approvals.c.hold.in_(older),
            ),
            approvals.c.consumed_in.is_(None),
            approvals.c.expires_at > at,
        )
        .order_by(approvals.c.at, approvals.c.who)
    )
    return list(connection.execute(query))


def given(connection: Connection, hold: HoldRow, at: datetime) -> list[Row[Any]]:
    """The approvals that a hold has, oldest first: those not too old, or used."""
    query = (
        select(approvals)
        .where(
            approvals.c.hold.in_(_lineage(connection, hold)),
            or_(approvals.c.consumed_in.is_not(None), approvals.c.expires_at > at),
        )
        .order_by(approvals.c.at, approvals.c.who)
    )
    return list(connection.execute(query))


def reopen(connection: Connection, actor: Actor, hold: HoldRow) -> None:
    """Make an approved hold one to decide about again: its approvals were not used in time."""
    connection.execute(
        update(holds)
        .where(holds.c.id == hold.id, holds.c.state == HoldState.APPROVED)
        .values(state=HoldState.OPEN, decided_at=None, decided_by=None, reason=None)
    )
    audit.write(
        connection,
        actor,
        "approval.expired",
        district=hold.district,
        subject=hold.id,
        body={"who": hold.decided_by},
    )


def spend(connection: Connection, run: str, generation: int) -> None:
    """Mark the approvals of a run's approved holds as used, in the transaction that applies them.

    What one of two people has said about a hold that is still open stays good.
    """
    for hold in of_run(connection, run):
        if hold.state == HoldState.APPROVED:
            spend_on(connection, hold, generation)


def spend_on(connection: Connection, hold: HoldRow, generation: int) -> None:
    """Mark the approvals of one hold as used."""
    connection.execute(
        update(approvals)
        .where(approvals.c.hold.in_(_lineage(connection, hold)), approvals.c.consumed_in.is_(None))
        .values(consumed_in=generation)
    )


def is_spent(connection: Connection, hold: HoldRow) -> bool:
    """Whether an approval of a hold, its own or one that was carried over, has been used."""
    query = select(approvals.c.hold).where(
        approvals.c.hold.in_(_lineage(connection, hold)), approvals.c.consumed_in.is_not(None)
    )
    return connection.execute(query.limit(1)).first() is not None


def _lineage(connection: Connection, hold: HoldRow) -> list[str]:
    """A hold and those that it was carried over from, the newest first."""
    found = [hold.id]
    older = hold.carried_from
    while older is not None:
        found.append(older)
        older = get(connection, older).carried_from
    return found
