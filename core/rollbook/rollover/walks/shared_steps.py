"""Steps that several checklists have."""

from __future__ import annotations

from rollbook.rollover import steps, year_steps
from rollbook.rollover.checklist import FILES, Family, Step

NO_HOLDS = Step(
    "no-holds",
    "Nothing waits for a decision",
    "Approve or reject what is held (pane 3, or `rollbook holds`).",
    steps.no_held_changes,
)
NO_DUPLICATES = Step(
    "no-duplicates",
    "Duplicates are settled",
    "Merge each likely pair or mark it as two people.",
    steps.no_duplicates,
)
ENROLLED = Step(
    "schools-enrolled",
    "Every school has enrollments",
    "A school whose students are in no class is not scheduled yet in the SIS.",
    steps.schools_enrolled,
)
EXPECTED = Step(
    "students-expected",
    "The number of students is as expected",
    "Ask the registrar for a number, put it in expected.students of the district's file, and "
    "compare: within 5 % is close enough.",
    steps.students_as_expected,
)
LAST_SYNC = Step(
    "last-sync",
    "The last sync is in, with no rows set aside",
    "Sync once more; mend in the SIS what the findings name.",
    steps.last_sync_clean,
)
TOLD = Step(
    "told",
    "Staff and vendors know the dates",
    "Whoever reads from the directory should know when it stands still.",
)
TAUGHT = Step(
    "classes-taught",
    "Every class has a teacher",
    "Vendors reject classes without one.",
    steps.classes_taught,
)
SPOT_CHECK = Step(
    "spot-check",
    "Five students looked up by hand are right",
    "One per school level and one who moved: school, grade, classes, guardians.",
)
GRADES_READ = Step(
    "grades-read",
    "Every grade is understood",
    "Graduation years come from grades; one that nobody can read has none.",
    year_steps.grades_read,
)
SCHEDULED = Step(
    "scheduled",
    "Syncs run by themselves",
    "Set [schedule] in the district's file, after the SIS has exported, and keep `rollbook serve` "
    "running; or put `rollbook sync ID` in cron.",
    year_steps.scheduled,
    more={
        **dict.fromkeys(FILES, "With `on_arrival = true` files are read when they have settled."),
        Family.CLEVER: "Clever takes the SIS's files in overnight: early morning is soon enough.",
    },
)
