"""R7: a student who would be staff waits for two people, however few they are."""

from dataclasses import replace

import pytest

from core.small_sis import SmallSis, small_sis
from rollbook.changes.changeset import Changeset
from rollbook.changes.sequence import Changes
from rollbook.holds.judgement import Raised
from rollbook.holds.rules import judge
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup

from .cases import Reader, case, compared


def held(changeset: Changeset, *students: str, inverse: bool = False) -> list[Raised]:
    judged = replace(case(changeset), students=frozenset(students), inverse=inverse)
    return [hold for hold in judge(judged) if hold.rule == "R7"]


def other_role(user: str, role: str) -> tuple[SmallSis, SmallSis]:
    before = small_sis()
    after = before.copy()
    after.users[user]["role"] = role
    return before, after


@pytest.mark.parametrize("role", ["teacher", "aide", "proctor"])
def test_one_student_who_becomes_staff_is_a_hold(reading: Reader, role: str) -> None:
    changeset = compared(reading, *other_role("s1-01", role))
    [hold] = held(changeset, "s1-01")
    assert (hold.kind, hold.role, hold.count) == (Kind.USER, RoleGroup.STUDENT, 1)
    assert (hold.whole_run, hold.approvers) == (False, 2)
    assert hold.why.endswith("beside it: s1-01.")
    kinds = {(changeset.changes[p].kind, changeset.changes[p].verb) for p in hold.positions}
    assert kinds == {(Kind.USER, Verb.UPDATE), (Kind.ROLE, Verb.ADD)}


@pytest.mark.parametrize(
    ("user", "role"),
    [
        ("g-s1-01", "teacher"),
        ("t-s1-1", "parent"),
        ("t-s1-1", "aide"),
        ("t-s1-1", "student"),
        ("s1-01", "parent"),
    ],
)
def test_other_ways_are_not(reading: Reader, user: str, role: str) -> None:
    assert held(compared(reading, *other_role(user, role))) == []


def test_a_role_of_staff_beside_that_of_a_student_is_one(reading: Reader) -> None:
    """Read as 1.2 has it: the primary role stays, another one comes."""
    changeset = compared(reading, *other_role("s1-01", "teacher"))
    changes = (c for c in changeset.changes if c.kind is Kind.ROLE and c.verb is Verb.ADD)
    beside = replace(changeset, changes=Changes.of(changes))
    [hold] = held(beside, "s1-01")
    assert (hold.count, hold.verb, set(hold.positions)) == (1, Verb.ADD, {0})
    assert held(beside, "s1-02") == []


def test_a_new_teacher_is_not(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    after.users["new"] = after.users["t-s1-1"] | {"username": "new"}
    assert held(compared(reading, before, after)) == []


def test_many_are_held_whatever_else_holds_them(reading: Reader) -> None:
    before = small_sis()
    after = before.copy()
    for student in after.students("s1"):
        after.users[student]["role"] = "teacher"
    changeset = compared(reading, before, after)
    holds = {hold.rule: hold for hold in judge(case(changeset))}
    assert {"R5", "R7"} <= holds.keys()
    assert holds["R7"].count == 30
    assert holds["R7"].why.endswith("s1-01, s1-02, s1-03, s1-04, s1-05 and 25 more.")


def test_a_student_who_becomes_principal_is_one_hold(reading: Reader) -> None:
    [hold] = held(compared(reading, *other_role("s1-01", "principal")), "s1-01")
    assert "administer a school" in hold.why


def test_an_undo_gives_back_what_was(reading: Reader) -> None:
    changeset = compared(reading, *other_role("s1-01", "teacher"))
    assert held(changeset, "s1-01", inverse=True) == []
