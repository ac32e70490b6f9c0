"""Keeping in mind which school year a district's grades are of, while runs are applied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.directory import grade_memory, runs
from rollbook.directory.apply import generation_of
from rollbook.directory.enrolled import schools_enrolled, schools_with_students
from rollbook.directory.grade_memory import GradeYear
from rollbook.directory.records import load_kind
from rollbook.rollover.grade_year import (
    CORRECTED_AFTER,
    YearOfGrades,
    first_year,
    turns_over_to,
)
from rollbook.rollover.roll_up import RollUp, RollUpState, detect
from rollbook.rollover.school_years import SETTLED_AFTER, SchoolYears
from rollbook.roster.kinds import Kind
from rollbook.roster.sessions import Session, session
from rollbook.runs.pauses import local_date


def sessions_of(connection: Connection, district: str) -> list[Session]:
    """The academic sessions that the directory holds, those without dates left out."""
    records = load_kind(connection, district, Kind.ACADEMIC_SESSION)
    found = (session(record_id, record.values) for record_id, record in records.items())
    return [one for one in found if one is not None]


def school_years(connection: Connection, district: District) -> SchoolYears:
    """The district's school years, by its calendar and its sessions."""
    return SchoolYears.of(district.calendar, sessions_of(connection, district.id))


def year_of_grades(connection: Connection, district: District, today: date) -> YearOfGrades:
    """Of which school year the grades in the directory are, school by school."""
    kept = grade_memory.year_of(connection, district.id)
    if kept is None:
        return YearOfGrades(first_year(school_years(connection, district), today))
    moves = grade_memory.moves_of(connection, district.id)
    return YearOfGrades.seen(kept.school_year, detect(moves, district.grades.ladder))


def settle_before(connection: Connection, district: District, today: date) -> GradeYear | None:
    """Bring the memory up to the directory as the last run left it, before a run is applied.

    Returns what is remembered then; ``None`` before the first run.
    """
    kept = grade_memory.year_of(connection, district.id)
    if kept is None:
        if not generation_of(connection, district.id):
            return None
        return _begun(connection, district, _last_written(connection, district, today))
    years = school_years(connection, district)
    if kept.seen < min(kept.since + CORRECTED_AFTER, years.dates(kept.school_year + 1).first_day):
        return kept
    moves = grade_memory.moves_of(connection, district.id)
    year = turns_over_to(kept, years, detect(moves, district.grades.ladder))
    if year is None:
        return kept
    grade_memory.turn_over(connection, district.id, year, kept.seen)
    return grade_memory.year_of(connection, district.id)


def settle_after(
    connection: Connection, district: District, today: date, kept: GradeYear | None
) -> None:
    """Note what a run that was applied has done to the year; ``kept`` is what was remembered
    before it."""
    if kept is None:
        kept = _begun(connection, district, today)
    sessions = sessions_of(connection, district.id)
    years = SchoolYears.of(district.calendar, sessions)
    dates, following = years.dates(kept.school_year), years.dates(kept.school_year + 1)
    kept = kept._replace(seen=today, sessions=years.sessions)
    if kept.rolled_up is not None or today >= dates.roll_up_from:
        roll_up = detect(grade_memory.moves_of(connection, district.id), district.grades.ladder)
        done = roll_up.state is RollUpState.DONE
        kept = kept._replace(
            roll_up=roll_up.state,
            lagging=lagging(roll_up),
            rolled_up=(kept.rolled_up or today) if done else None,
        )
    coming = following if kept.rolled_up is not None else dates
    if coming.first_day > kept.since and today < coming.first_day + SETTLED_AFTER:
        missing = unenrolled(connection, district.id, sessions, coming.school_year)
        kept = kept._replace(unenrolled=missing)
    grade_memory.note(connection, district.id, kept)


def lagging(roll_up: RollUp) -> tuple[str, ...]:
    """The schools that keep a roll-up that has begun from being done."""
    if roll_up.state is RollUpState.PARTLY:
        through = (RollUpState.DONE, RollUpState.UNKNOWN)
        return tuple(s.school for s in roll_up.schools if s.state not in through)
    if roll_up.state in (RollUpState.TWICE, RollUpState.BACK):
        return tuple(s.school for s in roll_up.schools if s.state is roll_up.state)
    return ()


def unenrolled(
    connection: Connection, district: str, sessions: Sequence[Session], school_year: int
) -> tuple[str, ...]:
    """The schools with students of whom none is in a class of a school year, by id; a source
    without sessions cannot say of which year a class is."""
    terms = {session.id for session in sessions if session.school_year == school_year}
    enrolled = schools_enrolled(connection, district, terms if sessions else None)
    return tuple(sorted(schools_with_students(connection, district) - enrolled))


def _begun(connection: Connection, district: District, today: date) -> GradeYear:
    year = first_year(school_years(connection, district), today)
    grade_memory.begin(connection, district.id, year, today)
    kept = grade_memory.year_of(connection, district.id)
    assert kept is not None
    return kept


def _last_written(connection: Connection, district: District, today: date) -> date:
    last = runs.last_applied_sync(connection, district.id)
    return local_date(last.created_at, district.timezone) if last is not None else today
