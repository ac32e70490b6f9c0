"""Children entered twice, and the twins and couples who were not."""

from __future__ import annotations

from collections import Counter

import pytest

from rollbook.demo.doubles import doubled, duplicate_students, twins
from rollbook.demo.founding import make_district
from rollbook.demo.shape import District

from .wholeness import assert_whole


@pytest.fixture(scope="module")
def plain() -> District:
    return make_district(7, "Elk Ridge Schools", schools=3, students=300)


@pytest.fixture(scope="module")
def district(plain: District) -> District:
    return duplicate_students(plain, 3)


def test_a_plain_district_has_none(plain: District) -> None:
    assert doubled(plain) == []
    assert twins(plain) == []


def test_a_double_is_the_same_child_under_other_ids(district: District) -> None:
    students = {s.id: s for s in district.students}
    pairs = doubled(district)
    assert len(pairs) == 3
    for first, second in ((students[a], students[b]) for a, b in pairs):
        for field in ("given", "family", "birth_date", "grade", "school_id"):
            assert getattr(first, field) == getattr(second, field)
        for field in ("id", "number", "username"):
            assert getattr(first, field) != getattr(second, field)
        assert not second.guardian_ids
        classes = {e.class_id for e in district.enrollments if e.user_id == first.id}
        own = {e.class_id for e in district.enrollments if e.user_id == second.id}
        assert len(own) == 3
        assert own <= classes
    assert_whole(district)


def test_there_is_one_pair_of_twins(plain: District, district: District) -> None:
    students = {s.id: s for s in district.students}
    ((first, second),) = twins(district)
    one, other = students[first], students[second]
    assert (one.birth_date, one.family, one.grade) == (other.birth_date, other.family, other.grade)
    assert one.given != other.given
    assert (first, second) not in doubled(district)
    assert len(district.students) == len(plain.students) + 3 + 1


def test_one_couple_shares_an_address(plain: District, district: District) -> None:
    before = Counter(g.email for g in plain.guardians if g.email)
    after = Counter(g.email for g in district.guardians if g.email)
    assert max(before.values()) == 1
    shared = [email for email, count in after.items() if count == 2]
    assert len(shared) == 1
    couple = {g.id for g in district.guardians if g.email == shared[0]}
    assert any(couple == set(s.guardian_ids) for s in district.students)
