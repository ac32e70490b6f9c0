"""Elk Ridge: this morning's upload broke off half-way, and nothing happened."""

from __future__ import annotations

from rollbook.demo.damage import blank_cell, cut_in_half
from rollbook.demo.days import drop_students, next_day
from rollbook.demo.founding import make_district
from rollbook.demo.stage import ZONE, Place, Scene, Stage


def elk_ridge(stage: Stage) -> Scene:
    """Withdrawals that were approved, a row that was set aside, and a file that was refused."""
    name = "Elk Ridge Schools"
    place = Place(stage, "elk-ridge", name, ZONE)
    district = make_district(stage.seed, name, schools=3, students=160, first_day=stage.monday(-68))
    yield stage.at(-16, "14:20")
    place.open("r.osei", district)
    place.sync("r.osei")
    yield stage.at(-16, "14:26")
    place.approve("r.osei", "First sync; the office at Elk Ridge High has checked the list.")
    yield stage.at(-12, "05:20")
    district = next_day(district, days=4, arrivals=2, moves=0, class_changes=2)
    place.receive(district)
    place.sync()
    yield stage.at(-9, "05:20")
    district = drop_students(district, district.schools[0].id, 0.12)
    place.receive(district)
    place.sync()
    yield stage.at(-9, "09:05")
    place.approve("r.osei", "The new charter school on Mill Road. The registrar has the transfers.")
    for day in (-7, -2):
        yield stage.at(day, "05:20")
        district = next_day(district, days=4, arrivals=2, moves=0, class_changes=2)
        place.receive(district)
        if day == -7:
            blank_cell(place.folder, row=41)
        place.sync()
    yield stage.at(0, "05:20")
    place.receive(next_day(district, days=2, arrivals=2, moves=0))
    cut_in_half(place.folder)
    place.sync()
