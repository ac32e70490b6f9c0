"""Riverton: two offices entered the same children, and one of the pairs has been merged."""

from __future__ import annotations

from rollbook.demo.days import next_day
from rollbook.demo.doubles import duplicate_students
from rollbook.demo.founding import make_district
from rollbook.demo.stage import Place, Scene, Stage
from rollbook.desk.people import duplicates, merge
from rollbook.desk.undoing import undo


def riverton(stage: Stage) -> Scene:
    """One child merged yesterday, one still there twice, and twins who only look alike."""
    name = "Riverton Public Schools"
    place = Place(stage, "riverton", name, "America/New_York")
    district = make_district(stage.seed, name, schools=4, students=220, first_day=stage.monday(-70))
    yield stage.at(-13, "11:40")
    place.open("m.alvarez", district)
    place.sync("m.alvarez")
    yield stage.at(-13, "12:05")
    place.approve("m.alvarez", "First sync. Counts per school are the registrar's of Monday.")
    yield stage.at(-6, "05:15")
    district = next_day(district, days=7)
    place.receive(district)
    last = place.sync()
    yield stage.at(-6, "08:50")
    undo(
        place.as_operator("m.alvarez"),
        last.summary.id,
        reason="That export was the SIS training server's. Undone until the real one is here.",
    )
    yield stage.at(-2, "05:15")
    district = duplicate_students(next_day(district, days=4), 2)
    place.receive(district)
    place.sync()
    yield stage.at(-1, "13:33")
    pair = duplicates(place.as_operator("m.alvarez"), place.id)[0]
    keep = pair.suggested_keep
    merge(
        place.as_operator("m.alvarez"),
        place.id,
        keep,
        pair.b if keep == pair.a else pair.a,
        reason="Same child, entered again at the summer registration. Birth certificate seen.",
    )
    yield stage.at(0, "05:15")
    district = next_day(district, days=2)
    place.receive(district)
    place.sync()
