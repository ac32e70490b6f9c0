"""When a district's source is read next: slots of its schedule, as instants.

A slot is a wall time on a day of the district. One that falls into the gap of a change to summer
time is at the end of that gap; one in the hour that comes twice is in the first of the two
(``safety.md`` §4.6). So each day has each of its slots once, whatever its clocks do.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rollbook.config.district import District
from rollbook.config.schedule import Blackout, Schedule
from rollbook.roster.wall_time import instant_of

LOOKS_AHEAD = timedelta(days=400)
"""How far a next slot is looked for; 29 February by itself may be farther away."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which something is due: the ``day`` and wall time ``name`` that it is known by,
    and the instant."""

    day: date
    name: str
    due: datetime


def schedule_of(district: District) -> Schedule:
    """A district's schedule; on the days that its calendar keeps free, it rests as well."""
    schedule, free = district.schedule, district.calendar.blackouts
    if not free:
        return schedule
    days = (Blackout(first_day=blackout.starts, last_day=blackout.ends) for blackout in free)
    return schedule.model_copy(update={"blackouts": (*schedule.blackouts, *days)})


def slots_between(
    schedule: Schedule, timezone: str, after: datetime, until: datetime
) -> Iterator[Slot]:
    """The slots that are due after an instant and not after another, in order.

    What falls into a blackout is no slot.
    """
    zone = ZoneInfo(timezone)
    start = after
    while start < until:
        jump = None
        for wall in _walls(schedule, start.astimezone(zone).replace(tzinfo=None)):
            due = instant_of(wall, zone)
            if due > until:
                return
            if due <= start:
                continue
            if (over := blackout_end(schedule, timezone, due)) is not None:
                jump = over
                break
            yield Slot(wall.date(), f"{wall:%H:%M}", due)
        if jump is None:
            return
        # What is due at the very end of a blackout is due.
        start = jump - timedelta(seconds=1)


def next_slot(schedule: Schedule, timezone: str, after: datetime) -> Slot | None:
    """The first slot after an instant, within ``LOOKS_AHEAD``."""
    return next(slots_between(schedule, timezone, after, after + LOOKS_AHEAD), None)


def blackout_end(schedule: Schedule, timezone: str, at: datetime) -> datetime | None:
    """When the blackout that is in force at an instant is over; ``None`` without one.

    Where one leads into another, it is the end of the last.
    """
    zone = ZoneInfo(timezone)
    end: datetime | None = None
    while True:
        moment = end or at
        ends = [
            over
            for blackout in schedule.blackouts
            for begins, over in _windows(blackout, moment.astimezone(zone).date(), zone)
            if begins <= moment < over
        ]
        if not ends:
            return end
        end = max(ends)
        if end - at > LOOKS_AHEAD:
            return end


def _walls(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """The wall times of a schedule that come at or after another, in order, each once."""
    lines: list[Iterator[datetime]] = []
    if schedule.times:
        lines.append(_daily(schedule, after))
    if schedule.cron:
        from cronsim import CronSim

        # A cron line goes on from the minute after the one that it is given.
        lines += [CronSim(line, after - timedelta(minutes=1)) for line in schedule.cron]
    last = None
    for wall in heapq.merge(*lines):
        if wall != last:
            yield wall
        last = wall


def _daily(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    times = sorted({time.fromisoformat(wall) for wall in schedule.times})
    day = after.date()
    while True:
        yield from (datetime.combine(day, wall) for wall in times)
        day += timedelta(days=1)


def _windows(blackout: Blackout, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The windows of a blackout that may cover a moment of a day."""

    def at(on: date, wall: time = time.min) -> datetime:
        return instant_of(datetime.combine(on, wall), zone)

    first, last = blackout.first_day or date.min, blackout.last_day or date.max
    if blackout.begins is None or blackout.ends is None:
        yield at(first), at(last + timedelta(days=1))
        return
    begins, ends = time.fromisoformat(blackout.begins), time.fromisoformat(blackout.ends)
    for begun in (day - timedelta(days=1), day):
        if first <= begun <= last:
            over = begun if begins < ends else begun + timedelta(days=1)
            yield at(begun, begins), at(over, ends)
