"""When something is due, whatever the clocks of a district do."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rollbook.config.schedule import Blackout, Schedule
from rollbook.runs.schedule import Slot, blackout_end, next_slot, slots_between

CHICAGO = "America/Chicago"
GAP, DOUBLED = date(2026, 3, 8), date(2026, 11, 1)
"""The days of 2026 on which Chicago's clocks are put forward and back, both at two at night."""

ZONES = (CHICAGO, "UTC", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia")
"""Among them one that is put forward by half an hour, and one that left a whole day out in 2011."""

YEAR = timedelta(days=400)


def utc(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type,misc]


def due(schedule: Schedule, day: date, timezone: str = CHICAGO) -> list[datetime]:
    """When something is due on a day of a district."""
    zone = ZoneInfo(timezone)
    start = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    around = slots_between(schedule, timezone, start - timedelta(days=1), start + timedelta(days=2))
    return [slot.due for slot in around if slot.day == day]


def test_a_time_that_does_not_exist_is_at_the_end_of_the_gap() -> None:
    assert due(Schedule(times=("02:30",)), GAP) == [utc(2026, 3, 8, 8, 0)]
    assert due(Schedule(cron=("30 2 * * *",)), GAP) == [utc(2026, 3, 8, 8, 0)]
    local = due(Schedule(times=("02:30",)), GAP)[0].astimezone(ZoneInfo(CHICAGO))
    assert f"{local:%H:%M}" == "03:00"


def test_a_time_that_comes_twice_is_in_the_first_of_the_two_hours() -> None:
    assert due(Schedule(times=("01:30",)), DOUBLED) == [utc(2026, 11, 1, 6, 30)]
    assert due(Schedule(cron=("30 1 * * *",)), DOUBLED) == [utc(2026, 11, 1, 6, 30)]
    assert len(due(Schedule(cron=("0 * * * *",)), DOUBLED)) == 24


def test_times_and_cron_lines_that_meet_are_one_slot() -> None:
    both = Schedule(times=("02:30", "12:00"), cron=("30 2 * * *", "15 9 * * mon-fri"))
    found = slots_between(both, CHICAGO, utc(2026, 3, 2), utc(2026, 3, 3, 6))
    assert [(slot.day.day, slot.name) for slot in found] == [
        (2, "02:30"),
        (2, "09:15"),
        (2, "12:00"),
    ]


def test_a_day_that_a_zone_left_out_has_its_slot_when_the_next_one_begins() -> None:
    """Samoa had no 30 December 2011."""
    found = due(Schedule(times=("02:30",)), date(2011, 12, 30), "Pacific/Apia")
    assert found == [utc(2011, 12, 30, 10, 0)]


@pytest.mark.parametrize("timezone", ZONES)
@pytest.mark.parametrize(
    ("schedule", "a_day"),
    [
        (Schedule(times=("02:30", "01:45", "12:00")), 3),
        (Schedule(cron=("*/30 0-3 * * *",), times=("23:59",)), 9),
    ],
)
def test_in_400_days_every_day_has_every_slot_once(
    schedule: Schedule, a_day: int, timezone: str
) -> None:
    start = utc(2011, 6, 1) if timezone == "Pacific/Apia" else utc(2026, 1, 1)
    found = list(slots_between(schedule, timezone, start, start + YEAR))
    assert [slot.due for slot in found] == sorted(slot.due for slot in found)
    names = {(slot.day, slot.name) for slot in found}
    assert len(names) == len(found), "none comes twice"
    days = sorted({slot.day for slot in found})
    whole = days[1:-1]
    assert [later - sooner for sooner, later in pairwise(whole)] == [timedelta(days=1)] * (
        len(whole) - 1
    )
    assert {sum(slot.day == day for slot in found) for day in whole} == {a_day}, "none is missing"


@given(
    seed=st.integers(0, 1 << 30),
    timezone=st.sampled_from(ZONES),
    lines=st.sampled_from([("*/20 * * * *",), ("30 1,2,3 * * *", "0 12 * * 1-5"), ()]),
)
@settings(max_examples=6)
def test_looking_often_or_seldom_finds_the_same_slots(
    seed: int, timezone: str, lines: tuple[str, ...]
) -> None:
    """A service that looks at odd moments, around the clock changes of a year."""
    chance = random.Random(seed)
    schedule = Schedule(times=("01:30", "02:30"), cron=lines)
    for start in (utc(2026, 3, 7), utc(2026, 10, 31), utc(2026, 4, 4)):
        end = start + timedelta(days=3)
        looks = sorted(start + timedelta(seconds=chance.randrange(3 * 86400)) for _ in range(20))
        found: list[Slot] = []
        for before, now in zip([start, *looks], [*looks, end], strict=True):
            found += slots_between(schedule, timezone, before, now)
        assert found == list(slots_between(schedule, timezone, start, end))


HOURS = Blackout(begins="07:00", ends="09:00")
NIGHT = Blackout(begins="22:00", ends="04:00")
WINTER = Blackout(first_day=date(2026, 12, 20), last_day=date(2027, 1, 3))


def test_what_falls_into_a_blackout_is_no_slot() -> None:
    schedule = Schedule(cron=("0 * * * *",), blackouts=(HOURS,))
    found = [
        slot.name
        for slot in slots_between(schedule, "UTC", utc(2026, 3, 2, 5), utc(2026, 3, 2, 10))
    ]
    assert found == ["06:00", "09:00", "10:00"]


def test_a_blackout_may_go_over_midnight_and_over_weeks() -> None:
    schedule = Schedule(times=("02:30", "12:00"), blackouts=(NIGHT, WINTER))
    assert blackout_end(schedule, "UTC", utc(2026, 3, 2, 23)) == utc(2026, 3, 3, 4)
    assert blackout_end(schedule, "UTC", utc(2026, 3, 2, 3, 59)) == utc(2026, 3, 2, 4)
    assert blackout_end(schedule, "UTC", utc(2026, 3, 2, 4)) is None
    assert blackout_end(schedule, "UTC", utc(2026, 12, 25)) == utc(2027, 1, 4, 4), (
        "one into another"
    )
    after = next_slot(schedule, "UTC", utc(2026, 12, 19, 13))
    assert after is not None
    assert after.due == utc(2027, 1, 4, 12)


def test_hours_of_some_days_belong_to_the_day_on_which_they_begin() -> None:
    one = Blackout(first_day=GAP, last_day=GAP, begins="22:00", ends="04:00")
    schedule = Schedule(times=("02:30",), blackouts=(one,))
    assert blackout_end(schedule, CHICAGO, utc(2026, 3, 9, 8)) == utc(2026, 3, 9, 9)
    assert blackout_end(schedule, CHICAGO, utc(2026, 3, 8, 8)) is None
    assert not due(schedule, date(2026, 3, 9))


def test_without_anything_named_nothing_is_due() -> None:
    assert next_slot(Schedule(), "UTC", utc(2026, 3, 2)) is None
    all_day = Schedule(times=("02:30",), blackouts=(Blackout(begins="02:00", ends="03:00"),))
    assert next_slot(all_day, "UTC", utc(2026, 3, 2)) is None


@pytest.mark.parametrize(
    ("tables", "why"),
    [
        ({"times": ["2:30"]}, "times.0"),
        ({"times": ["24:00"]}, "times.0"),
        ({"cron": ["every day"]}, "no cron line that ever comes"),
        ({"cron": ["0 0 30 2 *"]}, "no cron line that ever comes"),
        ({"blackouts": [{}]}, "give days"),
        ({"blackouts": [{"first_day": "2026-03-02"}]}, "go together"),
        ({"blackouts": [{"begins": "02:00"}]}, "go together"),
        ({"blackouts": [{"begins": "02:00", "ends": "02:00"}]}, "are the same"),
        ({"blackouts": [{"first_day": "2026-03-02", "last_day": "2026-03-01"}]}, "before"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(tables: object, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        Schedule.model_validate(tables)
