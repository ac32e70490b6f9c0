"""Schedules: when districts are read next, and reading one whose time has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.config.home import find_district, load_districts
from rollbook.desk.desk import Desk
from rollbook.desk.presenting import state_now
from rollbook.desk.schedule_views import ScheduleView, SlotState, SlotView
from rollbook.desk.services import is_alive
from rollbook.desk.syncing import sync_unseen
from rollbook.directory import runs
from rollbook.directory import schedules as rows
from rollbook.directory.schedules import SlotRow
from rollbook.errors import Busy, RollbookError
from rollbook.runs import slot_claims
from rollbook.runs.schedule import (
    LOOKS_AHEAD,
    blackout_end,
    next_slot,
    schedule_of,
    slots_between,
)

AGAIN_AFTER = timedelta(minutes=1)
"""How long a slot waits for a run that an operator has begun."""

GIVEN_UP_AFTER = timedelta(hours=2)
"""How long it waits for that in all."""

_SHOWN = 3
"""Newest slots that are shown of a district."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A slot that is this service's to read, as it was when it was claimed."""

    slot: SlotRow

    @property
    def district(self) -> str:
        """The district that is to be read."""
        return str(self.slot.district)


def schedules(
    desk: Desk, district_id: str | None = None, *, count: int = 5
) -> tuple[ScheduleView, ...]:
    """When one or all districts with a schedule are read next: ``count`` times of each."""
    found = [find_district(desk.home, district_id)] if district_id else None
    if found is None:
        found = [d for d in load_districts(desk.home)[0] if is_scheduled(d)]
    now = desk.clock()
    with desk.store.read() as connection:
        return tuple(
            ScheduleView(
                district=district.id,
                timezone=district.timezone,
                times=district.schedule.times,
                cron=district.schedule.cron,
                arrives=district.schedule.on_arrival,
                next=next_times(district, now, count),
                blackout_until=blackout_end(schedule_of(district), district.timezone, now),
                newest=_newest(connection, district.id, now),
            )
            for district in found
        )


def is_scheduled(district: District) -> bool:
    """Whether a service reads a district without being asked."""
    return district.schedule.has_times or district.schedule.on_arrival


def next_times(district: District, now: datetime, count: int) -> tuple[datetime, ...]:
    """The next instants at which a district is read."""
    if not district.schedule.has_times:
        return ()
    slots = slots_between(schedule_of(district), district.timezone, now, now + LOOKS_AHEAD)
    return tuple(slot.due for slot in islice(slots, count))


def outlook(desk: Desk, districts: Iterable[District]) -> dict[str, datetime | None]:
    """When a service has to look at each of some districts: at the latest then something is due.

    ``None`` where nothing ever is.
    """
    now = desk.clock()
    with desk.store.read() as connection:
        known = rows.listed(connection)
        unfinished = {row.district: row for row in rows.unfinished(connection)}
        at_work = {row.service for row in unfinished.values() if row.again_at is None}
        alive = set(filter(is_alive(desk, connection), at_work))
    found: dict[str, datetime | None] = {}
    for district in districts:
        row = known.get(district.id)
        if not district.schedule.has_times and district.id not in unfinished:
            found[district.id] = None
        elif row is None or slot_claims.begins_anew(row, district, now):
            found[district.id] = now
        elif (slot := unfinished.get(district.id)) is not None:
            found[district.id] = slot.again_at or now + AGAIN_AFTER * (slot.service in alive)
        else:
            due = next_slot(schedule_of(district), district.timezone, row.done_until)
            found[district.id] = due.due if due else None
        over = blackout_end(schedule_of(district), district.timezone, now)
        if over is not None and (at := found[district.id]) is not None:
            found[district.id] = max(at, over)
    return found


def claim(desk: Desk, service: str, district_id: str) -> Claim | None:
    """Claim what a district has due, for a service: each slot is given out once.

    ``None`` where nothing is due, or somebody else works on it. Raises ``NotFound`` and
    ``ConfigInvalid``.
    """
    actor = desk.actor()
    district = find_district(desk.home, district_id)
    with desk.store.write() as connection:
        alive = is_alive(desk, connection)
        row = slot_claims.claim_due(connection, actor, district, service, alive)
        return Claim(row) if row is not None else None


def claim_arrival(desk: Desk, service: str, district_id: str, arrival: str) -> Claim | None:
    """Claim files that have arrived, known by a digest; ``None`` as ``claim``."""
    actor = desk.actor()
    district = find_district(desk.home, district_id)
    with desk.store.write() as connection:
        row = slot_claims.claim_arrival(connection, actor, district, service, arrival)
        return Claim(row) if row is not None else None


def last_arrival(desk: Desk, district_id: str) -> str | None:
    """What arrived last of a district, as a digest."""
    with desk.store.read() as connection:
        row = rows.get(connection, district_id)
        return row.arrival if row is not None else None


def read_claimed(desk: Desk, claimed: Claim) -> SlotView:
    """Sync the district of a claimed slot, and say what became of it.

    Where an operator works on the district, the slot is tried again a little later. Raises what
    only a fault explains, and closes the slot as failed before.
    """
    row = claimed.slot
    try:
        run = sync_unseen(desk, row.district)
    except Busy as busy:
        if desk.clock() - row.claimed_at < GIVEN_UP_AFTER:
            again_at = desk.clock() + AGAIN_AFTER
            return _close(desk, row, SlotState.AGAIN, message=str(busy), again_at=again_at)
        return _close(desk, row, SlotState.FAILED, message=str(busy))
    except RollbookError as error:
        return _close(desk, row, SlotState.FAILED, message=str(error))
    except Exception as error:
        _close(desk, row, SlotState.FAILED, message=f"A fault: {type(error).__name__}.")
        raise
    return _close(desk, row, SlotState.DONE, run=run)


def _close(
    desk: Desk,
    row: SlotRow,
    state: SlotState,
    *,
    run: str | None = None,
    message: str = "",
    again_at: datetime | None = None,
) -> SlotView:
    actor = desk.actor()
    with desk.store.write() as connection:
        if state is SlotState.FAILED:
            slot_claims.fail(connection, actor, row, message)
        else:
            rows.close(
                connection, row, state, actor.at, run=run, message=message, again_at=again_at
            )
        now = rows.slot(connection, row.district, date.fromisoformat(row.day), row.slot)
        assert now is not None
        return _view(connection, now, desk.clock())


def _newest(connection: Connection, district: str, now: datetime) -> tuple[SlotView, ...]:
    return tuple(_view(connection, row, now) for row in rows.newest(connection, district, _SHOWN))


def _view(connection: Connection, row: SlotRow, now: datetime) -> SlotView:
    return SlotView(
        district=row.district,
        slot=f"{row.day} {row.slot}",
        due_at=row.due_at,
        state=SlotState(row.state),
        missed=row.missed,
        tries=row.tries,
        run=row.run,
        run_state=state_now(runs.get(connection, row.run), now) if row.run else None,
        message=row.message,
    )
