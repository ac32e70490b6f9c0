"""Around days on which nothing may change: state testing, report cards, a roll-up."""

from __future__ import annotations

from rollbook.rollover import steps, year_steps
from rollbook.rollover.checklist import Checklist, Step
from rollbook.rollover.periods import around_blackout, blackout
from rollbook.rollover.walks.shared_steps import LAST_SYNC, NO_HOLDS, TOLD

BLACKOUT = Checklist(
    "blackout",
    "Blackout",
    "Around days on which nothing may change: testing, report cards, work on the SIS.",
    (
        Step(
            "days-known",
            "The days are in the calendar",
            "[[calendar.blackouts]] of the district's file, or `rollbook calendar import`: nothing "
            "is read by the schedule on them.",
            year_steps.blackout_known,
        ),
        LAST_SYNC,
        NO_HOLDS,
        Step(
            "urgent",
            "It is agreed who lets an urgent change in",
            "A new student in the middle of it: who syncs by hand, and who approves? Write it in "
            "the note.",
        ),
        TOLD,
        Step(
            "paused",
            "What is synced by hand rests as well",
            "A pause with the preset blackout keeps everything back, whoever syncs.",
            steps.paused,
        ),
        Step(
            "over",
            "It is over, and nothing rests any more",
            "A pause with an end date ends by itself; `rollbook resume` ends one now.",
            year_steps.blackout_over,
        ),
        Step(
            "caught-up",
            "What waited has been looked at",
            "The first run after seven days or more is a review (R9).",
        ),
    ),
    blackout,
    around_blackout,
)
