"""A service as a process: it looks, sleeps, and ends when it is told to."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from queue import Empty, SimpleQueue
from types import FrameType

from rollbook.desk.desk import Desk
from rollbook.desk.services import ServiceLost, serving
from rollbook.errors import RollbookError
from rollbook.service.clock_watch import steady_seconds
from rollbook.service.health import Health
from rollbook.service.listening import Listen, listening
from rollbook.service.loop import LOOKS_EVERY, Service, tick
from rollbook.service.metrics import Metrics
from rollbook.service.supervisor import Supervisor
from rollbook.service.workers import Threads

GRACE = 5.0
"""Seconds that runs have to come to their end when the service is told to stop."""

_LEAST = timedelta(seconds=1)

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass
class Alarm:
    """Wakes a service: because a worker is free, or because it is to stop.

    A queue, because nothing else may be used within a signal's handler.
    """

    stopping: bool = False
    _rings: SimpleQueue[None] = field(default_factory=SimpleQueue)

    def ring(self) -> None:
        """Wake it, or keep it from falling asleep."""
        self._rings.put(None)

    def stop(self) -> None:
        """Have it end."""
        self.stopping = True
        self.ring()

    def sleep(self, seconds: float) -> None:
        """Sleep until somebody rings, so many seconds at most."""
        try:
            self._rings.get(timeout=seconds)
            while True:
                self._rings.get_nowait()
        except Empty:
            return


def serve(
    desk: Desk,
    *,
    workers: int,
    listen: Listen | None,
    tell: Callable[[str], None],
    on_fault: Callable[[Exception], None],
    alarm: Alarm | None = None,
) -> None:
    """Work until SIGTERM or SIGINT, or until ``alarm`` says stop.

    Runs that are under way then have ``GRACE`` seconds; what is not done by then ends with the
    process, nothing half done, and is taken up by the next service. Raises ``RollbookError`` where
    the address is taken or the store has let go of the service.
    """
    alarm = alarm or Alarm()
    with ExitStack() as held:
        held.enter_context(_told_by_signals(alarm))
        host = socket.gethostname()
        service_id = held.enter_context(serving(desk, host=host, pid=os.getpid()))
        threads = Threads(workers, alarm.ring)
        metrics = Metrics(desk, threads)
        health = Health(time.monotonic)
        service = Service(
            desk,
            service_id,
            threads,
            postman=Threads(1, alarm.ring),
            tell=tell,
            on_slot=metrics.count_slot,
            on_fault=on_fault,
            steady=steady_seconds,
        )
        if listen is not None:
            address = held.enter_context(listening(listen, health, metrics))
            tell(f"health and metrics at http://{address}")
        supervisor = Supervisor.from_environment()
        tell(f"service {service_id} works with {workers} threads")
        supervisor.say("READY=1")
        while not alarm.stopping:
            alarm.sleep(_look(service, health, supervisor))
        supervisor.say("STOPPING=1")
        tell(f"service {service_id} stops")
        if left := _wait_for(threads):
            tell(f"cut off: {', '.join(sorted(left))}; the next service goes on with them")
            os._exit(0)


def _look(service: Service, health: Health, supervisor: Supervisor) -> float:
    """Look once; returns the seconds until the next look."""
    try:
        due = tick(service)
    except ServiceLost:
        raise
    except RollbookError as error:
        service.tell(str(error))
        health.note_trouble(str(error))
        return LOOKS_EVERY.total_seconds()
    health.note_look()
    supervisor.say("WATCHDOG=1")
    return min(LOOKS_EVERY, max(_LEAST, due - service.desk.clock())).total_seconds()


def _wait_for(threads: Threads) -> frozenset[str]:
    """Wait for what is under way; returns what is not done in time."""
    until = time.monotonic() + GRACE
    while (busy := threads.busy()) and time.monotonic() < until:
        time.sleep(0.05)
    return busy


@contextmanager
def _told_by_signals(alarm: Alarm) -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        alarm.stop()

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
