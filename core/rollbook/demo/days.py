"""What happens in a district from one day to the next, and what should not happen."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import chain

from rollbook.demo.draft import Draft, latin
from rollbook.demo.families import Seat, add_families, phone_number
from rollbook.demo.shape import District, Enrollment, Student
from rollbook.demo.timetable import enroll_like_classmates


def next_day(
    district: District,
    *,
    days: int = 1,
    arrivals: int = 3,
    moves: int = 2,
    leavers: int = 0,
    class_changes: int = 4,
    edits: int = 3,
) -> District:
    """The district ``days`` later, after that many of each event (fewer where there is nobody).

    Arrivals come with guardians and enrollments; who moves goes to another school that has the
    grade; who leaves takes enrollments, links and demographics along; a class change swaps a
    class for another of the same kind in the same period; edits are new e-mail addresses and
    telephone numbers.
    """
    draft = Draft(district, "day")
    draft.on += timedelta(days=days)
    for student in _some(draft, leavers):
        _leave(draft, student)
    for student in _some(draft, moves, movable=True):
        _move(draft, student)
    for student in _some(draft, class_changes):
        _change_class(draft, student)
    _arrive(draft, arrivals)
    _edit_contacts(draft, edits)
    draft.settle_guardians()
    return draft.finish()


def drop_students(
    district: District, school: str, share: float, *, known: District | None = None
) -> District:
    """The same day with ``share`` (0 to 1) of a school's students missing, as a bad export has it.

    ``school`` is an id or a name. Their enrollments, demographics and guardian links are missing
    too; the guardians themselves are still there. With ``known``, the district of an earlier
    day, the share is of the students that the school had then, and newer ones are all there.
    """
    draft = Draft(district, "drop")
    school_id = district.school(school).id
    students = [s.id for s in (known or district).students_of(school_id) if s.id in draft.students]
    gone = set(draft.chance.sample(students, round(len(students) * share)))
    draft.students = {i: s for i, s in draft.students.items() if i not in gone}
    draft.withdraw([e for e in district.enrollments if e.user_id in gone])
    return draft.finish()


def _some(draft: Draft, count: int, *, movable: bool = False) -> list[Student]:
    """Some students; ``movable`` ones have another school of their grade to go to."""
    schools = Counter(grade for school in draft.schools.values() for grade in school.grades)
    least = 2 if movable else 1
    students = [s for s in draft.students.values() if schools[s.grade] >= least]
    return draft.chance.sample(students, min(count, len(students)))


def _leave(draft: Draft, student: Student) -> None:
    del draft.students[student.id]
    draft.withdraw(draft.enrollments_by_user().get(student.id, ()))


def _move(draft: Draft, student: Student) -> None:
    others = [
        school.id
        for school in draft.schools.values()
        if student.grade in school.grades and school.id != student.school_id
    ]
    moved = replace(student, school_id=draft.chance.choice(others))
    draft.withdraw(draft.enrollments_by_user().get(student.id, ()))
    draft.students[student.id] = moved
    enroll_like_classmates(draft, [moved])


def _change_class(draft: Draft, student: Student) -> None:
    """Swap one class for another of the same school, grade, period, type and terms."""
    users = draft.enrollments_by_user()
    swaps: list[tuple[Enrollment, str]] = []
    for enrollment in users.get(student.id, ()):
        held = draft.classes[enrollment.class_id]
        if held.type == "homeroom":
            continue
        swaps += (
            (enrollment, other.id)
            for other in draft.classes.values()
            if other.id != held.id
            and (other.school_id, other.grades, other.period, other.term_ids)
            == (held.school_id, held.grades, held.period, held.term_ids)
            and (held.period != "1" or other.course_id == held.course_id)
            and all(e.class_id != other.id for e in users[student.id])
        )
    if swaps:
        enrollment, class_id = draft.chance.choice(swaps)
        draft.withdraw([enrollment])
        draft.enroll(class_id, student.id, late=True)


def _arrive(draft: Draft, count: int) -> None:
    """New students at schools and grades where others are already."""
    seats: list[Seat] = [(student.school_id, student.grade) for student in _some(draft, count)]
    years = {school.id: school.school_year for school in draft.schools.values()}
    arrived = [add_families(draft, [seat], years[seat[0]]) for seat in seats]
    enroll_like_classmates(draft, chain.from_iterable(arrived))


def _edit_contacts(draft: Draft, count: int) -> None:
    guardians = list(draft.guardians.values())
    for number, guardian in enumerate(draft.chance.sample(guardians, min(count, len(guardians)))):
        if number % 3 == 2:
            edited = replace(guardian, phone=phone_number(draft.chance))
        else:
            name = latin(guardian.family) or "family"
            edited = replace(guardian, email=f"{name}{draft.next_number()}@example.org")
        draft.guardians[guardian.id] = edited
