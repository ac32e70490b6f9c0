"""When a term begins within the year."""

from __future__ import annotations

from rollbook.rollover import year_steps
from rollbook.rollover.checklist import Checklist, Family, Step
from rollbook.rollover.periods import around_term, term
from rollbook.rollover.walks.shared_steps import ENROLLED, NO_HOLDS, SPOT_CHECK, TAUGHT

NEW_TERM = Checklist(
    "new-term",
    "New term",
    "When a semester, trimester or quarter begins: classes change hands, and ids come back.",
    (
        Step(
            "term-known",
            "The term and its first day are known",
            "From [calendar] of the district's file, else from the sessions of the source.",
            year_steps.term_known,
        ),
        Step(
            "old-term",
            "It is decided when last term's classes go",
            "Grades are due after its last day. Most exports drop a term the day it ends.",
            more={
                Family.CLEVER: "Clever drops sections of a term that has ended; ask the SIS's "
                "team to leave the end date a week late where teachers still grade.",
            },
        ),
        Step(
            "classes-carried-over",
            "It has been looked at which class ids are carried over",
            "`rollbook new-term ID` lists them, with teachers who changed and what would land "
            "where.",
        ),
        NO_HOLDS,
        ENROLLED,
        TAUGHT,
        SPOT_CHECK,
    ),
    term,
    around_term,
)
