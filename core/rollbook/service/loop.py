"""What a service does, one look after another.

``tick`` does all that is due at the desk's clock and says when something will be due next; it never
sleeps. ``serve`` calls it for as long as the process lives. To run a year in a moment, open a desk
on a clock of your own, make a ``Service`` with ``InTurn`` workers, and call ``tick`` at each moment
that the last call named, or sooner where something happens in between::

    with serving(desk, host="simulation", pid=1) as service_id:
        service = Service(desk, service_id, InTurn())
        while clock.now < end:
            due = tick(service)
            clock.now = min(due, next_file_arrives)

Everything that a service does to districts and holds it does through the desk, as its operator.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from rollbook.config.district import District
from rollbook.desk import schedules
from rollbook.desk.clock_jumps import distrust_approvals
from rollbook.desk.desk import Desk
from rollbook.desk.schedule_views import SlotView
from rollbook.desk.services import refuse_lost
from rollbook.errors import RollbookError
from rollbook.service.arrivals import Arrivals
from rollbook.service.chores import Chore, usual_chores
from rollbook.service.clock_watch import ClockWatch
from rollbook.service.district_files import DistrictFiles
from rollbook.service.telling import Telling
from rollbook.service.workers import InTurn, Workers

LOOKS_EVERY = timedelta(seconds=10)
"""How often files, districts' files and the clock are looked at while nothing is due."""

LOOKS_AROUND_EVERY = timedelta(minutes=5)
"""How often every district's outlook is made anew: another service may have worked on it."""


def _nothing(*_: object) -> None:
    """Where nobody wants to be told."""


@dataclass
class Service:
    """A service at work: a desk, the id that ``serving`` gave it, workers, and what it remembers.

    ``postman`` sends notices: a mail server that is slow keeps nobody else waiting. ``steady``
    gives seconds that never go back, by which a clock that was set is noticed.

    ``tell`` is called with each line of its log, ``on_slot`` with each slot that is done and the
    seconds that it took, and ``on_fault`` with what only a fault explains; the last two by
    whichever thread does the work.
    """

    desk: Desk
    id: str
    workers: Workers
    postman: Workers = field(default_factory=InTurn)
    tell: Callable[[str], None] = _nothing
    on_slot: Callable[[SlotView, float], None] = _nothing
    on_fault: Callable[[Exception], None] = _nothing
    steady: Callable[[], float] | None = None
    chores: list[Chore] = field(default_factory=list)
    arrivals: Arrivals = field(default_factory=Arrivals)
    finished: deque[str] = field(default_factory=deque)
    due: dict[str, datetime | None] = field(default_factory=dict)
    looked_around_at: datetime | None = None

    def __post_init__(self) -> None:
        self.files = DistrictFiles(self.desk.home)
        self.watch = ClockWatch(self.steady)
        self.telling = Telling(self.desk, self.id, self._say, self._report, self.postman)
        self.chores = self.chores or usual_chores(self.desk)

    def _say(self, line: str) -> None:
        self.tell(line)

    def _report(self, error: Exception) -> None:
        self.on_fault(error)


def tick(service: Service) -> datetime:
    """Do all that is due now; returns when something will be due next.

    What fails for one district is told, and the others go on. Raises ``RollbookError`` where the
    store itself cannot be used, or has let go of this service.
    """
    refuse_lost(service.desk, service.id)
    _watch_the_clock(service)
    districts, changed = service.files.read()
    _look_ahead(service, districts, changed)
    _read_due(service, districts)
    _look_for_arrivals(service, districts)
    _do_chores(service)
    service.telling.look(districts.values())
    _look_ahead(service, districts, frozenset())
    return _next_moment(service, districts)


def _watch_the_clock(service: Service) -> None:
    by = service.watch.jump(service.desk.clock())
    if by:
        voided = distrust_approvals(service.desk, by)
        service.tell(f"the clock jumped by {by:.0f} seconds: {voided} approvals have to be renewed")


def _look_ahead(service: Service, districts: dict[str, District], changed: frozenset[str]) -> None:
    """Make the outlook of those districts anew about which something may have changed."""
    now = service.desk.clock()
    again = set(changed)
    while service.finished:
        again.add(service.finished.popleft())
    around = service.looked_around_at
    if around is None or not around <= now < around + LOOKS_AROUND_EVERY:
        service.looked_around_at = now
        again |= districts.keys()
    for gone in service.due.keys() - districts.keys():
        del service.due[gone]
    wanted = [districts[district] for district in sorted(again & districts.keys())]
    if wanted:
        service.due |= schedules.outlook(service.desk, wanted)


def _read_due(service: Service, districts: dict[str, District]) -> None:
    now = service.desk.clock()
    waiting = [(at, district) for district, at in service.due.items() if at and at <= now]
    for _, district in sorted(waiting):
        if not service.workers.give(district, partial(_read, service, district)):
            continue
        service.due[district] = None


def _read(service: Service, district: str, arrival: str | None = None) -> None:
    """The job of a worker: claim what a district has due, and read it."""
    desk = service.desk
    try:
        if arrival is not None:
            claimed = schedules.claim_arrival(desk, service.id, district, arrival)
        else:
            claimed = schedules.claim(desk, service.id, district)
        if claimed is not None:
            begun = time.monotonic()
            done = schedules.read_claimed(desk, claimed)
            service.on_slot(done, time.monotonic() - begun)
            service.tell(_line(done))
    except RollbookError as error:
        service.tell(f"{district}: {error}")
    except Exception as error:
        service.tell(f"{district}: a fault, {type(error).__name__}")
        service.on_fault(error)
    finally:
        service.finished.append(district)


def _line(slot: SlotView) -> str:
    said = f"{slot.district}: {slot.slot} {slot.state.lower()}"
    if slot.missed:
        said += f", for {slot.missed} missed before it"
    return f"{said}: {f'{slot.run} {slot.run_state}' if slot.run else slot.message}"


def _look_for_arrivals(service: Service, districts: dict[str, District]) -> None:
    now = service.desk.clock()
    watched = [d for d in districts.values() if d.schedule.on_arrival]
    if not watched:
        return
    for district in service.arrivals.to_look_at(watched, now):
        service.workers.give(district.id, partial(_look_and_read, service, district))


def _look_and_read(service: Service, district: District) -> None:
    """The job of a worker: a look at files may take as long as a network lets it."""
    try:
        arrival = service.arrivals.settled(service.desk, district, service.desk.clock())
    except Exception as error:
        service.tell(f"{district.id}: a fault, {type(error).__name__}")
        service.on_fault(error)
        return
    if arrival is not None:
        _read(service, district.id, arrival)


def _do_chores(service: Service) -> None:
    for chore in service.chores:
        now = service.desk.clock()
        if chore.next_at > now:
            continue
        try:
            said = chore.do(service.desk, service.id)
            if said:
                service.tell(said)
        except RollbookError as error:
            service.tell(f"{chore.name}: {error}")
        except Exception as error:
            service.tell(f"{chore.name}: a fault, {type(error).__name__}")
            service.on_fault(error)
        chore.done_at(service.desk.clock())


def _next_moment(service: Service, districts: dict[str, District]) -> datetime:
    busy = service.workers.busy()
    moments = [at for district, at in service.due.items() if at and district not in busy]
    moments += [chore.next_at for chore in service.chores]
    moments += service.telling.next_moments()
    moments += _arrival_moments(service, districts.values())
    return min(moments)


def _arrival_moments(service: Service, districts: Iterable[District]) -> list[datetime]:
    watched = [district for district in districts if district.schedule.on_arrival]
    return [service.arrivals.next_look(district) for district in watched]
