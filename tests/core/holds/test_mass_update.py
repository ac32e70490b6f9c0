"""R5: too much of a kind changes at once, in any field, in a key field, or to blank."""

from dataclasses import replace

import pytest

from core.small_sis import SmallSis, small_sis
from rollbook.changes.changeset import Changeset
from rollbook.holds.judgement import Raised
from rollbook.holds.rules import judge
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup

from .cases import Reader, case, compared, raised


def changed(reading: Reader, count: int, **cells: str) -> Changeset:
    """The first students get other cells; ``{}`` in one becomes the student's id."""
    before, after = small_sis(), small_sis()
    for student in before.students()[:count]:
        after.users[student] |= {name: cell.format(student) for name, cell in cells.items()}
    return compared(reading, before, after)


def facts(holds: list[Raised]) -> list[tuple[object, ...]]:
    return [(h.rule, h.kind, h.school, h.role, h.count, h.base) for h in holds]


@pytest.mark.parametrize(("count", "held"), [(22, False), (23, True)])
def test_three_quarters_of_a_scope(reading: Reader, count: int, held: bool) -> None:
    """22 of 30 students are 73.3 %."""
    holds = raised(changed(reading, count, phone="5{}"))
    wanted = [("R5", Kind.USER, "s1", RoleGroup.STUDENT, 23, 30)]
    assert facts(holds) == (wanted if held else [])


@pytest.mark.parametrize(("count", "held"), [(5, False), (6, True)])
@pytest.mark.parametrize(
    "cells",
    [
        {"username": "v.{}"},
        {"email": "{}@other.example.org"},
        {"identifier": "other{}"},
        {"familyName": "Ñ{}"},
        {"givenName": "Ñ{}"},
    ],
)
def test_a_fifth_of_a_key_field(
    reading: Reader, cells: dict[str, str], count: int, held: bool
) -> None:
    holds = raised(changed(reading, count, **cells))
    wanted = [("R5", Kind.USER, "s1", RoleGroup.STUDENT, 6, 30)]
    assert facts(holds) == (wanted if held else [])


def test_a_fifth_of_any_other_field_is_nothing(reading: Reader) -> None:
    assert raised(changed(reading, 10, phone="5{}", grades="04")) == []


def test_school_and_role_are_key_fields(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    for student in before.students("s1")[:6]:
        after.users[student] |= {"role": "teacher"}
    holds = raised(compared(reading, before, after), removal_floor=1000)
    assert [h.why for h in holds if "primary role" in h.why] == [
        "6 of 6 (100.0 %) staff of the district would get another primary role; "
        "the limit is 20 %, from 5 up."
    ]
    moved = small_sis()
    for student in before.students("s1")[:6]:
        moved.move_student(student, "s2")
    holds = raised(compared(reading, before, moved), removal_floor=1000)
    assert facts(holds) == [("R5", Kind.USER, "s2", RoleGroup.STUDENT, 6, 30)]


def test_the_role_in_an_enrollment_is_a_key_field(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    for row in list(after.enrollments.values())[3:30]:
        row["role"] = "aide"
    [hold] = raised(compared(reading, before, after))
    assert (hold.rule, hold.kind, hold.verb) == ("R5", Kind.ENROLLMENT, Verb.UPDATE)


def test_the_floor_spares_a_handful(reading: Reader) -> None:
    before = small_sis(schools=1, students=4, classes=0)
    after = before.copy()
    for user in list(before.users)[:4]:
        after.users[user]["email"] = f"{user}@other.example.org"
    changeset = compared(reading, before, after)
    assert raised(changeset) == []
    assert raised(changeset, update_floor=4)


def test_one_cause_is_one_decision(reading: Reader) -> None:
    """The widest scope that trips holds all of it, though each school trips too."""
    [hold] = raised(changed(reading, 60, email="{}@other.example.org"))
    assert (hold.school, hold.role, hold.count, hold.base) == (None, None, 60, 126)
    assert hold.cause.startswith("email changes in 60 of 60")


def test_two_fields_are_not_held_twice(reading: Reader) -> None:
    holds = raised(changed(reading, 8, email="{}@x.org", username="v.{}"))
    assert facts(holds) == [("R5", Kind.USER, "s1", RoleGroup.STUDENT, 8, 30)]


def test_only_the_updates_of_that_field_wait(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    students = before.students("s1")
    for student in students[:6]:
        after.users[student]["email"] = f"{student}@x.org"
    after.users[students[10]]["phone"] = "5"
    after.add_student("s1", "new")
    changeset = compared(reading, before, after)
    [hold] = raised(changeset)
    assert not hold.whole_run
    assert {changeset.changes[p].id for p in hold.positions} == set(students[:6])


def test_disabling_is_counted_as_a_removal_not_as_an_update(reading: Reader) -> None:
    holds = raised(changed(reading, 29, enabledUser="false"))
    assert [hold.rule for hold in holds] == ["R1"]


def test_most_of_it_wants_two_people(reading: Reader) -> None:
    [few] = raised(changed(reading, 14, email="{}@x.org"))
    [most] = raised(changed(reading, 15, email="{}@x.org"))
    assert (few.approvers, most.approvers) == (1, 2)


def test_an_undo_is_no_mass_update(reading: Reader) -> None:
    changeset = changed(reading, 30, email="{}@x.org")
    assert judge(replace(case(changeset), inverse=True)) == []


def with_phones(count: int) -> SmallSis:
    sis = small_sis()
    for student in sis.students()[:count]:
        sis.users[student]["phone"] = f"5{student}"
    return sis


@pytest.mark.parametrize(("left", "held"), [(3, False), (2, True), (0, True)])
def test_a_column_that_vanishes_blanks_its_field(reading: Reader, left: int, held: bool) -> None:
    """Ten of sixty had a number: no share of the scope is reached, but that of the field is."""
    changeset = compared(reading, with_phones(10), with_phones(left))
    known = replace(case(changeset), filled={(Kind.USER, "phone"): 10})
    blank = 10 - left
    assert facts(judge(known)) == ([("R5", Kind.USER, None, None, blank, 126)] if held else [])


def test_the_words_name_field_and_limit(reading: Reader) -> None:
    changeset = compared(reading, with_phones(10), with_phones(0))
    [hold] = judge(replace(case(changeset), filled={(Kind.USER, "phone"): 10}))
    assert hold.why == (
        "10 of 10 (100.0 %) values of phone of people of the district would be blank; the limit "
        "is 75 %, from 5 up."
    )
    assert "the column may be missing" in hold.cause


def test_a_few_that_go_blank_are_nothing(reading: Reader) -> None:
    changeset = compared(reading, with_phones(4), with_phones(0))
    assert judge(replace(case(changeset), filled={(Kind.USER, "phone"): 4})) == []


def test_most_schools_are_one_decision_where_the_district_is_below_its_limit(
    reading: Reader,
) -> None:
    """A fifth of three schools' addresses change: 30 of 250 are 12 %. A few of a fourth go in."""
    before = small_sis(schools=5, students=50)
    after = before.copy()
    for school, number in (("s1", 10), ("s2", 10), ("s3", 10), ("s4", 3)):
        for student in [s for s in after.students() if s.startswith(school)][:number]:
            after.users[student] |= {"email": f"{student}@other.example.org"}
    changeset = compared(reading, before, after)
    [hold] = raised(changeset)
    assert facts([hold]) == [("R5", Kind.USER, None, RoleGroup.STUDENT, 30, 250)]
    assert "3 of 5 schools are over it" in hold.why
    held = {changeset.changes[p].key[1][:2] for p in hold.positions}
    assert held == {"s1", "s2", "s3"}
