"""The roll-up: everybody a grade up, seniors gone, and nothing of last year's classes left."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from rollbook.demo.founding import make_district
from rollbook.demo.shape import GRADES, District
from rollbook.demo.years import partly_rolled_up, roll_up

from .wholeness import assert_whole


@pytest.fixture(scope="module")
def district() -> District:
    return make_district(7, "Elk Ridge Schools", schools=6, students=600)


def test_every_student_is_a_grade_up_and_the_top_grade_gone(district: District) -> None:
    after = roll_up(district)
    old = {s.id: s for s in district.students}
    seniors = {s.id for s in district.students if s.grade == "12"}
    assert {i for i in old if i not in {s.id for s in after.students}} == seniors
    for student in after.students:
        if student.id in old:
            assert GRADES.index(student.grade) == GRADES.index(old[student.id].grade) + 1
            assert student.username == old[student.id].username
        else:
            assert student.grade == "KG"
    schools = {s.id: s.grades for s in after.schools}
    assert all(s.grade in schools[s.school_id] for s in after.students)
    assert_whole(after)


def test_each_kindergarten_has_as_many_new_children(district: District) -> None:
    def kindergartens(of: District) -> Counter[str]:
        return Counter(s.school_id for s in of.students if s.grade == "KG")

    assert kindergartens(roll_up(district)) == kindergartens(district)


def test_sessions_classes_and_enrollments_are_all_new(district: District) -> None:
    after = roll_up(district, days_before=10)
    for name in ("sessions", "classes", "enrollments"):
        before_ids = {item.id for item in getattr(district, name)}
        after_ids = {item.id for item in getattr(after, name)}
        assert after_ids
        assert not before_ids & after_ids
    assert {s.school_year for s in after.sessions} == {2027}
    assert after.year_start(2027) == district.first_day + timedelta(days=364)
    assert after.on == after.year_start(2027) - timedelta(days=10)
    enrolled = {e.user_id for e in after.enrollments}
    assert {s.id for s in after.students} <= enrolled


def test_a_school_whose_top_grade_is_the_districts_lets_it_go() -> None:
    small = make_district(4, "Harlow Schools", schools=1, students=60)
    after = roll_up(small)
    assert {s.grade for s in after.students} == set(GRADES[:9])
    assert_whole(after)


def test_partly_rolled_up_leaves_the_other_schools_in_last_year(district: District) -> None:
    rolled = [s.name for s in district.schools if "Elementary" in s.name]
    after = partly_rolled_up(district, rolled)
    assert {s.school_year for s in after.sessions} == {2026, 2027}
    for school in after.schools:
        assert school.school_year == (2027 if school.name in rolled else 2026)
    old = {s.id: s for s in district.students}
    stayed = {s.id for s in district.schools if s.name not in rolled}
    for student in after.students:
        if student.id in old and old[student.id].school_id in stayed:
            assert student == old[student.id]
    classes = {c.id for c in district.classes if c.school_id in stayed}
    assert classes == {c.id for c in after.classes if c.school_id in stayed}
    assert_whole(after)


def test_by_default_the_first_half_of_the_schools_is_rolled_up(district: District) -> None:
    after = partly_rolled_up(district)
    assert [s.school_year for s in after.schools] == [2027] * 3 + [2026] * 3


@pytest.mark.parametrize("first", ["Elementary", "High", "Middle"])
def test_the_rest_catches_up_and_nobody_is_promoted_twice(district: District, first: str) -> None:
    part = partly_rolled_up(district, [s.name for s in district.schools if first in s.name])
    after = roll_up(part)
    assert {s.school_year for s in after.sessions} == {2027}
    grades = {s.id: s.grade for s in roll_up(district).students if s.grade != "KG"}
    assert {s.id: s.grade for s in after.students if s.grade != "KG"} == grades
    enrolled = {e.user_id for e in after.enrollments}
    assert {s.id for s in after.students} <= enrolled
    assert_whole(after)
