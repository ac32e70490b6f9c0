"""The generator's facts: counts, ages, timetables, names, and that chance is only the seed's."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import fields
from datetime import date

import pytest

from rollbook.demo.days import next_day
from rollbook.demo.doubles import duplicate_students
from rollbook.demo.draft import latin
from rollbook.demo.founding import make_district
from rollbook.demo.shape import ELEMENTARY, GRADES, MIDDLE, District
from rollbook.demo.years import roll_up

from .wholeness import assert_whole


@pytest.fixture(scope="module")
def northfield() -> District:
    return make_district(7, "Northfield Public Schools", schools=6, students=1500)


def test_has_exactly_the_students_and_schools_asked_for(northfield: District) -> None:
    assert len(northfield.students) == 1500
    assert len(northfield.schools) == 6
    assert {s.grade for s in northfield.students} == set(GRADES)
    assert all(len(list(northfield.students_of(s.id))) > 50 for s in northfield.schools)


@pytest.mark.parametrize(("schools", "students"), [(1, 1), (1, 60), (2, 140), (3, 13), (12, 900)])
def test_small_and_odd_sizes_come_out_exact(schools: int, students: int) -> None:
    district = make_district(3, "Elk Ridge Schools", schools=schools, students=students)
    assert (len(district.schools), len(district.students)) == (schools, students)
    by_school = {s.id: s.grades for s in district.schools}
    assert all(s.grade in by_school[s.school_id] for s in district.students)


def test_refuses_an_empty_district() -> None:
    with pytest.raises(ValueError, match="at least one"):
        make_district(1, "Nowhere Schools", schools=1, students=0)


def test_every_id_is_given_once_and_every_reference_is_there(northfield: District) -> None:
    assert_whole(northfield)


def test_timetables_fit_the_grade_and_put_nobody_in_two_rooms_at_once(
    northfield: District,
) -> None:
    classes = {c.id: c for c in northfield.classes}
    taken = defaultdict(list)
    for enrollment in northfield.enrollments:
        taken[enrollment.user_id].append(classes[enrollment.class_id])
    for student in northfield.students:
        held = taken[student.id]
        assert all(c.school_id == student.school_id for c in held)
        assert all(student.grade in c.grades for c in held)
        if student.grade in ELEMENTARY:
            assert sorted(c.type for c in held) == ["homeroom"] + ["scheduled"] * 3
        else:
            assert sorted(c.period for c in held) == list("12345678")
    homerooms = Counter(c.id for held in taken.values() for c in held if c.type == "homeroom")
    assert max(homerooms.values()) <= 23


def test_every_class_has_one_teacher_of_its_school(northfield: District) -> None:
    staff = {m.id: m for m in northfield.staff}
    teachers = Counter(e.class_id for e in northfield.enrollments if e.role == "teacher")
    assert teachers == Counter({c.id: 1 for c in northfield.classes})
    for enrollment in northfield.enrollments:
        if enrollment.role == "teacher":
            assert staff[enrollment.user_id].school_id == enrollment.school_id
    for school in northfield.schools:
        offices = sorted(m.role for m in northfield.staff if m.school_id == school.id)
        assert offices[:2] == ["counselor", "principal"]
        assert set(offices[2:]) == {"teacher"}


def test_birth_dates_fit_the_grades(northfield: District) -> None:
    for student in northfield.students:
        born = student.birth_date
        birthday_passed = (born.month, born.day) <= (8, 18)
        age = 2025 - born.year - (0 if birthday_passed else 1)
        assert age - GRADES.index(student.grade) in (5, 6)


def test_brothers_and_sisters_share_guardians_and_are_in_different_grades(
    northfield: District,
) -> None:
    families = defaultdict(list)
    for student in northfield.students:
        assert 1 <= len(student.guardian_ids) <= 2
        families[student.guardian_ids].append(student)
    sizes = Counter(len(children) for children in families.values())
    assert set(sizes) == {1, 2, 3}
    assert sizes[2] > 100
    for children in families.values():
        assert len({c.grade for c in children}) == len(children)
        assert len({c.family for c in children}) == 1
    assert len(northfield.guardians) == len({g for f in families for g in f})


def test_no_two_students_have_the_same_name_and_birth_date(northfield: District) -> None:
    names = Counter((s.given, s.family, s.birth_date) for s in northfield.students)
    assert max(names.values()) == 1


def test_names_are_of_several_kinds(northfield: District) -> None:
    names = [f"{s.given} {s.family}" for s in northfield.students]
    assert sum("-" in name for name in names) > 20
    assert sum("'" in name for name in names) > 10
    assert sum(not name.isascii() for name in names) > 60
    other_scripts = sum(not latin(s.family) for s in northfield.students)
    assert 5 < other_scripts < 75


def test_addresses_and_telephone_numbers_are_nobodys(northfield: District) -> None:
    emails = [p.email for p in northfield.people if p.email]
    assert len(emails) > 2000
    assert all(e.rpartition("@")[2].endswith("example.org") and e.isascii() for e in emails)
    assert all(len(g.phone) == 12 and g.phone[5:10] == "55501" for g in northfield.guardians)


def test_the_year_has_its_sessions_in_order(northfield: District) -> None:
    kinds = Counter(s.type for s in northfield.sessions)
    assert kinds == {"schoolYear": 1, "semester": 2, "gradingPeriod": 4}
    assert {s.school_year for s in northfield.sessions} == {2026}
    by_id = {s.id: s for s in northfield.sessions}
    for session in northfield.sessions:
        assert session.start < session.end
        if session.parent_id:
            parent = by_id[session.parent_id]
            assert parent.start <= session.start < session.end <= parent.end


def test_first_day_moves_the_whole_calendar() -> None:
    district = make_district(
        7, "Southgate ISD", schools=1, students=30, first_day=date(2026, 1, 19)
    )
    assert {s.school_year for s in district.sessions} == {2026}
    assert min(s.start for s in district.sessions) == date(2026, 1, 19)
    assert all(s.grade in (*ELEMENTARY, *MIDDLE) for s in district.students)


def test_the_seed_decides(northfield: District) -> None:
    again = make_district(7, "Northfield Public Schools", schools=6, students=1500)
    other = make_district(8, "Northfield Public Schools", schools=6, students=1500)
    assert again == northfield
    for field in fields(District):
        if field.name in ("students", "guardians", "staff", "enrollments", "org_id"):
            assert getattr(other, field.name) != getattr(northfield, field.name)


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_makes_the_same_bytes(hash_seed: str, northfield: District) -> None:
    program = (
        "import hashlib, sys;"
        "from rollbook.demo.founding import make_district;"
        "from rollbook.demo.days import next_day;"
        "from rollbook.demo.years import roll_up;"
        "from rollbook.demo.doubles import duplicate_students;"
        "d = make_district(5, 'Elk Ridge Schools', schools=3, students=200);"
        "d = duplicate_students(roll_up(next_day(d)), 2);"
        "sys.stdout.write(hashlib.sha256(repr(d).encode()).hexdigest())"
    )
    env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
    )
    here = make_district(5, "Elk Ridge Schools", schools=3, students=200)
    here = duplicate_students(roll_up(next_day(here)), 2)
    assert done.stdout == hashlib.sha256(repr(here).encode()).hexdigest()


def test_mimesis_is_loaded_only_when_names_are_made() -> None:
    program = "import rollbook.demo.founding, sys; print('mimesis' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
