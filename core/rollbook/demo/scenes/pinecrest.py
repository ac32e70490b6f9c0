"""Pinecrest: the year is over, and all but the contacts is paused for the summer."""

from __future__ import annotations

from datetime import timedelta

from rollbook.demo.days import next_day
from rollbook.demo.founding import make_district
from rollbook.demo.stage import ZONE, Place, Scene, Stage
from rollbook.desk.pausing import pause


def pinecrest(stage: Stage) -> Scene:
    """Three weeks into the holidays: addresses still change, withdrawals wait."""
    name = "Pinecrest School District"
    place = Place(stage, "pinecrest", name, ZONE)
    first_day = stage.monday(-312)
    district = make_district(stage.seed, name, schools=5, students=300, first_day=first_day)
    last_day = max(session.end for session in district.sessions) - timedelta(days=1)
    next_first_day = district.year_start(district.founding_year + 1)
    yield stage.at(-61, "15:05")
    place.open("t.lindqvist", district)
    place.sync("t.lindqvist")
    yield stage.at(-61, "15:40")
    place.approve("t.lindqvist", "First sync. The two charter students are meant to be there.")
    yield stage.at(-40, "05:00")
    district = next_day(district, days=21)
    place.receive(district)
    place.sync()
    yield stage.at(-25, "10:10")
    pause(
        place.as_operator("t.lindqvist"),
        place.id,
        preset="summer",
        starts=last_day - timedelta(days=2),
        ends=next_first_day - timedelta(days=14),
        reason="Summer. Contacts go on; the rest starts again when the sections are built.",
    )
    place.schedule("05:00")
    moving = next_first_day - timedelta(days=21)
    place.close_on(moving, moving + timedelta(days=4), "The SIS moves house")
    for day, leavers in ((-10, 4), (0, 9)):
        yield stage.at(day, "05:00")
        district = next_day(
            district, days=9, arrivals=4, moves=0, leavers=leavers, class_changes=0, edits=12
        )
        place.receive(district)
        place.sync()
