"""However often a service is down and its clock is set, every slot is read or made up for, once."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from core.scene import NORTH, Scene
from rollbook.config.home import find_district
from rollbook.desk import schedules
from rollbook.desk.services import serving
from rollbook.directory import schedules as rows
from rollbook.roster.states import SlotState
from rollbook.runs.schedule import slots_between

DAYS = timedelta(days=12)
SUMMER, WINTER = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)


@pytest.mark.parametrize("start", [SUMMER, WINTER])
@pytest.mark.parametrize("timezone", ["America/Chicago", "Australia/Lord_Howe"])
def test_around_the_days_on_which_clocks_change(
    scene: Scene, timezone: str, start: datetime
) -> None:
    chance = random.Random(f"{timezone}{start}")
    scene.configure(timezone=timezone, schedule={"times": ("01:30",), "cron": ("30 2,14 * * *",)})
    scene.clock.now = start
    claimed, made_up_for = [], 0
    with serving(scene.desk, host="here", pid=1) as service:
        assert schedules.claim(scene.desk, service, NORTH) is None
        begun = scene.clock.now
        while scene.clock.now < start + DAYS:
            scene.clock.forward(hours=chance.choice((0.2, 1, 1, 3, 20)))
            claim = schedules.claim(scene.desk, service, NORTH)
            if claim is None:
                continue
            claimed.append((claim.slot.day, claim.slot.slot))
            made_up_for += claim.slot.missed
            with scene.desk.store.write() as connection:
                rows.close(connection, claim.slot, SlotState.DONE, scene.clock())
        with scene.desk.store.read() as connection:
            row = rows.get(connection, NORTH)
    assert row is not None
    district = find_district(scene.desk.home, NORTH)
    due = list(slots_between(district.schedule, timezone, begun, row.done_until))
    assert len(set(claimed)) == len(claimed), "none twice"
    assert len(claimed) + made_up_for == len(due), "none lost"
    assert {slot.day.isoformat() for slot in due} >= {day for day, _ in claimed}
    assert made_up_for > 5
