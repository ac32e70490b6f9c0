"""Marlow: brand new. Its first sync waits for the first approval of its life."""

from __future__ import annotations

from rollbook.demo.founding import make_district
from rollbook.demo.stage import ZONE, Place, Scene, Stage


def marlow(stage: Stage) -> Scene:
    """One school, added this morning."""
    name = "Marlow Village School"
    place = Place(stage, "marlow", name, ZONE, version="1.2")
    district = make_district(stage.seed, name, schools=1, students=62, first_day=stage.monday(-80))
    yield stage.at(0, "05:52")
    place.open("r.osei", district)
    place.expect(62)
    place.sync("r.osei")
