"""Which facts about students a pause keeps back, and how they are spoken of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from sqlalchemy import Connection

from rollbook.directory import lookups, student_facts
from rollbook.directory.pauses import PauseRow
from rollbook.directory.runs import RunRow
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.runs.pauses import keeps_back

_AT_ONCE = 1_000


def resting_facts(connection: Connection, run: RunRow, pauses: Sequence[PauseRow]) -> set[int]:
    """The facts that a run is still to tell and one of ``pauses`` keeps back, by their numbers.

    They rest with the demographics of their students: those, too, are known of somebody.
    """
    found: set[int] = set()
    rows = student_facts.of_run(connection, run.id, applied=False) if pauses else iter(())
    while batch := list(islice(rows, _AT_ONCE)):
        people = {row.student_id for row in batch}
        schools = lookups.named(connection, run.district, Kind.USER, people, ("primary_org_id",))
        for row in batch:
            (school,) = schools.get(row.student_id, (None,))
            verb = Verb.UPDATE if row.before else Verb.ADD
            as_if = Change(Kind.DEMOGRAPHICS, verb, row.student_id, None, {}, school=school)
            if any(keeps_back(pause, as_if) for pause in pauses):
                found.add(row.seq)
    return found


def students_told(students: int) -> str:
    """``what is known of 12 students is brought up to date``."""
    who = "a student" if students == 1 else f"{students:,} students"
    return f"what is known of {who} is brought up to date"
