"""Claiming what is due: each slot once, one catch-up for all that was missed, and again what a
service that died has left unfinished."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.directory import audit, schedules
from rollbook.directory.audit import Actor
from rollbook.directory.schedules import ScheduleRow, SlotRow
from rollbook.roster.states import SlotState
from rollbook.runs.pauses import local_date
from rollbook.runs.schedule import Slot, blackout_end, schedule_of, slots_between

MOST_TRIES = 3
"""Times that a slot is begun whose service died over it; then it is left to a person."""

KEPT = timedelta(days=30)
"""How long finished slots are kept."""

IsAlive = Callable[[str], bool]
"""Whether the service of an id still works."""


def claim_due(
    connection: Connection, actor: Actor, district: District, service: str, is_alive: IsAlive
) -> SlotRow | None:
    """Claim what a district has due now, in the caller's write transaction. The service does
    nothing else about this district just then.

    ``None`` where nothing is due, a blackout is in force, or another service works on it.
    """
    row = begun(connection, district, actor.at)
    if blackout_end(schedule_of(district), district.timezone, actor.at) is not None:
        return None
    waiting = schedules.unfinished(connection, district.id)
    if waiting:
        return _once_more(connection, actor, waiting, service, is_alive)
    due, missed = _due(connection, district, row.done_until, actor.at)
    if due is None or not schedules.advance(connection, row, due.due):
        return None
    if missed:
        audit.write(
            connection,
            actor,
            "schedule.caught_up",
            district=district.id,
            body={"slot": f"{due.day} {due.name}", "missed": missed},
        )
    schedules.forget(connection, district.id, actor.at - KEPT)
    return schedules.claim(
        connection,
        service,
        district.id,
        due.day,
        due.name,
        due=due.due,
        at=actor.at,
        missed=missed,
    )


def claim_arrival(
    connection: Connection,
    actor: Actor,
    district: District,
    service: str,
    arrival: str,
) -> SlotRow | None:
    """Claim the arrival of files, known by a digest of their names, sizes and times.

    ``None`` where that was the last one already, in a blackout, and where a slot is unfinished:
    the files are read then, or are looked for again.
    """
    row = begun(connection, district, actor.at)
    if row.arrival == arrival or schedules.unfinished(connection, district.id):
        return None
    if blackout_end(schedule_of(district), district.timezone, actor.at) is not None:
        return None
    if not schedules.take_arrival(connection, row, arrival):
        return None
    return schedules.claim(
        connection,
        service,
        district.id,
        local_date(actor.at, district.timezone),
        f"arrival {actor.at:%H:%M:%S}Z",
        due=actor.at,
        at=actor.at,
        missed=0,
    )


def fail(connection: Connection, actor: Actor, row: SlotRow, message: str) -> None:
    """Close a slot as failed, with an audit entry; nobody tries it again."""
    if schedules.close(connection, row, SlotState.FAILED, actor.at, message=message):
        audit.write(
            connection,
            actor,
            "schedule.failed",
            district=row.district,
            body={"slot": f"{row.day} {row.slot}", "tries": row.tries},
        )


def begun(connection: Connection, district: District, now: datetime) -> ScheduleRow:
    """The row of a district's schedule; a new one, and one that begins anew, begins now."""
    row = schedules.get(connection, district.id)
    if row is None or begins_anew(row, district, now):
        revision = district.schedule.revision(district.timezone)
        row = schedules.begin(connection, district.id, revision, now)
    return row


def begins_anew(row: ScheduleRow, district: District, now: datetime) -> bool:
    """Whether a schedule has changed since its row was written, or the clock was set back: what
    was read already has its keys."""
    changed: bool = row.revision != district.schedule.revision(district.timezone)
    return changed or row.done_until > now


def _once_more(
    connection: Connection,
    actor: Actor,
    waiting: list[SlotRow],
    service: str,
    is_alive: IsAlive,
) -> SlotRow | None:
    # A service works on one thing of a district at a time: what it finds of its own is left over.
    others = (row.service for row in waiting if row.state == SlotState.RUNNING)
    if any(other != service and is_alive(other) for other in others):
        return None
    for row in waiting:
        if row.state == SlotState.AGAIN and row.again_at > actor.at:
            continue
        if row.state == SlotState.RUNNING and row.tries >= MOST_TRIES:
            message = f"Given up: the service died over it {row.tries} times."
            fail(connection, actor, row, message)
            continue
        return schedules.take_over(connection, row, service)
    return None


def _due(
    connection: Connection, district: District, after: datetime, now: datetime
) -> tuple[Slot | None, int]:
    """The newest slot that is due and was never claimed, and how many others it stands for."""
    claimed = schedules.claimed_since(connection, district.id, after)
    newest, count = None, 0
    for slot in slots_between(schedule_of(district), district.timezone, after, now):
        if (slot.day.isoformat(), slot.name) not in claimed:
            newest, count = slot, count + 1
    return newest, max(0, count - 1)
