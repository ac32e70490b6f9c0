"""The same district from another source."""

from __future__ import annotations

from rollbook.rollover import steps, year_steps
from rollbook.rollover.checklist import Checklist, Family, Step
from rollbook.rollover.periods import after_change_of_source, source
from rollbook.rollover.walks.shared_steps import (
    EXPECTED,
    GRADES_READ,
    LAST_SYNC,
    NO_DUPLICATES,
    NO_HOLDS,
    SCHEDULED,
    SPOT_CHECK,
)

SWITCH_OF_PROVIDER = Checklist(
    "switch-of-provider",
    "Switch of provider",
    "The same people by another way: nobody may be lost, and nobody come twice.",
    (
        Step(
            "ids-compared",
            "Ten ids of the old source have been compared with the new one's",
            "Where they differ, everybody goes and comes back at once: R4 holds that, and "
            "re-linking answers it.",
            more={
                Family.CLEVER: "Clever's ids are its own; the SIS's are in sis_id.",
                Family.CLASSLINK: "ClassLink passes the SIS's sourcedIds on, as a rule.",
            },
        ),
        Step(
            "quiet-time",
            "It is not done in the middle of a rollover",
            "Two changes at once hide each other. Choose a week in which nothing else happens.",
        ),
        Step(
            "source-read",
            "The new source can be read",
            "`rollbook district check ID` says what it finds.",
            steps.source_read,
        ),
        Step(
            "rests",
            "Nothing goes in before it has been looked at",
            "The first run after a change of [source] is a review (R9); a pause is safer still.",
            year_steps.resting,
        ),
        Step(
            "everybody-known",
            "The people of the new source are those of the old one",
            "`rollbook hold relink` shows who would take whose place.",
            year_steps.everybody_known,
        ),
        EXPECTED,
        GRADES_READ,
        NO_HOLDS,
        LAST_SYNC,
        NO_DUPLICATES,
        SPOT_CHECK,
        SCHEDULED,
        Step(
            "old-ended",
            "The old provider has been told to stop",
            "Its key is taken back, and its copy of the data deleted: write the date in the note.",
        ),
    ),
    source,
    after_change_of_source,
)
