"""The checklists: what to do, in order, and which steps the data can tick."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rollbook.errors import NotFound
from rollbook.rollover import steps
from rollbook.rollover.facts import Facts
from rollbook.rollover.steps import Rule, Standing, Verdict


@dataclass(frozen=True, slots=True)
class Step:
    """One step; without a rule it is ticked by hand."""

    id: str
    title: str
    help: str
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """A checklist; ``yearly`` ones start afresh each calendar year."""

    name: str
    title: str
    intro: str
    steps: tuple[Step, ...]
    yearly: bool = True

    def season(self, today: date) -> str:
        """Under which name its ticks are kept on a day."""
        return str(today.year) if self.yearly else "once"


_HOLDS = Step(
    "no-holds",
    "Nothing waits for a decision",
    "Approve or reject what is held (pane 3, or `rollbook holds`).",
    steps.no_held_changes,
)
_DUPLICATES = Step(
    "no-duplicates",
    "Duplicates are settled",
    "Merge each likely pair or mark it as two people.",
    steps.no_duplicates,
)
_ENROLLED = Step(
    "schools-enrolled",
    "Every school has enrollments",
    "A school whose students are in no class is not scheduled yet in the SIS.",
    steps.schools_enrolled,
)
_EXPECTED = Step(
    "students-expected",
    "The number of students is as expected",
    "Ask the registrar for a number, put it in expected.students of the district's file, and "
    "compare: within 5 % is close enough.",
    steps.students_as_expected,
)

CHECKLISTS: tuple[Checklist, ...] = (
    Checklist(
        "end-of-year",
        "End of year",
        "Before the SIS closes the year: take the last good state in, then let the sync rest.",
        (
            Step(
                "year-known",
                "The school year and its last day are known",
                "They come from the academic sessions that the SIS sends.",
                steps.year_known,
            ),
            Step(
                "last-sync",
                "The year's last sync is in, with no rows set aside",
                "Sync once more; mend in the SIS what the findings name.",
                steps.last_sync_clean,
            ),
            _HOLDS,
            _DUPLICATES,
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
                "paused",
                "The sync is paused for the summer",
                "Use the summer preset: contacts go on, the rest stays as it was.",
                steps.paused,
            ),
            Step(
                "told",
                "Staff and vendors know the dates",
                "Whoever reads from the directory should know when it stands still.",
            ),
        ),
    ),
    Checklist(
        "back-to-school",
        "Back to school",
        "After the roll-up: look before anything is renamed, removed or replaced.",
        (
            Step(
                "rolled-up",
                "The SIS has rolled up",
                "Too early, and every student is renamed from a wrong graduation year.",
                steps.rolled_up,
            ),
            Step(
                "previewed",
                "A preview has been compared with the school offices' numbers",
                "Preview (`rollbook sync ID --preview`) and agree on the counts per school.",
            ),
            _EXPECTED,
            Step(
                "resumed",
                "Pauses have ended",
                "Resume what still rests; the first run afterwards is a review.",
                steps.not_paused,
            ),
            _HOLDS,
            _ENROLLED,
            Step(
                "classes-taught",
                "Every class has a teacher",
                "Vendors reject classes without one.",
                steps.classes_taught,
            ),
            _DUPLICATES,
            Step(
                "spot-check",
                "Five students looked up by hand are right",
                "One per school level and one who moved: school, grade, classes, guardians.",
            ),
        ),
    ),
    Checklist(
        "first-sync",
        "First sync",
        "A new district, or a new source for an old one: nothing goes in unseen.",
        (
            Step(
                "source-read",
                "The source can be read",
                "`rollbook district check ID` says what it finds.",
                steps.source_read,
            ),
            Step(
                "no-findings",
                "No rows were set aside",
                "Mend in the SIS what the findings name; a bad row keeps its person out.",
                steps.no_findings,
            ),
            _EXPECTED,
            Step(
                "applied",
                "The first run has been looked at and approved",
                "The first run is always held (R9): approve it with its number.",
                steps.first_run_applied,
            ),
            _ENROLLED,
            _DUPLICATES,
            Step(
                "scheduled",
                "Syncs run by themselves",
                "Put `rollbook sync ID` in cron or a systemd timer, after the SIS has exported.",
            ),
        ),
        yearly=False,
    ),
)


def find(name: str) -> Checklist:
    """The checklist of that name. Raises ``NotFound``."""
    for checklist in CHECKLISTS:
        if checklist.name == name:
            return checklist
    raise NotFound(
        f"no checklist {name!r}.", remedy=f"There are {', '.join(c.name for c in CHECKLISTS)}."
    )


def judge_step(step: Step, facts: Facts, ticked: bool) -> Verdict:
    """How a step stands: by its rule where it has one, else as it was ticked."""
    if step.rule is not None:
        return step.rule(facts)
    return Verdict(Standing.DONE, "") if ticked else Verdict(Standing.OPEN, "")
