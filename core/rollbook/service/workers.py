"""Who does the work of a service: threads, a few at a time, or whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Protocol

Job = Callable[[], None]


class Workers(Protocol):
    """Takes jobs, at most one of a district at a time."""

    def give(self, district: str, job: Job) -> bool:
        """Have a job done; false where all have something to do, or one does this district."""

    def busy(self) -> frozenset[str]:
        """The districts that are worked on just now."""


class InTurn:
    """Does each job at once, in the thread that gives it: for tests and simulations."""

    def give(self, district: str, job: Job) -> bool:
        """Do the job."""
        job()
        return True

    def busy(self) -> frozenset[str]:
        """None: a job is done when ``give`` returns."""
        return frozenset()


class Threads:
    """``count`` threads. They do not keep the process alive: a sync that is cut off is safe."""

    def __init__(self, count: int, done: Callable[[], None]) -> None:
        """``done`` is called by a thread that has finished a job."""
        self._jobs: SimpleQueue[tuple[str, Job]] = SimpleQueue()
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._count = count
        self._done = done
        for number in range(count):
            threading.Thread(target=self._work, name=f"worker-{number}", daemon=True).start()

    def give(self, district: str, job: Job) -> bool:
        """Have a job done as soon as a thread is free, which is now."""
        with self._lock:
            if len(self._busy) >= self._count or district in self._busy:
                return False
            self._busy.add(district)
        self._jobs.put((district, job))
        return True

    def busy(self) -> frozenset[str]:
        """The districts that are worked on just now."""
        with self._lock:
            return frozenset(self._busy)

    def _work(self) -> None:
        while True:
            district, job = self._jobs.get()
            try:
                job()
            finally:
                with self._lock:
                    self._busy.discard(district)
                self._done()
