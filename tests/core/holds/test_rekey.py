"""R4: who leaves comes back under another id in the same file."""

from dataclasses import replace

import pytest

from core.small_sis import SmallSis, small_sis
from rollbook.changes.changeset import Changeset
from rollbook.changes.rekeyed import counterparts, linked
from rollbook.holds.judgement import Raised
from rollbook.holds.rules import judge
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

from .cases import Reader, case, compared

LOOSE = {
    **{"removal_floor": 10_000, "removal_cap_user": 10_000, "removal_cap_enrollment": 10_000},
    **{"surge_floor": 10_000},
}
"""Limits that R1, R2 and R6 never reach."""


def school(gone: int, back: int) -> tuple[SmallSis, SmallSis]:
    """``gone`` students leave, ``back`` of them under other ids."""
    before = small_sis(schools=1, students=60)
    after = before.copy()
    for number, student in enumerate(before.students()[:gone]):
        if number < back:
            after.rekey(student, f"x-{student}")
        else:
            after.drop_user(student)
    return before, after


def raised(changeset: Changeset, **limits: float) -> list[Raised]:
    holds = judge(case(changeset, **(LOOSE | limits)))
    return [hold for hold in holds if hold.rule == "R4"]


@pytest.mark.parametrize(("gone", "back", "held"), [(26, 5, False), (25, 5, True), (20, 4, False)])
def test_a_fifth_of_those_who_leave(reading: Reader, gone: int, back: int, held: bool) -> None:
    holds = raised(compared(reading, *school(gone, back)))
    assert [(h.count, h.base, h.whole_run) for h in holds] == ([(5, 123, True)] if held else [])


def test_the_limits_are_the_districts(reading: Reader) -> None:
    changeset = compared(reading, *school(26, 5))
    assert raised(changeset, rekey_percent=19)
    assert not raised(changeset, rekey_percent=19, rekey_floor=6)


def test_the_words_say_how_many_of_how_many(reading: Reader) -> None:
    [hold] = raised(compared(reading, *school(12, 9)))
    assert hold.why.startswith("9 of 12 removed people (75.0 %) come back under new ids")
    assert (hold.kind, hold.verb, hold.title) == (Kind.USER, Verb.REMOVE, "re-key")
    assert len(hold.positions) == 9


def test_half_of_the_district_wants_two_people(reading: Reader) -> None:
    [few] = raised(compared(reading, *school(9, 9)))
    before = small_sis(schools=1, students=20, classes=0)
    after = before.copy()
    for student in before.students():
        after.rekey(student, f"x-{student}")
    [half] = raised(compared(reading, before, after))
    assert (half.count, half.base) == (20, 40)
    assert (few.approvers, half.approvers) == (1, 2)


def test_classes_come_back_too(reading: Reader) -> None:
    before = small_sis(schools=1, students=20, classes=8)
    after = before.copy()
    for class_id in list(before.classes)[:5]:
        after.rekey_class(class_id, f"x-{class_id}")
    [hold] = raised(compared(reading, before, after))
    assert (hold.kind, hold.count, hold.base) == (Kind.CLASS, 5, 8)
    assert hold.cause == "5 of 5 classes come back under new ids."


def test_one_id_in_other_letters_is_enough(reading: Reader) -> None:
    """Also of somebody who seems to be another person: an id is an id."""
    before = small_sis(schools=1, students=60)
    after = before.copy()
    after.rekey("s1-20", "S1-20")
    after.users["S1-20"] |= {"givenName": "Quite", "email": "", "identifier": ""}
    after.drop_user("s1-01")
    [hold] = raised(compared(reading, before, after))
    assert (hold.kind, hold.count, hold.whole_run, hold.approvers) == (Kind.USER, 1, True, 1)
    assert "such as s1-20 as S1-20" in hold.why
    assert "come back under new ids" not in hold.why


@pytest.mark.parametrize("table", ["classes", "courses", "enrollments"])
def test_so_it_is_whatever_has_an_id(reading: Reader, table: str) -> None:
    before = small_sis(schools=1, students=60, classes=8)
    after = before.copy()
    record = next(iter(after.tables[table]))
    after.tables[table][record.upper()] = after.tables[table].pop(record)
    for kind in ("classes", "enrollments"):
        for row in after.tables[kind].values():
            row |= {name: record.upper() for name, value in row.items() if value == record}
    kinds = {"classes": Kind.CLASS, "courses": Kind.COURSE, "enrollments": Kind.ENROLLMENT}
    assert kinds[table] in {hold.kind for hold in raised(compared(reading, before, after))}


def test_who_comes_with_the_letters_of_one_who_stays_is_new(reading: Reader) -> None:
    before = small_sis(schools=1, students=60)
    after = before.copy()
    after.add_student("s1", "S1-20")
    after.drop_user("s1-01")
    assert raised(compared(reading, before, after)) == []


def test_an_ordinary_year_is_no_re_key(reading: Reader) -> None:
    """Others come than have left."""
    before, after = school(20, 0)
    for number in range(20):
        after.add_student("s1", f"new-{number:02}")
    assert raised(compared(reading, before, after)) == []


def test_an_undo_is_no_re_key(reading: Reader) -> None:
    changeset = compared(reading, *school(12, 12))
    assert [h.rule for h in judge(replace(case(changeset, **LOOSE), inverse=True))] == []


def test_what_is_linked_is_neither_lost_nor_new(reading: Reader) -> None:
    """Everybody of the district is: no rule has anything to say."""
    before = small_sis()
    after = before.copy()
    for user in list(before.users):
        after.rekey(user, f"x-{user}")
    changeset = compared(reading, before, after)
    assert {hold.rule for hold in judge(case(changeset))} >= {"R1", "R4", "R6"}
    assert judge(case(linked(changeset, counterparts(changeset.changes)))) == []


def test_who_is_not_linked_is_judged_as_ever(reading: Reader) -> None:
    changeset = compared(reading, *school(20, 10))
    form = linked(changeset, counterparts(changeset.changes))
    [hold] = judge(case(form))
    assert (hold.rule, hold.kind, hold.count, hold.base) == ("R1", Kind.USER, 10, 60)
