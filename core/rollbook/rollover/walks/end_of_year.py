"""Before the SIS closes the year."""

from __future__ import annotations

from rollbook.rollover import steps, year_steps
from rollbook.rollover.checklist import FILES, Checklist, Family, Step
from rollbook.rollover.periods import calendar_year, in_seasons
from rollbook.rollover.season import Season
from rollbook.rollover.walks.shared_steps import LAST_SYNC, NO_DUPLICATES, NO_HOLDS, TOLD

END_OF_YEAR = Checklist(
    "end-of-year",
    "End of year",
    "Before the SIS closes the year: take the last good state in, then let the sync rest.",
    (
        Step(
            "year-known",
            "The school year and its last day are known",
            "They come from [calendar] of the district's file (`rollbook calendar import`), else "
            "from the academic sessions that the SIS sends.",
            year_steps.year_known,
        ),
        LAST_SYNC,
        NO_HOLDS,
        NO_DUPLICATES,
        Step(
            "grading",
            "Teachers have finished grading",
            "Many need last year's classes for weeks. Ask before anything is closed.",
        ),
        Step(
            "graduates",
            "It is decided when graduates' accounts end",
            "Districts choose anything from July to December: write the date in the note.",
        ),
        Step(
            "plan",
            "What the rollover will change is announced",
            "Graduates leave, everyone else goes up one, classes are replaced: `rollbook plan add` "
            "lets just that through.",
            year_steps.planned,
        ),
        Step(
            "source-rests",
            "It is known what the source does over the summer",
            "Ask before the last day; a source that closes early takes everybody along.",
            more={
                Family.CLEVER: "Clever pauses a district at its end-of-year date, which is early "
                "in June unless the district has set one: look at it in Clever's dashboard.",
                Family.CLASSLINK: "Ask whether ClassLink's Roster Server goes on reading the SIS "
                "while that rolls up, or is stopped until August.",
                Family.ONEROSTER: "Ask whether the server goes on answering while the SIS rolls "
                "up, and from which year's database.",
                Family.FILES: "Ask whether exports go on: without a whole set for 90 days no "
                "removal is trusted.",
                Family.SFTP: "Ask whether uploads go on, and whether the server's password or key "
                "expires with the fiscal year.",
            },
        ),
        Step(
            "exports-kept",
            "The year's last export is kept",
            "A copy of the last files of the year is what every later doubt is settled by.",
            only=FILES,
        ),
        Step(
            "paused",
            "The sync is paused for the summer",
            "Use the summer preset: contacts go on, the rest stays as it was.",
            steps.paused,
        ),
        TOLD,
    ),
    calendar_year,
    in_seasons(Season.CLOSING),
)
