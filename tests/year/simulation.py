"""A year of several districts in one home, read by ``rollbook serve`` on a clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from pathlib import Path

from core.scripted_clock import Clock
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.schedule_views import SlotView
from rollbook.desk.services import serving
from rollbook.service.loop import Service, tick
from rollbook.service.workers import InTurn
from year.accidents import Accident
from year.lives import Life, other_rows
from year.planting import one_by_one, planted
from year.profiles import PROFILES, Profile
from year.records import Lived
from year.timeline import FIRST, LAST


@dataclass
class Simulation:
    """Lives by district, and the service that reads them; ``told`` is what the service says."""

    desk: Desk
    clock: Clock
    lives: dict[str, Life]
    so_far: Callable[[list[Lived], date], None] | None = None
    read: list[SlotView] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    broken: list[Exception] = field(default_factory=list)

    def run(self, first: date, until: date) -> None:
        """Live from one day to another, both included."""
        for life in self.lives.values():
            life.begin(first)
        with serving(self.desk, host="simulation", pid=1) as service_id:
            service = Service(self.desk, service_id, workers=InTurn(), tell=self.told.append)
            service.on_slot, service.on_fault = self._note, self.broken.append
            self._through(service, first, until)

    def _through(self, service: Service, first: date, until: date) -> None:
        """Go from one moment to the next at which files come or the service has something due."""
        arrivals: list[tuple[datetime, str, date]] = []
        for life in self.lives.values():
            tomorrow = first + timedelta(days=1)
            heappush(arrivals, (life.sends_at(tomorrow), life.id, tomorrow))
        end = datetime(until.year, until.month, until.day, 23, tzinfo=UTC)
        due = self._look(service)
        while self.clock.now < end:
            moment = min(due, arrivals[0][0])
            self.clock.now = max(self.clock.now, moment.astimezone(UTC))
            while arrivals[0][0] <= self.clock.now:
                _, district, day = heappop(arrivals)
                life = self.lives[district]
                life.send(day)
                tomorrow = day + timedelta(days=1)
                heappush(arrivals, (life.sends_at(tomorrow), district, tomorrow))
                if self.so_far and day.weekday() == 6 and district == next(iter(self.lives)):
                    self.so_far([life.lived for life in self.lives.values()], day)
            due = self._look(service)

    def _note(self, slot: SlotView, seconds: float) -> None:
        self.read.append(slot)

    def _look(self, service: Service) -> datetime:
        due = tick(service)
        for slot in self.read:
            self.lives[slot.district].read(slot)
        self.read.clear()
        if self.broken:
            raise self.broken[0]
        return due


def _told(tell: Callable[[str], None], life: Life, said: str) -> None:
    tell(f"{life.day} {life.id}: {said}")


def live(
    folder: Path,
    profiles: Sequence[Profile] = PROFILES,
    first: date = FIRST,
    until: date = LAST,
    *,
    seed: int = 1,
    some: Sequence[Accident] | None = None,
    tell: Callable[[str], None] | None = None,
    so_far: Callable[[list[Lived], date], None] | None = None,
) -> list[Lived]:
    """Live some districts' year, or a part of it, in a new home below ``folder``.

    ``some`` are the accidents that happen, one after another, in the place of all of them; ``tell``
    is called with each thing that is noted, ``so_far`` every week with all that was lived.
    """
    clock = Clock(datetime(first.year, first.month, first.day, 6, tzinfo=UTC))
    desk = open_desk(folder / "home", operator="service", clock=clock)
    following = {p.id: PROFILES[(n + 1) % len(PROFILES)] for n, p in enumerate(PROFILES)}
    lives = {}
    for profile in profiles:
        days = planted(profile, seed) if some is None else one_by_one(profile, some, first)
        other = other_rows(following[profile.id], seed + 1)
        lives[profile.id] = life = Life(desk, folder, profile, days, other, seed)
        if tell is not None:
            life.tell = partial(_told, tell, life)
    try:
        Simulation(desk, clock, lives, so_far).run(first, until)
    finally:
        desk.close()
    return [life.lived for life in lives.values()]
