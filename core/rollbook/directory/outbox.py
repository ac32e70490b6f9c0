"""The rows of notices: what people are to be told, and whether they were.

A notice is made once, by its key, and sent at least once: what a service has claimed and not noted
as sent when it died is sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from rollbook.directory.tables import audit_readers, notices
from rollbook.roster.states import NoticeState

NoticeRow = Row[Any]

_WAITS = (NoticeState.PENDING, NoticeState.SENDING)


def put(
    connection: Connection,
    *,
    key: str,
    channel: str,
    district: str | None,
    event: str,
    subject: str,
    facts: Mapping[str, Any],
    at: datetime,
) -> bool:
    """Put a notice into the outbox; false where one of that key is there."""
    known = select(notices.c.id).where(notices.c.key == key, notices.c.channel == channel)
    if connection.execute(known).first() is not None:
        return False
    connection.execute(
        insert(notices).values(
            key=key,
            channel=channel,
            district=district,
            event=event,
            subject=subject,
            facts=dict(facts),
            state=NoticeState.PENDING,
            created_at=at,
            next_at=at,
            tries=0,
            message="",
        )
    )
    return True


def listed(connection: Connection, district: str | None, limit: int) -> list[NoticeRow]:
    """The newest notices of one or all districts, newest first."""
    query = select(notices).order_by(notices.c.id.desc()).limit(limit)
    if district is not None:
        query = query.where(notices.c.district == district)
    return list(connection.execute(query))


def get(connection: Connection, notice: int) -> NoticeRow:
    """A notice's row."""
    return connection.execute(select(notices).where(notices.c.id == notice)).one()


def count_dead(connection: Connection, since: datetime) -> int:
    """How many notices that were made after a time were given up."""
    query = select(func.count()).where(
        notices.c.state == NoticeState.DEAD, notices.c.created_at > since
    )
    return int(connection.execute(query).scalar_one())


def next_at(connection: Connection) -> datetime | None:
    """When the next notice is to be sent."""
    query = select(notices.c.next_at).where(notices.c.state.in_(_WAITS))
    found: datetime | None = connection.execute(
        query.order_by(notices.c.next_at).limit(1)
    ).scalar_one_or_none()
    return found


def claim(
    connection: Connection,
    service: str,
    at: datetime,
    is_alive: Callable[[str], bool],
    limit: int,
) -> list[NoticeRow]:
    """Claim what is to be sent now, oldest first; also what a service that died was sending, and
    what this one, which is sending nothing else just then, has left over."""
    query = (
        select(notices)
        .where(notices.c.state.in_(_WAITS), notices.c.next_at <= at)
        .order_by(notices.c.next_at, notices.c.id)
    )
    due = [
        row
        for row in connection.execute(query)
        if row.state == NoticeState.PENDING or row.service == service or not is_alive(row.service)
    ][:limit]
    ids = [row.id for row in due]
    connection.execute(
        update(notices)
        .where(notices.c.id.in_(ids))
        .values(state=NoticeState.SENDING, service=service, tries=notices.c.tries + 1)
    )
    query = select(notices).where(notices.c.id.in_(ids)).order_by(notices.c.next_at, notices.c.id)
    return list(connection.execute(query))


def close(
    connection: Connection,
    row: NoticeRow,
    state: NoticeState,
    *,
    message: str = "",
    sent_at: datetime | None = None,
    next_at: datetime | None = None,
) -> None:
    """Say what became of a notice that the caller has claimed."""
    connection.execute(
        update(notices)
        .where(
            notices.c.id == row.id,
            notices.c.state == NoticeState.SENDING,
            notices.c.service == row.service,
        )
        .values(
            state=state,
            message=message,
            sent_at=sent_at,
            next_at=next_at or row.next_at,
        )
    )


def read_until(connection: Connection, reader: str) -> int | None:
    """The number of the newest entry of the audit trail that a reader has dealt with."""
    query = select(audit_readers.c.seq).where(audit_readers.c.name == reader)
    return connection.execute(query).scalar_one_or_none()


def set_read_until(connection: Connection, reader: str, seq: int) -> None:
    """Note how far a reader has come."""
    changed = connection.execute(
        update(audit_readers).where(audit_readers.c.name == reader).values(seq=seq)
    )
    if not changed.rowcount:
        connection.execute(insert(audit_readers).values(name=reader, seq=seq))
