"""A scene with a service that a test drives by its clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.scene import NORTH, Scene
from rollbook.desk import history, schedules
from rollbook.desk.schedule_views import SlotView
from rollbook.desk.services import serving
from rollbook.desk.views import RunSummary
from rollbook.service.loop import Service, tick
from rollbook.service.workers import InTurn

TWICE_A_DAY = {"times": ("02:30", "12:00")}


@dataclass
class Served:
    """A service on a scene's desk, and what it has said."""

    scene: Scene
    service: Service
    said: list[str] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    def at(self, moment: datetime) -> datetime:
        """Look once at a moment; returns when the next look is due."""
        self.scene.clock.now = moment
        return tick(self.service)

    def through(self, end: datetime) -> None:
        """Look whenever something is due, until ``end``."""
        now = self.scene.clock.now
        while now <= end:
            now = max(self.at(now), now + timedelta(seconds=30))
        self.scene.clock.now = end


@contextmanager
def served(scene: Scene) -> Iterator[Served]:
    """A service for the block, which has looked around once."""
    with serving(scene.desk, host="here", pid=1) as service_id:
        running = Served(scene, Service(scene.desk, service_id, InTurn()))
        running.service.tell = running.said.append
        running.service.on_fault = running.faults.append
        tick(running.service)
        yield running


def slots(scene: Scene, district: str = NORTH) -> list[SlotView]:
    """The newest slots of a district, newest first."""
    [view] = schedules.schedules(scene.desk, district)
    return list(view.newest)


def runs(scene: Scene, district: str = NORTH) -> list[RunSummary]:
    """The runs of a district since its first, oldest first."""
    return sorted(history.runs(scene.desk, district), key=lambda run: run.number)[1:]
