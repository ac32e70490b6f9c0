"""The stage of the demonstration: a clock that the story moves, and the places where it plays."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rollbook.config.accounts import Accounts
from rollbook.config.calendar import Blackout, Calendar
from rollbook.config.district import Expected
from rollbook.config.home import find_district, save_district
from rollbook.config.schedule import Schedule
from rollbook.demo.shape import District
from rollbook.demo.write import Version, write_oneroster
from rollbook.desk.checklists import tick
from rollbook.desk.decisions import approve, holds, reject
from rollbook.desk.desk import Desk
from rollbook.desk.districts import add_district
from rollbook.desk.syncing import sync
from rollbook.desk.views import Progress, RunView

ZONE = "America/Chicago"
"""The zone in which the story is told."""

SCHEDULE = "schedule"
"""Who runs the nightly syncs."""

Scene = Iterator[datetime]
"""One district's story: it yields the moment of its next act and is resumed when it has come."""


class StoryClock:
    """Stands still until it is moved; every look at it takes two seconds."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=2)
        return self.now

    def move_to(self, moment: datetime) -> None:
        """Go on to a moment; never back."""
        self.now = max(self.now, moment)


@dataclass(frozen=True, slots=True)
class Stage:
    """What every scene needs: where, when, by chance of which seed, and the desk."""

    home: Path
    today: date
    seed: int
    desk: Desk

    def at(self, day: int, clock: str) -> datetime:
        """The moment ``day`` days from today (before it where negative), by Chicago's clocks."""
        moment = datetime.combine(self.today + timedelta(days=day), time.fromisoformat(clock))
        return moment.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)

    def monday(self, day: int) -> date:
        """The Monday on or before the day that is ``day`` days from today."""
        near = self.today + timedelta(days=day)
        return near - timedelta(days=near.weekday())


@dataclass(frozen=True, slots=True)
class Place:
    """A district in the story: its files arrive in a folder of its own, and people decide."""

    stage: Stage
    id: str
    name: str
    timezone: str
    version: Version = "1.1"

    @property
    def folder(self) -> Path:
        """Where its files arrive."""
        return self.stage.home / "drops" / self.id

    def as_operator(self, who: str) -> Desk:
        """The desk with somebody at it."""
        return replace(self.stage.desk, operator=who)

    def open(self, who: str, district: District) -> None:
        """Let a first set arrive and add the district."""
        self.receive(district)
        add_district(
            self.as_operator(who),
            self.id,
            name=self.name,
            timezone=self.timezone,
            source_type="oneroster-csv",
            path=self.folder,
        )

    def receive(self, district: District) -> None:
        """Let a set arrive."""
        write_oneroster(district, self.folder, self.version)

    def sync(self, who: str = SCHEDULE) -> RunView:
        """Run a sync."""
        return sync(self.as_operator(who), self.id)

    def approve(self, who: str, reason: str, *, rules: Collection[str] = ()) -> None:
        """Approve the open holds of some rules (of all, if none is named), with their numbers."""
        desk = self.as_operator(who)
        for hold in holds(desk, self.id):
            if not rules or hold.rule in rules:
                approve(desk, hold.id, confirm=hold.count, reason=reason)

    def reject(self, who: str, reason: str) -> None:
        """Turn every open hold down."""
        desk = self.as_operator(who)
        for hold in holds(desk, self.id):
            reject(desk, hold.id, reason=reason)

    def tick(self, who: str, checklist: str, step: str, note: str) -> None:
        """Tick a step of a checklist."""
        tick(self.as_operator(who), self.id, checklist, step, note=note)

    def expect(self, students: int) -> None:
        """Write the number of students that the registrar expects into the district's file."""
        self._settle(expected=Expected(students=students))

    def schedule(self, *times: str) -> None:
        """Write into the district's file when a service reads it."""
        self._settle(schedule=Schedule(times=times))

    def name_accounts(self, accounts: Accounts) -> None:
        """Write into the district's file how accounts are named, placed and ended."""
        self._settle(accounts=accounts)

    def close_on(self, starts: date, ends: date, why: str) -> None:
        """Write days without a sync into the district's file."""
        blackout = Blackout(name=why, starts=starts, ends=ends)
        self._settle(calendar=Calendar(blackouts=(blackout,)))

    def _settle(self, **sections: object) -> None:
        home = self.stage.desk.home
        save_district(home, find_district(home, self.id).model_copy(update=sections))


def play(
    scenes: Mapping[str, Scene],
    clock: StoryClock,
    progress: Callable[[Progress], None] | None = None,
) -> None:
    """Play the scenes, by district, all at once: act by act in the order of time."""
    names = list(scenes)
    due = [(next(scenes[name]), number) for number, name in enumerate(names)]
    heapq.heapify(due)
    while due:
        moment, number = heapq.heappop(due)
        if progress:
            progress(Progress(district=names[number], stage=f"{moment:%Y-%m-%d}"))
        clock.move_to(moment)
        if following := next(scenes[names[number]], None):
            heapq.heappush(due, (following, number))
