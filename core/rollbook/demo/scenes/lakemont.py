"""Lakemont: the large one, in which everything is as it should be."""

from __future__ import annotations

from rollbook.demo.days import next_day
from rollbook.demo.founding import make_district
from rollbook.demo.stage import ZONE, Place, Scene, Stage


def lakemont(stage: Stage) -> Scene:
    """Three weeks of ordinary days, the last of them this morning."""
    name = "Lakemont Unified School District"
    place = Place(stage, "lakemont", name, ZONE, version="1.2")
    district = make_district(
        stage.seed, name, schools=9, students=1200, first_day=stage.monday(-60)
    )
    yield stage.at(-21, "09:12")
    place.open("p.okafor", district)
    place.sync("p.okafor")
    yield stage.at(-21, "09:47")
    place.approve(
        "p.okafor",
        "First sync. 1,200 students, as on the SIS dashboard; looked up ten in each school.",
    )
    for day in (-7, 0):
        yield stage.at(day, "05:05")
        district = next_day(
            district, days=6, arrivals=5, moves=3, leavers=1, class_changes=6, edits=5
        )
        place.receive(district)
        place.sync()
