"""Numbers about a service in Prometheus' format: no district, no person, no path in any label."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE

from rollbook.desk.desk import Desk
from rollbook.desk.pulse import pulse
from rollbook.desk.schedule_views import SlotView
from rollbook.errors import RollbookError
from rollbook.service.workers import Workers

__all__ = ["CONTENT_TYPE", "Metrics"]

_SECONDS = (0.1, 1, 5, 30, 120, 600, 3600)


class Metrics:
    """What a service counts of its own work, and what the store says when it is asked."""

    def __init__(self, desk: Desk, workers: Workers) -> None:
        self._desk, self._workers = desk, workers
        self._registry = CollectorRegistry()
        self._slots = Counter(
            "rollbook_slots",
            "Slots of schedules, by what became of them",
            ["state"],
            registry=self._registry,
        )
        self._runs = Counter(
            "rollbook_runs",
            "Runs of this service, by how they ended",
            ["state"],
            registry=self._registry,
        )
        self._missed = Counter(
            "rollbook_missed_slots", "Slots that a later one stood for", registry=self._registry
        )
        self._seconds = Histogram(
            "rollbook_run_seconds", "How long runs took", buckets=_SECONDS, registry=self._registry
        )
        self._busy = self._gauge("rollbook_busy_workers", "Districts that are worked on now")
        self._holds = self._gauge("rollbook_open_holds", "Holds that wait for a decision")
        self._waiting = self._gauge("rollbook_waiting_runs", "Runs that wait for a person")
        self._notices = Gauge(
            "rollbook_notices",
            "Notices, by whether they were sent",
            ["state"],
            registry=self._registry,
        )
        self._usable = self._gauge("rollbook_store_usable", "Whether the store answers")

    def count_slot(self, slot: SlotView, seconds: float) -> None:
        """Count a slot that a worker has finished."""
        self._slots.labels(slot.state.lower()).inc()
        self._missed.inc(slot.missed)
        if slot.run_state is not None:
            self._runs.labels(slot.run_state.lower()).inc()
            self._seconds.observe(seconds)

    def text(self) -> str:
        """All of it, as it is now."""
        self._busy.set(len(self._workers.busy()))
        try:
            now = pulse(self._desk)
        except RollbookError:
            self._usable.set(0)
        else:
            self._usable.set(1)
            self._holds.set(now.open_holds)
            self._waiting.set(now.waiting_runs)
            for state, count in now.notices.items():
                self._notices.labels(state.lower()).set(count)
        return generate_latest(self._registry).decode()

    def _gauge(self, name: str, words: str) -> Gauge:
        return Gauge(name, words, registry=self._registry)
