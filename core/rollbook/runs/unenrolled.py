"""Which schools a changeset leaves with students of whom none is in a class, in or near a term."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.changes.positions import places_of
from rollbook.changes.shapes import Trait
from rollbook.directory.enrolled import student_seats
from rollbook.holds.unenrolled import Unenrolled
from rollbook.roster.changes import Verb
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kinds import Kind
from rollbook.roster.records import text
from rollbook.roster.sessions import Session, session
from rollbook.runs.school_year import sessions_of

NEAR = timedelta(days=14)
"""How long before a term students should be in its classes (C5)."""

CODE = "no-enrollments"


def unenrolled_in(
    connection: Connection, district: str, changeset: Changeset, today: date
) -> tuple[Unenrolled, ...]:
    """The schools, in order. Nothing is asked where there are more enrollments than students."""
    suspects = {
        school: students
        for school, students in changeset.students_by_school.items()
        if students and _seats(changeset, school) < students
    }
    term = _term(connection, district, changeset, today) if suspects else None
    if term is None:
        return ()
    seats = student_seats(connection, district, suspects)
    found: list[Unenrolled] = []
    for school, students in sorted(suspects.items()):
        had = seats.get(school, 0)
        gone, come = _turnover(changeset, school, had)
        if had - gone + come <= 0:
            found.append(Unenrolled(school, students, gone, term.title, term.starts))
    return tuple(found)


def told(found: Unenrolled, names: Mapping[str, str], today: date) -> Finding:
    """What a run says of such a school."""
    words = found.words(today, names.get(found.school, found.school))
    return Finding(
        Severity.WARNING,
        CODE,
        f"{words[0].upper()}{words[1:]}.",
        "Ask whether the SIS has scheduled them; accounts and classes are not ready before.",
        kind=Kind.ENROLLMENT,
        record_id=found.school,
    )


def _seats(changeset: Changeset, school: str) -> int:
    """The enrollments that a school will have, those of staff among them."""
    tally = changeset.schools.get(school, {}).get(Kind.ENROLLMENT)
    return tally.incoming + tally.unknown if tally is not None else 0


def _turnover(changeset: Changeset, school: str, had: int) -> tuple[int, int]:
    """Seats of students that go from a school, and that come. Which of those that go are students'
    is looked at only where enough of them go."""
    columns = changeset.changes.columns
    if school not in columns.schools:
        return 0, 0
    here = columns.school == columns.schools.index(school)
    come = here & columns.of(Kind.ENROLLMENT, Verb.ADD) & ~columns.has(Trait.STAFF)
    gone = places_of(here & columns.of(Kind.ENROLLMENT, Verb.REMOVE))
    if not had or len(gone) < had:
        return 0, int(np.count_nonzero(come))
    students = sum(
        text(change.before or {}, "role") == "student" for change in changeset.changes.at(gone)
    )
    return students, int(np.count_nonzero(come))


def _term(
    connection: Connection, district: str, changeset: Changeset, today: date
) -> Session | None:
    """The term that began last, or begins soon; summer's are none."""
    changes = changeset.changes
    sessions = sessions_of(connection, district)
    for change in changes.at(changes.columns.places[Kind.ACADEMIC_SESSION, Verb.ADD]):
        if (new := session(change.id, change.after or {})) is not None:
            sessions.append(new)
    near = [
        one for one in sessions if not one.is_summer and one.starts - NEAR <= today <= one.last_day
    ]
    return max(near, key=lambda one: (one.starts, one.id), default=None)
