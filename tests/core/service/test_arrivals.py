"""Files that arrive are read once nobody writes to them any more, and once."""

from __future__ import annotations

from datetime import timedelta

from core.scene import NORTH, Scene
from core.scripted_clock import MORNING
from core.service.served import Served, runs, served, slots
from rollbook.desk.views import RunState
from rollbook.service.arrivals import HERE_EVERY

MINUTE = timedelta(minutes=1)


def look_twice(it: Served, minutes: float) -> None:
    """Two looks some time after the morning, farther apart than files take to settle."""
    it.at(MORNING + MINUTE * minutes)
    it.at(MORNING + MINUTE * minutes + 2 * HERE_EVERY)


def test_they_are_read_when_they_have_settled_and_once(scene: Scene) -> None:
    scene.configure(schedule={"on_arrival": True})
    with served(scene) as it:
        look_twice(it, 1)
        assert [run.state for run in runs(scene)] == [RunState.NOOP], "there was nothing known yet"
        look_twice(it, 3)
        assert len(runs(scene)) == 1
        scene.sis.add_student("s1", "new")
        scene.sis.write(scene.drop)
        it.at(MORNING + 5 * MINUTE)
        assert len(runs(scene)) == 1, "somebody may be writing to them still"
        it.at(MORNING + 6 * MINUTE)
        assert runs(scene)[-1].state is RunState.APPLIED
        assert "new" in scene.users()
        look_twice(it, 8)
        assert len(runs(scene)) == 2
    assert slots(scene)[0].slot.startswith("2026-03-02 arrival 12:06")
    with served(scene) as it:
        look_twice(it, 20)
    assert len(runs(scene)) == 2, "what was read is remembered"


def test_files_that_grow_are_not_read(scene: Scene) -> None:
    scene.configure(schedule={"on_arrival": True})
    with served(scene) as it:
        look_twice(it, 1)
        for minute in range(3, 9):
            with (scene.drop / "users.csv").open("a", encoding="utf-8") as users:
                users.write(f"half-{minute},")
            it.at(MORNING + MINUTE * minute)
        assert len(runs(scene)) == 1
        look_twice(it, 10)
        assert runs(scene)[-1].state is RunState.INPUT_REFUSED
        look_twice(it, 12)
        assert len(runs(scene)) == 2, "what was refused is not read again and again"


def test_a_folder_that_is_empty_or_gone_is_no_arrival(scene: Scene) -> None:
    scene.configure(schedule={"on_arrival": True})
    for file in scene.drop.iterdir():
        file.unlink()
    with served(scene) as it:
        look_twice(it, 1)
        scene.drop.rmdir()
        look_twice(it, 3)
        assert runs(scene) == []
        scene.sis.write(scene.drop)
        look_twice(it, 5)
        assert len(runs(scene)) == 1
        assert it.faults == []


def test_a_zip_arrives_too_and_waits_for_the_end_of_a_blackout(scene: Scene) -> None:
    archive = scene.drop.parent / "set.zip"
    archive.write_bytes(b"PK")
    blackout = {"begins": "06:00", "ends": "07:00"}
    source = {"path": archive}
    scene.configure(schedule={"on_arrival": True, "blackouts": (blackout,)}, source=source)
    try:
        with served(scene) as it:
            look_twice(it, 1)
            look_twice(it, 50)
            assert runs(scene) == []
            look_twice(it, 61)
            assert runs(scene)[-1].state is RunState.INPUT_REFUSED
    finally:
        archive.unlink()


def test_two_services_see_one_arrival(scene: Scene) -> None:
    scene.configure(schedule={"on_arrival": True})
    with served(scene) as one, served(scene) as other:
        for minute in range(1, 6):
            one.at(MORNING + MINUTE * minute)
            other.at(MORNING + MINUTE * minute)
    assert len(runs(scene, NORTH)) == 1
