"""The rows of schedules and of their slots.

A schedule's row says up to when all that was due is dealt with. A slot is claimed by inserting its
row, whose key is the district, the day and the wall time: nobody can do that twice.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from rollbook.directory.tables import schedules, slots
from rollbook.roster.states import UNFINISHED, SlotState

ScheduleRow = Row[Any]
SlotRow = Row[Any]


def get(connection: Connection, district: str) -> ScheduleRow | None:
    """A district's row, if a service has ever looked at its schedule."""
    query = select(schedules).where(schedules.c.district == district)
    return connection.execute(query).first()


def listed(connection: Connection) -> dict[str, ScheduleRow]:
    """Every district's row."""
    return {row.district: row for row in connection.execute(select(schedules))}


def begin(connection: Connection, district: str, revision: str, at: datetime) -> ScheduleRow:
    """Begin a schedule anew at a time: nothing before it counts as missed."""
    values = {"revision": revision, "done_until": at}
    changed = connection.execute(
        update(schedules).where(schedules.c.district == district).values(**values)
    )
    if not changed.rowcount:
        connection.execute(insert(schedules).values(district=district, **values))
    row = get(connection, district)
    assert row is not None
    return row


def advance(connection: Connection, row: ScheduleRow, until: datetime) -> bool:
    """Move on from where the caller saw a schedule; false where somebody else was quicker."""
    moved = connection.execute(
        update(schedules)
        .where(
            schedules.c.district == row.district,
            schedules.c.revision == row.revision,
            schedules.c.done_until == row.done_until,
        )
        .values(done_until=until)
    )
    return moved.rowcount == 1


def take_arrival(connection: Connection, row: ScheduleRow, arrival: str) -> bool:
    """Remember what arrived last; false where somebody else was quicker."""
    before = schedules.c.arrival
    moved = connection.execute(
        update(schedules)
        .where(
            schedules.c.district == row.district,
            before.is_(None) if row.arrival is None else before == row.arrival,
        )
        .values(arrival=arrival)
    )
    return moved.rowcount == 1


def slot(connection: Connection, district: str, day: date, name: str) -> SlotRow | None:
    """A slot's row, if it was ever claimed."""
    query = select(slots).where(
        slots.c.district == district, slots.c.day == day.isoformat(), slots.c.slot == name
    )
    return connection.execute(query).first()


def unfinished(connection: Connection, district: str | None = None) -> list[SlotRow]:
    """Slots that a service works on or will try again, oldest first."""
    query = select(slots).where(slots.c.state.in_(sorted(UNFINISHED)))
    if district is not None:
        query = query.where(slots.c.district == district)
    return list(connection.execute(query.order_by(slots.c.district, slots.c.due_at)))


def claimed_since(connection: Connection, district: str, due: datetime) -> set[tuple[str, str]]:
    """The days and names of a district's slots that were due after a time and were claimed."""
    query = select(slots.c.day, slots.c.slot).where(
        slots.c.district == district, slots.c.due_at > due
    )
    return {(row.day, row.slot) for row in connection.execute(query)}


def newest(connection: Connection, district: str, limit: int) -> list[SlotRow]:
    """The newest slots of a district, newest first."""
    query = select(slots).where(slots.c.district == district)
    return list(connection.execute(query.order_by(slots.c.claimed_at.desc()).limit(limit)))


def claim(
    connection: Connection,
    service: str,
    district: str,
    day: date,
    name: str,
    *,
    due: datetime,
    at: datetime,
    missed: int,
) -> SlotRow:
    """Claim a slot for a service; its key lets nobody do so twice."""
    connection.execute(
        insert(slots).values(
            district=district,
            day=day.isoformat(),
            slot=name,
            due_at=due,
            state=SlotState.RUNNING,
            service=service,
            tries=1,
            missed=missed,
            claimed_at=at,
            message="",
        )
    )
    row = slot(connection, district, day, name)
    assert row is not None
    return row


def take_over(connection: Connection, row: SlotRow, service: str) -> SlotRow | None:
    """Claim a slot as the caller saw it once more; ``None`` where somebody else was quicker.

    Each claim of a slot on which a service died counts as a try.
    """
    died = row.state == SlotState.RUNNING
    moved = connection.execute(
        update(slots)
        .where(*_as_seen(row))
        .values(state=SlotState.RUNNING, service=service, tries=row.tries + died, again_at=None)
    )
    if moved.rowcount != 1:
        return None
    return slot(connection, row.district, date.fromisoformat(row.day), row.slot)


def close(
    connection: Connection,
    row: SlotRow,
    state: SlotState,
    at: datetime,
    *,
    run: str | None = None,
    message: str = "",
    again_at: datetime | None = None,
) -> bool:
    """Say what became of a slot; false where it is no longer as the caller saw it."""
    over = state not in UNFINISHED
    moved = connection.execute(
        update(slots)
        .where(*_as_seen(row))
        .values(
            state=state,
            run=run,
            message=message,
            again_at=again_at,
            finished_at=at if over else None,
        )
    )
    return moved.rowcount == 1


def forget(connection: Connection, district: str, before: datetime) -> None:
    """Take away a district's finished slots that were due before a time."""
    connection.execute(
        delete(slots).where(
            slots.c.district == district,
            slots.c.due_at < before,
            slots.c.state.not_in(sorted(UNFINISHED)),
        )
    )


def _as_seen(row: SlotRow) -> tuple[Any, ...]:
    return (
        slots.c.district == row.district,
        slots.c.day == row.day,
        slots.c.slot == row.slot,
        slots.c.state == row.state,
        slots.c.service == row.service,
        slots.c.tries == row.tries,
    )
