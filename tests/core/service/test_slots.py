"""A service reads a district at its times: once each, whatever happened in between."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.scene import NORTH, Scene
from core.scripted_clock import MORNING
from core.service.served import TWICE_A_DAY, runs, served, slots
from rollbook.config.home import find_district, save_district
from rollbook.desk import auditing, schedules
from rollbook.desk.districts import add_district
from rollbook.desk.doctor import doctor
from rollbook.desk.schedule_views import SlotState
from rollbook.desk.services import services, serving
from rollbook.desk.views import RunState
from rollbook.errors import RollbookError
from rollbook.runs.lock import district_lock
from rollbook.runs.slot_claims import MOST_TRIES
from rollbook.service.loop import Service, tick
from rollbook.service.workers import InTurn

NOON = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
"""Noon in Chicago on the day of the scene, which begins at six in the morning there."""

NIGHT = datetime(2026, 3, 3, 8, 30, tzinfo=UTC)
SOON = timedelta(minutes=2)


def caught_up(scene: Scene) -> list[Any]:
    return [e.body for e in auditing.audit(scene.desk) if e.event == "schedule.caught_up"]


def test_each_time_is_one_run(scene: Scene) -> None:
    scene.configure(schedule=TWICE_A_DAY)
    scene.sis.add_student("s1", "new")
    scene.sis.write(scene.drop)
    with served(scene) as it:
        assert it.at(MORNING) < NOON, "it looks around before"
        assert runs(scene) == []
        it.at(NOON - timedelta(minutes=1))
        assert runs(scene) == []
        it.at(NOON)
        [run] = runs(scene)
        assert run.state is RunState.APPLIED
        assert "new" in scene.users()
        it.at(NOON + SOON)
        it.at(NIGHT - SOON)
        assert len(runs(scene)) == 1
        it.at(NIGHT + SOON)
        assert [r.state for r in runs(scene)] == [RunState.APPLIED, RunState.NOOP]
    night, noon = slots(scene)
    assert (noon.slot, noon.due_at, noon.run) == ("2026-03-02 12:00", NOON, "north.2")
    assert (night.slot, night.state, night.missed) == ("2026-03-03 02:30", SlotState.DONE, 0)
    assert caught_up(scene) == []
    assert it.said[0] == "north: 2026-03-02 12:00 done: north.2 APPLIED"


def test_what_was_missed_is_made_up_for_once(scene: Scene) -> None:
    scene.configure(schedule=TWICE_A_DAY)
    with served(scene) as it:
        it.at(NOON)
    with served(scene) as it:
        it.at(NOON + timedelta(days=3, hours=2))
        it.at(NOON + timedelta(days=3, hours=3))
        assert len(runs(scene)) == 2
    assert slots(scene)[0].slot == "2026-03-05 12:00"
    assert slots(scene)[0].missed == 5
    assert caught_up(scene) == [{"slot": "2026-03-05 12:00", "missed": 5}]


def test_a_clock_that_is_set_back_doubles_nothing_and_loses_nothing(scene: Scene) -> None:
    scene.configure(schedule=TWICE_A_DAY)
    with served(scene) as it:
        it.at(NOON)
        it.at(NOON - timedelta(hours=1))
        it.at(NOON + SOON)
        assert len(runs(scene)) == 1
        it.at(NOON + timedelta(days=365))
        assert len(runs(scene)) == 2
        it.at(NOON + timedelta(hours=1))
        it.at(NIGHT + SOON)
        assert len(runs(scene)) == 3, "a year ahead by mistake: the next night comes nevertheless"
    assert {b["missed"] for b in caught_up(scene)} == {729}


def test_the_night_of_a_clock_change_has_its_slots_once(scene: Scene) -> None:
    scene.configure(schedule={"times": ("01:30",), "cron": ("30 2 * * *",)})
    with served(scene) as it:
        for midnight, offset in (
            (datetime(2026, 3, 8, 6, tzinfo=UTC), 0),
            (datetime(2026, 11, 1, 5, tzinfo=UTC), 2),
        ):
            it.at(midnight - timedelta(minutes=1))
            before = len(runs(scene))
            for minute in range(0, 300, 10):
                it.at(midnight + timedelta(minutes=minute))
            assert len(runs(scene)) == before + 2, offset


def test_a_schedule_that_is_new_or_changed_begins_now(scene: Scene) -> None:
    with served(scene) as it:
        it.at(NOON - SOON)
        scene.configure(schedule={"times": ("06:30",)})
        it.at(NOON)
        assert runs(scene) == []
        scene.configure(schedule={"times": ("06:30", "12:30")})
        it.at(NOON + timedelta(hours=1))
        assert runs(scene) == [], "it was changed when that had passed"
        it.at(NOON + timedelta(hours=19))
        assert len(runs(scene)) == 1
        scene.configure(schedule={"times": ()})
        it.at(NOON + timedelta(days=3))
        assert len(runs(scene)) == 1


def test_two_services_share_the_slots(scene: Scene) -> None:
    scene.configure(schedule=TWICE_A_DAY)
    with served(scene) as one, served(scene) as other:
        assert [view.id for view in services(scene.desk)] == [one.service.id, other.service.id]
        for moment in (NOON, NIGHT, NIGHT + timedelta(hours=10)):
            one.at(moment)
            other.at(moment + timedelta(seconds=5))
    assert len(runs(scene)) == 3
    assert services(scene.desk) == ()


def test_two_services_at_the_same_moment_read_once(scene: Scene) -> None:
    """For real: each in a thread of its own, over and over."""
    scene.configure(schedule={"cron": ("*/5 * * * *",)})
    rounds = 6
    with served(scene) as one, served(scene) as other:
        for number in range(rounds):
            scene.clock.now = NOON + timedelta(minutes=5 * number, seconds=1)
            together = threading.Barrier(2)

            def look(service: Service, together: threading.Barrier = together) -> None:
                together.wait()
                tick(service)

            both = [threading.Thread(target=look, args=(it.service,)) for it in (one, other)]
            for thread in both:
                thread.start()
            for thread in both:
                thread.join()
        assert one.faults == other.faults == []
    assert len(runs(scene)) == rounds
    assert auditing.verify(scene.desk).ok


def test_what_a_dead_service_left_is_read_by_another(scene: Scene) -> None:
    scene.configure(schedule=TWICE_A_DAY)
    with served(scene) as it:
        with serving(scene.desk, host="there", pid=2) as dead:
            scene.clock.now = NOON
            assert schedules.claim(scene.desk, dead, NORTH) is not None
            it.at(NOON + SOON)
            assert runs(scene) == [], "it lives, and works on it"
        it.at(NOON + timedelta(minutes=10))
        [run] = runs(scene)
    [slot] = slots(scene)
    assert (slot.state, slot.tries, slot.run) == (SlotState.DONE, 2, run.id)


def test_what_a_service_could_not_close_it_begins_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store was full just then."""
    scene.configure(schedule=TWICE_A_DAY)

    def is_full(*args: object, **given: object) -> None:
        raise RollbookError("the disk of the store is full")

    with served(scene) as it:
        with monkeypatch.context() as broken:
            broken.setattr("rollbook.directory.schedules.close", is_full)
            it.at(NOON)
        assert slots(scene)[0].state is SlotState.RUNNING
        it.through(NOON + SOON)
        assert (slots(scene)[0].state, slots(scene)[0].tries) == (SlotState.DONE, 2)
        it.at(NIGHT + SOON)
    assert [run.state for run in runs(scene)] == [RunState.NOOP] * 3


def test_the_doctor_misses_a_service_where_there_is_something_to_do(scene: Scene) -> None:
    def said() -> list[tuple[bool, str]]:
        return [(c.ok, c.detail) for c in doctor(scene.desk) if c.name == "service"]

    assert said() == []
    scene.configure(schedule=TWICE_A_DAY)
    assert said() == [(False, "nobody works on the schedules of 1 districts")]
    with served(scene) as it:
        assert said() == [(True, f"{it.service.id} on here, process 1")]


def test_a_slot_over_which_services_die_is_given_up(scene: Scene) -> None:
    scene.configure(schedule=TWICE_A_DAY)
    with served(scene):
        pass
    for number in range(MOST_TRIES):
        scene.clock.now = NOON + timedelta(minutes=number)
        with serving(scene.desk, host="there", pid=2) as dead:
            assert schedules.claim(scene.desk, dead, NORTH) is not None
    with served(scene) as it:
        it.at(NOON + timedelta(hours=1))
        assert runs(scene) == []
        [slot] = slots(scene)
        assert slot.state is SlotState.FAILED
        assert "died over it 3 times" in slot.message
        it.at(NIGHT + SOON)
        assert len(runs(scene)) == 1


def test_a_service_that_is_taken_for_dead_stops(scene: Scene) -> None:
    with served(scene) as it:
        it.service.id = "s999"
        with pytest.raises(RollbookError, match="let go of service s999"):
            tick(it.service)


def test_a_run_of_an_operators_is_waited_for(scene: Scene) -> None:
    scene.configure(schedule=TWICE_A_DAY)
    with served(scene) as it:
        with district_lock(scene.desk.store, scene.desk.home.locks, NORTH):
            it.at(NOON)
            assert slots(scene)[0].state is SlotState.AGAIN
            it.at(NOON + timedelta(seconds=20))
        assert runs(scene) == []
        it.through(NOON + SOON)
        assert len(runs(scene)) == 1
        assert slots(scene)[0].state is SlotState.DONE
        with district_lock(scene.desk.store, scene.desk.home.locks, NORTH):
            for minutes in range(0, 150, 30):
                it.at(NIGHT + timedelta(minutes=minutes))
        assert slots(scene)[0].state is SlotState.FAILED
        assert "under way" in slots(scene)[0].message


def test_nothing_is_read_in_a_blackout_and_once_after_it(scene: Scene) -> None:
    blackout = {"begins": "11:00", "ends": "13:00"}
    scene.configure(schedule={"times": ("10:00", "12:00"), "blackouts": (blackout,)})
    with served(scene) as it:
        it.at(NOON + timedelta(minutes=30))
        assert runs(scene) == [], "ten o'clock was missed, and now is a blackout"
        due = it.at(NOON + timedelta(minutes=45))
        assert due <= NOON + timedelta(hours=1)
        it.at(NOON + timedelta(hours=1))
        assert len(runs(scene)) == 1
    assert slots(scene)[0].slot == "2026-03-02 10:00"


def test_nothing_is_read_on_days_that_the_calendar_keeps_free(scene: Scene) -> None:
    free = {"name": "snow", "starts": "2026-03-02", "ends": "2026-03-03"}
    scene.configure(schedule=TWICE_A_DAY, calendar={"blackouts": (free,)})
    with served(scene) as it:
        it.through(NIGHT + timedelta(hours=15))
        assert runs(scene) == []
        it.through(NIGHT + timedelta(hours=25))
    assert [slot.slot for slot in slots(scene)] == ["2026-03-04 02:30"]


def test_one_districts_fault_does_not_stop_the_others(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.configure(schedule=TWICE_A_DAY)
    for name in ("aaa", "broken"):
        add_district(scene.desk, name, name=name, timezone="America/Chicago", path=scene.drop)
        district = find_district(scene.desk.home, name)
        save_district(
            scene.desk.home, district.model_copy(update={"schedule": scene.configure().schedule})
        )
    scene.desk.home.district_file("broken").write_text("name = ", encoding="utf-8")

    def fails(*args: object) -> None:
        raise ZeroDivisionError("secret")

    with served(scene) as it:
        with monkeypatch.context() as broken:
            broken.setattr("rollbook.runs.trip.settled_run", fails)
            it.at(NOON)
        assert {type(fault) for fault in it.faults} == {ZeroDivisionError}
        assert len(it.faults) == 2, "both were tried"
        assert slots(scene)[0].state is SlotState.FAILED
        assert "secret" not in "".join(it.said) + slots(scene)[0].message
        it.at(NIGHT + SOON)
    assert runs(scene)[-1].state is RunState.NOOP
    assert slots(scene, "aaa")[0].run is not None


def test_what_waits_too_long_is_closed(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    [hold] = scene.sync().holds
    with served(scene) as it:
        it.at(MORNING + timedelta(days=8))
        assert any("1 runs have waited too long" in line for line in it.said)
    with scene.desk.store.read() as connection:
        from rollbook.directory import holds
        from rollbook.directory import runs as run_rows

        assert holds.get(connection, hold.id).state == "EXPIRED"
        assert run_rows.get(connection, hold.run).state == "EXPIRED"
    assert auditing.verify(scene.desk).ok


def test_a_service_needs_a_tick_only_when_it_said(scene: Scene) -> None:
    """Driven by nothing but what ``tick`` answers, three days have their six runs."""
    scene.configure(schedule=TWICE_A_DAY)
    with serving(scene.desk, host="here", pid=1) as service_id:
        service = Service(scene.desk, service_id, InTurn())
        end = MORNING + timedelta(days=3)
        while scene.clock.now < end:
            scene.clock.now = max(tick(service), scene.clock.now)
    assert len(runs(scene)) == 6
