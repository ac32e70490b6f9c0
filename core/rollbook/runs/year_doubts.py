"""What C3 has to know: asked only where grades or sessions change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from rollbook.changes.afterwards import afterwards
from rollbook.changes.changeset import Changeset, Tally
from rollbook.changes.positions import Mask, places_of
from rollbook.changes.sequence import Changes
from rollbook.config.district import District
from rollbook.directory import grade_memory
from rollbook.directory.records import load_kind
from rollbook.holds.judgement import YearDoubt
from rollbook.rollover.doubts import grade_doubts, session_doubts
from rollbook.rollover.grade_year import first_year
from rollbook.rollover.roll_up import detect
from rollbook.rollover.school_years import SchoolYears
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values
from rollbook.roster.sessions import Session, session
from rollbook.runs.incoming_grades import incoming_grades
from rollbook.runs.school_year import school_years


def year_doubts(
    connection: Connection,
    district: District,
    changeset: Changeset,
    active: Mask,
    today: date,
    names: Mapping[str, str],
) -> tuple[YearDoubt, ...]:
    """The doubts about the grades and the sessions of a changeset's active changes."""
    of_grades = _of_grades(connection, district, changeset, active, today, names)
    return (*of_grades, *_of_sessions(connection, district, changeset.changes, active, today))


def _of_grades(
    connection: Connection,
    district: District,
    changeset: Changeset,
    active: Mask,
    today: date,
    names: Mapping[str, str],
) -> list[YearDoubt]:
    incoming = incoming_grades(connection, district.id, changeset.changes, active)
    if incoming is None:
        return []
    years = school_years(connection, district)
    kept = grade_memory.year_of(connection, district.id)
    ladder = district.grades.ladder
    found = grade_doubts(
        detect(incoming.before, ladder),
        detect(incoming.after, ladder),
        {school: len(places) for school, places in incoming.updates.items()},
        years.dates(kept.school_year if kept is not None else first_year(years, today)),
        today,
        names,
        [school for school in incoming.updates if _stay_seated(changeset.schools.get(school, {}))],
    )
    return [
        YearDoubt(
            doubt.title,
            doubt.why,
            doubt.cause,
            Kind.USER,
            incoming.of(doubt.schools),
            doubt.schools,
        )
        for doubt in found
    ]


def _stay_seated(tallies: Mapping[Kind, Tally]) -> bool:
    """Whether more seats of a school stay than go."""
    seats = tallies.get(Kind.ENROLLMENT, Tally())
    return seats.remove * 2 < seats.before


def _of_sessions(
    connection: Connection, district: District, changes: Changes, active: Mask, today: date
) -> list[YearDoubt]:
    places = places_of(changes.columns.of(Kind.ACADEMIC_SESSION) & active)
    if not len(places):
        return []
    held = load_kind(connection, district.id, Kind.ACADEMIC_SESSION)
    before = {record_id: record.values for record_id, record in held.items()}
    known = _sessions(before)
    coming = _sessions(afterwards(before, changes.at(places)))
    years = SchoolYears.of(district.calendar, known)
    return [
        YearDoubt(doubt.title, doubt.why, doubt.cause, Kind.ACADEMIC_SESSION, places)
        for doubt in session_doubts(known, coming, years, today)
    ]


def _sessions(records: Mapping[str, Values]) -> list[Session]:
    found = (session(record_id, values) for record_id, values in records.items())
    return [one for one in found if one is not None]
