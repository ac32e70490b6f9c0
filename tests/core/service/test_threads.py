"""Several districts at a time, by threads, on one store."""

from __future__ import annotations

import shutil
import time

from core.scene import Scene
from core.scripted_clock import MORNING
from core.service.served import TWICE_A_DAY
from core.service.test_slots import NOON
from core.small_sis import small_sis
from rollbook.config.home import find_district, save_district
from rollbook.desk import auditing, history
from rollbook.desk.districts import add_district
from rollbook.desk.services import serving
from rollbook.desk.views import RunState
from rollbook.service.loop import Service, tick
from rollbook.service.workers import Threads

DISTRICTS = [f"d{number}" for number in range(5)]


def add(scene: Scene, name: str) -> None:
    """A small district that is read twice a day; ``d3`` has no files."""
    drop = small_sis(1, 4).write(scene.drop.parent / name)
    add_district(scene.desk, name, name=name, timezone="America/Chicago", path=drop)
    district = find_district(scene.desk.home, name)
    schedule = district.schedule.model_copy(update=TWICE_A_DAY)
    save_district(scene.desk.home, district.model_copy(update={"schedule": schedule}))
    if name == "d3":
        shutil.rmtree(drop)


def test_they_are_all_read_once_whatever_becomes_of_one(scene: Scene) -> None:
    for name in DISTRICTS:
        add(scene, name)
    faults: list[Exception] = []
    workers = Threads(3, lambda: None)
    with serving(scene.desk, host="here", pid=1) as service_id:
        service = Service(scene.desk, service_id, workers, on_fault=faults.append)
        for moment in (MORNING, NOON):
            scene.clock.now = moment
            for _ in range(5):
                tick(service)
                assert len(workers.busy()) <= 3
                while workers.busy():
                    time.sleep(0.01)
    assert faults == []
    states = {name: [run.state for run in history.runs(scene.desk, name)] for name in DISTRICTS}
    assert states.pop("d3") == [RunState.FETCH_FAILED]
    assert list(states.values()) == [[RunState.HELD]] * 4
    assert auditing.verify(scene.desk).ok
    for name in DISTRICTS:
        if name != "d3":
            shutil.rmtree(scene.drop.parent / name)


def test_a_thread_that_works_takes_nothing_else_and_outlives_a_fault() -> None:
    done: list[str] = []
    workers = Threads(1, lambda: done.append("rung"))
    begun: list[int] = []
    go_on: list[int] = []

    def wait() -> None:
        begun.append(1)
        while not go_on:
            time.sleep(0.005)

    assert workers.give("a", wait)
    while not begun:
        time.sleep(0.005)
    assert not workers.give("b", wait)
    assert workers.busy() == {"a"}
    go_on.append(1)
    while workers.busy():
        time.sleep(0.005)
    assert workers.give("b", lambda: done.append("b"))
    while workers.busy():
        time.sleep(0.005)
    assert "b" in done
