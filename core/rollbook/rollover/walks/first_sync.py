"""A district that is new here."""

from __future__ import annotations

from rollbook.rollover import steps, year_steps
from rollbook.rollover.checklist import Checklist, Family, Step
from rollbook.rollover.periods import before_first_run
from rollbook.rollover.walks.shared_steps import (
    ENROLLED,
    EXPECTED,
    GRADES_READ,
    NO_DUPLICATES,
    SCHEDULED,
)

FIRST_SYNC = Checklist(
    "first-sync",
    "First sync",
    "A new district: nothing goes in unseen.",
    (
        Step(
            "source-read",
            "The source can be read",
            "`rollbook district check ID` says what it finds.",
            steps.source_read,
            more={
                Family.CLEVER: "The district has to have shared its schools with your application.",
                Family.CLASSLINK: "The application's permissions name the endpoints that answer.",
                Family.ONEROSTER: "Its key needs the read scopes of roster-core and demographics.",
                Family.SFTP: "Pin the server's key after its owner has told it: "
                "`rollbook district check ID --trust-host-key`.",
            },
        ),
        Step(
            "shared",
            "All schools are shared",
            "What a district does not share looks as if it were not there: compare the list of "
            "schools with its own.",
            only=(Family.CLEVER, Family.CLASSLINK),
        ),
        Step(
            "settled-drops",
            "It is known when an upload is whole",
            "A marker file, or files that stay the same: half an upload is half a district.",
            only=(Family.SFTP,),
        ),
        Step(
            "no-findings",
            "No rows were set aside",
            "Mend in the SIS what the findings name; a bad row keeps its person out.",
            steps.no_findings,
        ),
        EXPECTED,
        Step(
            "operators",
            "It is known who approves",
            "Grave holds want two people: who are they, and who stands in for them in summer? "
            "Write it in the note.",
        ),
        Step(
            "applied",
            "The first run has been looked at and approved",
            "The first run is always held (R9): approve it with its number.",
            steps.first_run_applied,
        ),
        GRADES_READ,
        Step(
            "year-known",
            "The school year is known",
            "From [calendar] of the district's file (`rollbook calendar import`), else from the "
            "sessions of the source.",
            year_steps.year_known,
        ),
        ENROLLED,
        NO_DUPLICATES,
        SCHEDULED,
    ),
    due=before_first_run,
)
