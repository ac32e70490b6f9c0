"""R0, R6 and R9: what makes the input itself doubtful keeps all of the run back."""

from dataclasses import replace

import pytest

from core.small_sis import SmallSis, small_sis
from rollbook.changes.changeset import Changeset
from rollbook.holds.rules import judge
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup

from .cases import Reader, case, compared, raised

LOOSE = {"removal_floor": 10_000, "removal_cap_user": 10_000, "removal_cap_enrollment": 10_000}
"""Limits that R1 and R2 never reach: R0 stands by itself."""


def dropping(reading: Reader, *classes: str) -> Changeset:
    before, after = small_sis(), small_sis()
    for class_id in classes:
        after.drop_class(class_id)
    return compared(reading, before, after)


@pytest.mark.parametrize(("left", "held"), [(0, True), (1, False)])
def test_the_last_of_a_kind_at_a_school(reading: Reader, left: int, held: bool) -> None:
    gone = [f"c-s1-{number}" for number in range(1, 4 - left)]
    holds = raised(dropping(reading, *gone), **LOOSE)
    assert [hold.rule for hold in holds] == (["R0"] if held else [])
    if held:
        [hold] = holds
        assert hold.whole_run
        assert (hold.school, hold.verb) == ("s1", Verb.REMOVE)
        assert "all 3 classes of Lincoln" in hold.why
        assert "all 63 enrollments of Lincoln" in hold.why
        assert hold.count == 66


def test_a_floor_never_lets_a_school_go_to_zero(reading: Reader) -> None:
    """Four of four are below the floor of five."""
    before = small_sis(schools=2, students=4, classes=0)
    after = before.copy()
    for user in [*before.students("s1"), *(f"g-{s}" for s in before.students("s1"))]:
        after.drop_user(user)
    assert "R0" in {hold.rule for hold in raised(compared(reading, before, after))}


def test_a_file_that_is_replaced_as_a_whole_is_no_wipe_out(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    after.drop_class("c-s1-1")
    after.drop_class("c-s1-2")
    after.drop_class("c-s1-3")
    after.classes["new"] = dict(before.classes["c-s1-1"])
    after.enroll("s1-01", "new")
    assert raised(compared(reading, before, after), **LOOSE) == []


def test_who_moves_in_keeps_a_school_from_being_empty(reading: Reader) -> None:
    before = small_sis(schools=2, students=4, classes=0)
    after = before.copy()
    for user in [*before.students("s1"), *(f"g-{s}" for s in before.students("s1"))]:
        after.drop_user(user)
    for user in ("s2-01", "g-s2-01"):
        after.users[user]["orgs"] = "s1"
    holds = raised(compared(reading, before, after), **LOOSE)
    assert not any(hold.kind is Kind.USER for hold in holds)


def test_a_kind_that_the_whole_district_loses_is_said_once(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    for row in after.users.values():
        row["agents"] = ""
    [hold] = raised(compared(reading, before, after), **LOOSE)
    assert (hold.rule, hold.kind, hold.school) == ("R0", Kind.GUARDIAN, None)
    assert hold.why == "Nothing would be left of all 60 guardian links of the district."
    assert (hold.count, hold.base) == (60, 60)


def test_what_a_wipe_out_covers_is_in_no_other_hold(reading: Reader) -> None:
    holds = raised(dropping(reading, "c-s1-1", "c-s1-2", "c-s1-3"))
    assert [hold.rule for hold in holds] == ["R0"]


def arrivals(count: int) -> SmallSis:
    sis = small_sis(schools=1, students=60)
    for number in range(count):
        sis.add_student("s1", f"new-{number:03}")
    return sis


@pytest.mark.parametrize(("new", "held"), [(49, False), (50, True), (51, True)])
def test_the_floor_of_a_surge(reading: Reader, new: int, held: bool) -> None:
    """Half of the 60 demographics are 30: the floor of 50 decides."""
    holds = raised(compared(reading, small_sis(1, 60), arrivals(new)))
    assert [hold.rule for hold in holds] == (["R6"] if held else [])
    if held:
        [hold] = holds
        assert hold.whole_run
        assert (hold.kind, hold.verb, hold.count, hold.base) == (
            Kind.DEMOGRAPHICS,
            Verb.ADD,
            new,
            60,
        )


@pytest.mark.parametrize(("new", "held"), [(61, False), (62, True), (63, True)])
def test_the_percentage_of_a_surge(reading: Reader, new: int, held: bool) -> None:
    """123 people (60 students, their guardians, three teachers): half of them are 61.5."""
    holds = raised(compared(reading, small_sis(1, 60), arrivals(new)))
    people = [line for hold in holds for line in hold.why.split("; ") if "new people" in line]
    assert bool(people) is held


def test_a_first_run_is_no_surge_but_a_review(reading: Reader) -> None:
    changeset = compared(reading, SmallSis({**small_sis(1, 1).tables}), arrivals(60))
    first = replace(case(changeset), first=True, review="This is the first run of north.")
    [hold] = judge(first)
    assert (hold.rule, hold.title, hold.whole_run) == ("R9", "first run", True)
    assert hold.count == len(changeset.changes)


def test_a_review_names_its_reason_and_counts_all(reading: Reader) -> None:
    changeset = dropping(reading, "c-s1-1")
    [hold] = [h for h in judge(replace(case(changeset), review="Because.")) if h.rule == "R9"]
    assert hold.why.startswith("Because.")
    assert (hold.title, hold.count) == ("review", len(changeset.changes))


def test_nothing_to_do_needs_no_review(reading: Reader) -> None:
    changeset = dropping(reading)
    assert judge(replace(case(changeset), review="Because.")) == []


def test_whole_run_holds_come_before_lanes(reading: Reader) -> None:
    before, after = small_sis(), arrivals(0)
    after = before.copy()
    after.drop_students("s2", 12)
    for class_id in ("c-s1-1", "c-s1-2", "c-s1-3"):
        after.drop_class(class_id)
    holds = judge(replace(case(compared(reading, before, after)), review="Because."))
    assert [hold.rule for hold in holds] == ["R0", "R9", "R1"]
    assert [hold.whole_run for hold in holds] == [True, True, False]


def test_paused_changes_are_not_judged(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    after.drop_students("s1", 12)
    changeset = compared(reading, before, after)
    paused = replace(case(changeset), active=frozenset(), review="Because.")
    assert judge(paused) == []
    students = frozenset(
        position
        for position, change in enumerate(changeset.changes)
        if change.kind is Kind.USER and change.role is RoleGroup.STUDENT
    )
    some = frozenset(sorted(students)[:4])
    assert judge(replace(case(changeset), active=some)) == []


def test_an_undo_is_held_for_what_it_removes_and_for_nothing_else(reading: Reader) -> None:
    """Many additions back are no surge; many removals are held as ever."""
    back = replace(
        case(compared(reading, small_sis(1, 60), arrivals(60))), inverse=True, review="Because."
    )
    assert judge(back) == []
    before, after = small_sis(), small_sis()
    after.drop_students("s1", 12)
    [hold] = judge(replace(case(compared(reading, before, after)), inverse=True))
    assert hold.rule == "R1"
