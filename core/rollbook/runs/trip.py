"""A sync from its first step: one run at a time, and no further where the source says nothing new.

Most nights of most districts end here. What a comparison takes is imported when there is one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rollbook import collector
from rollbook.config.district import District
from rollbook.config.home import Home
from rollbook.config.sources import FileSource
from rollbook.directory import runs, snapshots
from rollbook.directory.audit import Actor
from rollbook.directory.store import Store
from rollbook.roster.states import UNDER_WAY, RunKind, RunState
from rollbook.runs.interrupted import close_interrupted
from rollbook.runs.lock import district_lock
from rollbook.runs.unchanged import close_unchanged, settled_run
from rollbook.snapshots.stage import clear_staging, is_the_same
from rollbook.sources.upload_clock import overdue

Report = Callable[[str, int, int | None], None]
"""Called with a stage in words, how far it is, and of how much where that is known."""


@dataclass(frozen=True, slots=True)
class Trip:
    """What a sync needs to know all along."""

    store: Store
    home: Home
    district: District
    who: str
    clock: Callable[[], datetime]
    report: Report

    def actor(self) -> Actor:
        """Who acts, now."""
        return Actor(self.who, self.clock())


@collector.paused()
def sync(trip: Trip, *, preview: bool) -> str:
    """One run of a district's source; returns the id of the run to look at.

    That is the new run, or the one that still waits for a decision about the very same input.
    Raises ``Busy`` when another run of the district is under way.
    """
    begun = time.perf_counter()
    with district_lock(trip.store, trip.home.locks, trip.district.id):
        with trip.store.write() as connection:
            close_interrupted(connection, trip.actor(), trip.district.id)
            run = runs.create(
                connection, trip.actor(), trip.district.id, RunKind.SYNC, preview=preview
            )
        try:
            trip.report("reading the source", 0, None)
            clear_staging(trip.home.snapshots / trip.district.id)
            if _is_unchanged(trip, run, begun):
                return run
            from rollbook.runs.sync import travel

            return travel(trip, run, preview=preview, begun=begun)
        except BaseException as error:
            with trip.store.write() as connection:
                row = runs.get(connection, run)
                if row.state in UNDER_WAY:
                    runs.move(
                        connection,
                        trip.actor(),
                        row,
                        RunState.CANCELLED,
                        message=f"Interrupted: {type(error).__name__}. Nothing was changed.",
                    )
            raise


def _is_unchanged(trip: Trip, run: str, begun: float) -> bool:
    """Close the run where the source says what it said last time, and all of that has gone in."""
    district, source = trip.district, trip.district.source
    if not isinstance(source, FileSource):
        return False
    with trip.store.read() as connection:
        settled = settled_run(connection, district, trip.clock())
        last = snapshots.get(connection, district.id, settled.snapshot) if settled else None
    if last is None or not is_the_same(source.path, last.sizes or {}, last.quick or {}):
        return False
    with trip.store.write() as connection:
        settled = settled_run(connection, district, trip.clock())
        if settled is None or settled.snapshot != last.id:
            return False
        close_unchanged(connection, trip.actor(), district, runs.get(connection, run), settled)
        days = (trip.clock() - last.created_at).days
        if finding := overdue(source, days):
            runs.save_findings(connection, run, (finding,))
        spent = round(time.perf_counter() - begun, 4)
        runs.set_timings(connection, run, {"fetch": spent, "total": spent})
    return True
