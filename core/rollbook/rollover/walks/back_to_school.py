"""After the roll-up, before the first day."""

from __future__ import annotations

from rollbook.rollover import steps, year_steps
from rollbook.rollover.checklist import FILES, Checklist, Family, Step
from rollbook.rollover.periods import calendar_year, in_seasons
from rollbook.rollover.season import Season
from rollbook.rollover.walks.shared_steps import (
    ENROLLED,
    EXPECTED,
    NO_DUPLICATES,
    NO_HOLDS,
    SCHEDULED,
    SPOT_CHECK,
    TAUGHT,
)

BACK_TO_SCHOOL = Checklist(
    "back-to-school",
    "Back to school",
    "After the roll-up: look before anything is renamed, removed or replaced.",
    (
        Step(
            "rolled-up",
            "The SIS has rolled up",
            "Too early, and every student is renamed from a wrong graduation year.",
            year_steps.rolled_up,
        ),
        Step(
            "source-goes-on",
            "The source goes on after the summer",
            "A summer in which nothing came is no sign that all is well.",
            more={
                Family.CLEVER: "End Clever's own pause in its dashboard, and start the new school "
                "year there.",
                Family.CLASSLINK: "Ask that the Roster Server reads the new year's database.",
                Family.ONEROSTER: "Ask that the server answers from the new year's database, and "
                "that the key has not expired.",
                Family.FILES: "Ask that exports are of the new year, with the same files as ever.",
                Family.SFTP: "Ask that uploads have begun again, of the same files as ever.",
            },
        ),
        Step(
            "previewed",
            "A preview has been compared with the school offices' numbers",
            "Preview (`rollbook sync ID --preview`) and agree on the counts per school.",
        ),
        EXPECTED,
        Step(
            "resumed",
            "Pauses have ended",
            "Resume what still rests; the first run afterwards is a review.",
            steps.not_paused,
        ),
        NO_HOLDS,
        ENROLLED,
        Step(
            "enrolled-anew",
            "They are enrollments of the new year",
            "Last year's classes are still there until the SIS replaces them.",
            year_steps.enrolled_in_new_year,
        ),
        TAUGHT,
        NO_DUPLICATES,
        Step(
            "same-files",
            "The drop holds the same files as last year",
            "A file that is left out is unknown, not empty; it stops what hangs on it.",
            only=FILES,
        ),
        SCHEDULED,
        SPOT_CHECK,
    ),
    calendar_year,
    in_seasons(Season.ROLLED_UP, Season.WAITING_FOR_ENROLLMENTS, Season.READY),
)
