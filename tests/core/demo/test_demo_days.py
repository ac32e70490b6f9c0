"""What a day changes, and what a bad export leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rollbook.demo.days import drop_students, next_day
from rollbook.demo.founding import make_district
from rollbook.demo.shape import ELEMENTARY, District

from .wholeness import assert_whole


@pytest.fixture(scope="module")
def district() -> District:
    return make_district(7, "Elk Ridge Schools", schools=6, students=600)


def changed(before: District, after: District) -> set[str]:
    """The ids of students who are in both and not alike."""
    old = {s.id: s for s in before.students}
    return {s.id for s in after.students if s.id in old and s != old[s.id]}


def test_a_quiet_day_changes_the_date_alone(district: District) -> None:
    after = next_day(district, arrivals=0, moves=0, class_changes=0, edits=0)
    assert after == replace(district, on=district.on + timedelta(days=1), step=district.step + 1)


def test_arrivals_come_with_guardians_and_classes(district: District) -> None:
    after = next_day(district, arrivals=5, moves=0, class_changes=0, edits=0)
    known = {s.id for s in district.students}
    new = [s for s in after.students if s.id not in known]
    assert len(new) == 5
    assert len(after.guardians) > len(district.guardians)
    for student in new:
        mine = [e for e in after.enrollments if e.user_id == student.id]
        assert len(mine) == (4 if student.grade in ELEMENTARY else 8)
        assert min(e.begin for e in mine) == after.on
    assert_whole(after)


def test_who_moves_takes_the_grade_along_and_leaves_the_classes(district: District) -> None:
    after = next_day(district, days=3, arrivals=0, moves=12, class_changes=0, edits=0)
    moved = changed(district, after)
    assert len(moved) == 12
    schools = {s.id: s.school_id for s in district.students}
    for student in after.students:
        if student.id in moved:
            assert student.school_id != schools[student.id]
            mine = [e for e in after.enrollments if e.user_id == student.id]
            assert mine
            assert all(e.school_id == student.school_id for e in mine)
    homes = {g.id: g.school_ids for g in after.guardians}
    assert all(s.school_id in homes[g] for s in after.students for g in s.guardian_ids)
    assert after.on == district.on + timedelta(days=3)
    assert_whole(after)


def test_who_leaves_takes_everything_along(district: District) -> None:
    after = next_day(district, arrivals=0, moves=0, leavers=20, class_changes=0, edits=0)
    assert len(after.students) == 580
    assert len(after.guardians) < len(district.guardians)
    assert_whole(after)


def test_a_class_change_swaps_one_class_for_another(district: District) -> None:
    after = next_day(district, arrivals=0, moves=0, class_changes=10, edits=0)
    before_ids = {e.id for e in district.enrollments}
    new = [e for e in after.enrollments if e.id not in before_ids]
    gone = len(before_ids - {e.id for e in after.enrollments})
    assert 0 < len(new) == gone <= 10
    periods = {c.id: c.period for c in after.classes}
    for enrollment in new:
        mine = [e for e in after.enrollments if e.user_id == enrollment.user_id]
        if len(mine) == 8:
            assert sorted(periods[e.class_id] for e in mine) == list("12345678")
    assert_whole(after)


def test_edits_touch_addresses_and_telephone_numbers(district: District) -> None:
    after = next_day(district, arrivals=0, moves=0, class_changes=0, edits=6)
    pairs = [(a, b) for a, b in zip(district.guardians, after.guardians, strict=True) if a != b]
    assert len(pairs) == 6
    assert sum(a.email != b.email for a, b in pairs) == 4
    assert sum(a.phone != b.phone for a, b in pairs) == 2


def test_two_days_in_a_row_are_not_the_same_day(district: District) -> None:
    one = next_day(district)
    two = next_day(one)
    new_one = {s.id for s in one.students} - {s.id for s in district.students}
    new_two = {s.id for s in two.students} - {s.id for s in one.students}
    assert len(new_one) == len(new_two) == 3
    assert len(changed(district, one)) == len(changed(one, two)) == 2
    assert changed(district, one) != changed(one, two)
    assert_whole(two)


def test_dropped_students_are_of_one_school_and_leave_no_rows(district: District) -> None:
    school = district.schools[1]
    before = list(district.students_of(school.id))
    after = drop_students(district, school.name, 0.2)
    gone = {s.id for s in district.students} - {s.id for s in after.students}
    assert len(gone) == round(len(before) * 0.2)
    assert gone <= {s.id for s in before}
    assert not [e for e in after.enrollments if e.user_id in gone]
    assert after.guardians == district.guardians
    assert_whole(after)
    assert drop_students(district, school.id, 0.2) == after


def test_newer_students_are_not_among_the_dropped(district: District) -> None:
    today = next_day(district, arrivals=60, moves=0)
    known = {s.id for s in district.students}
    for school in district.schools:
        after = drop_students(today, school.id, 0.5, known=district)
        gone = {s.id for s in today.students} - {s.id for s in after.students}
        assert gone <= known
        assert len(gone) == round(len(list(district.students_of(school.id))) / 2)


def test_an_unknown_school_is_an_error(district: District) -> None:
    with pytest.raises(KeyError):
        drop_students(district, "Hogwarts", 0.2)


def test_nobody_moves_where_there_is_one_school_of_each_grade() -> None:
    small = make_district(4, "Harlow Schools", schools=1, students=40)
    after = next_day(small, arrivals=0, moves=5, class_changes=0, edits=0)
    assert after.students == small.students
