"""The turn of the school year, as the student information system does it: the roll-up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from rollbook.demo.calendar import open_year
from rollbook.demo.draft import Draft
from rollbook.demo.families import add_families
from rollbook.demo.shape import GRADES, District, School, Student
from rollbook.demo.timetable import enroll_like_classmates, schedule


def roll_up(district: District, *, days_before: int = 14) -> District:
    """The district as it stands ``days_before`` the first day of its next school year.

    Every student is a grade up and, after a school's last grade, at the next school; who has
    finished the top grade is gone, with guardians who have no other child here; each
    kindergarten has as many new children as before; sessions, classes and enrollments are all
    new. In a district that is partly rolled up the schools that lag behind catch up.
    """
    return _roll(district, [school.id for school in district.schools], days_before)


def partly_rolled_up(
    district: District, schools: Sequence[str] | None = None, *, days_before: int = 14
) -> District:
    """As ``roll_up``, but only for some ``schools`` (ids or names; by default the first half).

    The other schools keep last year's grades, classes and sessions. Who comes from a school that
    was rolled up into one that was not is there already, and has no classes.
    """
    if schools is None:
        schools = [school.id for school in district.schools[: (len(district.schools) + 1) // 2]]
    return _roll(district, [district.school(school).id for school in schools], days_before)


def _roll(district: District, school_ids: Sequence[str], days_before: int) -> District:
    draft = Draft(district, "roll-up")
    year = min(school.school_year for school in district.schools) + 1
    rolling = [s for s in school_ids if draft.schools[s].school_year < year]
    draft.on = district.year_start(year) - timedelta(days=days_before)
    kindergartens = {
        s: sum(student.grade == "KG" for student in district.students_of(s)) for s in rolling
    }
    _clear_classes(draft, set(rolling))
    for school_id in rolling:
        draft.schools[school_id] = replace(draft.schools[school_id], school_year=year)
    late = _promote(draft, set(rolling), year)
    for school_id, children in kindergartens.items():
        add_families(draft, [(school_id, "KG")] * children, year)
    for school_id in dict.fromkeys([*rolling, *(student.school_id for student in late)]):
        schedule(draft, school_id, year)
    enroll_like_classmates(draft, late)
    _clear_sessions(draft)
    draft.settle_guardians()
    return draft.finish()


def _clear_classes(draft: Draft, school_ids: Collection[str]) -> None:
    draft.classes = {i: c for i, c in draft.classes.items() if c.school_id not in school_ids}
    draft.enrollments = {i: e for i, e in draft.enrollments.items() if e.class_id in draft.classes}


def _promote(draft: Draft, rolling: Collection[str], year: int) -> list[Student]:
    """Move the students of these schools up; those who now sit where the year had begun before."""
    late: list[Student] = []
    for student in list(draft.students.values()):
        if student.school_id not in rolling or student.school_year >= year:
            continue
        school = _school_after(draft, student)
        if school is None:
            del draft.students[student.id]
            continue
        promoted = replace(
            student,
            grade=GRADES[GRADES.index(student.grade) + 1],
            school_id=school.id,
            school_year=year,
        )
        draft.students[student.id] = promoted
        if school.id not in rolling and school.school_year == year:
            late.append(promoted)
    return late


def _school_after(draft: Draft, student: Student) -> School | None:
    """Where a student goes next year: the same school while it has the grade, else the next one."""
    if student.grade == GRADES[-1]:
        return None
    grade = GRADES[GRADES.index(student.grade) + 1]
    here = draft.schools[student.school_id]
    if grade in here.grades:
        return here
    follow = [school for school in draft.schools.values() if grade in school.grades]
    if not follow:
        return None
    same = [school for school in draft.schools.values() if student.grade in school.grades]
    return follow[same.index(here) * len(follow) // len(same)]


def _clear_sessions(draft: Draft) -> None:
    """Keep the sessions of the years that a school still has classes in."""
    years = {school.school_year for school in draft.schools.values()}
    draft.sessions = {i: s for i, s in draft.sessions.items() if s.school_year in years}
    for year in years:
        open_year(draft, year)
