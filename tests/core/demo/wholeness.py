"""What holds for every generated district."""

from __future__ import annotations

from rollbook.demo.shape import District


def assert_whole(district: District) -> None:
    """Ids and user names are unique and nothing refers to what is not there."""
    schools = {s.id for s in district.schools}
    sessions = {s.id for s in district.sessions}
    courses = {c.id for c in district.courses}
    classes = {c.id for c in district.classes}
    guardians = {g.id for g in district.guardians}
    people = district.people
    users = {person.id for person in people}
    assert len(users) == len(people) == len({person.username for person in people})
    assert len({e.id for e in district.enrollments}) == len(district.enrollments)
    assert all(e.class_id in classes and e.user_id in users for e in district.enrollments)
    assert all(e.school_id in schools for e in district.enrollments)
    assert all(c.course_id in courses and c.school_id in schools for c in district.classes)
    assert all(c.term_ids and set(c.term_ids) <= sessions for c in district.classes)
    assert all(s.parent_id in sessions | {""} for s in district.sessions)
    assert all(set(s.guardian_ids) <= guardians for s in district.students)
    assert all(s.school_id in schools for s in district.students)
    assert all(g.school_ids and set(g.school_ids) <= schools for g in district.guardians)
