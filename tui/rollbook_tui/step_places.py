"""Where in the console a step of a checklist is done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Room(StrEnum):
    """A screen, or a pane of the dashboard with the district under its cursor."""

    DISTRICT = "district"
    CHANGESETS = "changesets"
    HOLDS = "holds"
    DUPLICATES = "duplicates"
    PAUSES = "pauses"
    PLANS = "plans"
    YEAR = "year"
    ROLL_UP = "roll-up"


@dataclass(frozen=True, slots=True)
class Place:
    """The room, and what to press there, in words."""

    room: Room
    words: str


_SYNC = Place(Room.DISTRICT, "the district on the dashboard: s syncs it, v previews it")
_HOLDS = Place(Room.HOLDS, "what is held: a approves, x rejects")
_PAUSES = Place(Room.PAUSES, "the grid of pauses: f fills it by a preset, u resumes")
_PLANS = Place(Room.PLANS, "the expected-change plans: N fills one in, a agrees to one")
_YEAR = Place(Room.YEAR, "the district's year, with its terms")
_ROLL_UP = Place(Room.ROLL_UP, "the grades before and after, school by school")

PLACES: dict[str, Place] = {
    "source-read": _SYNC,
    "last-sync": _SYNC,
    "previewed": _SYNC,
    "applied": _HOLDS,
    "no-holds": _HOLDS,
    "no-findings": Place(Room.CHANGESETS, "the newest changeset: f lists its findings"),
    "no-duplicates": Place(Room.DUPLICATES, "the likely duplicates: enter compares two"),
    "paused": _PAUSES,
    "resumed": _PAUSES,
    **dict.fromkeys(("plan", "announced"), _PLANS),
    "everybody-known": _HOLDS,
    "rests": _PAUSES,
    "over": _PAUSES,
    **dict.fromkeys(("year-known", "year-over", "new-sessions", "enrolled-anew"), _YEAR),
    **dict.fromkeys(("term-known", "days-known"), _YEAR),
    **dict.fromkeys(("rolled-up", "grades-read", "entry-grade"), _ROLL_UP),
    "spot-check": Place(Room.DISTRICT, "the district on the dashboard: i looks a person up"),
}
"""By the step's id; a step that is done elsewhere has none."""
