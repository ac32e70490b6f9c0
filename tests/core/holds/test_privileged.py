"""R7: who administers, is protected or works at the desk is never taken out by itself."""

from dataclasses import replace

import pytest

from core.small_sis import SmallSis, small_sis
from rollbook.changes.changeset import Changeset
from rollbook.holds.judgement import Raised
from rollbook.holds.rules import judge
from rollbook.roster.kinds import Kind

from .cases import Reader, case, compared


def with_office() -> SmallSis:
    """Two schools of thirty students, and an administrator at the first."""
    sis = small_sis()
    sis.users["boss"] = sis.users["t-s1-1"] | {"role": "administrator", "username": "boss"}
    return sis


def held(changeset: Changeset, *ids: str, inverse: bool = False) -> list[Raised]:
    judged = replace(case(changeset), privileged=frozenset(ids), inverse=inverse)
    return [hold for hold in judge(judged) if hold.rule == "R7"]


def test_one_administrator_who_leaves_is_a_hold(reading: Reader) -> None:
    before, after = with_office(), with_office()
    after.drop_user("boss")
    [hold] = held(compared(reading, before, after))
    assert (hold.kind, hold.count, hold.whole_run, hold.approvers) == (Kind.USER, 1, False, 2)
    assert hold.why.endswith("(1 would be removed): boss.")


def test_teachers_and_students_are_nobody_special(reading: Reader) -> None:
    before, after = with_office(), with_office()
    after.drop_user("t-s1-1")
    after.drop_user("s1-01")
    assert held(compared(reading, before, after)) == []


@pytest.mark.parametrize("user", ["t-s1-1", "s1-01", "g-s1-01"])
def test_whoever_is_protected_is(reading: Reader, user: str) -> None:
    before, after = small_sis(), small_sis()
    after.drop_user(user)
    changeset = compared(reading, before, after)
    assert [hold.count for hold in held(changeset, user)] == [1]
    assert held(changeset, "somebody else") == []


@pytest.mark.parametrize("administers", [True, False])
def test_disabling_is_as_grave(reading: Reader, administers: bool) -> None:
    before, after = with_office(), with_office()
    after.users["boss"]["enabledUser"] = "false"
    known = ("boss",) if administers else ()
    assert len(held(compared(reading, before, after), *known)) == administers


def test_losing_the_role_is_as_grave(reading: Reader) -> None:
    before, after = with_office(), with_office()
    after.users["boss"]["role"] = "teacher"
    [hold] = held(compared(reading, before, after))
    assert hold.count == 1
    assert "(0 would be removed)" in hold.why


def test_getting_the_role_is_too(reading: Reader) -> None:
    before, after = with_office(), with_office()
    after.users["t-s1-2"]["role"] = "administrator"
    [hold] = held(compared(reading, before, after))
    assert hold.why.endswith(": t-s1-2.")


def test_a_new_administrator_who_just_comes_is_not_held(reading: Reader) -> None:
    before, after = small_sis(), with_office()
    assert held(compared(reading, before, after)) == []


def test_another_address_is_no_matter(reading: Reader) -> None:
    before, after = with_office(), with_office()
    after.users["boss"]["email"] = "boss@other.example.org"
    assert held(compared(reading, before, after), "boss") == []


def test_it_is_a_line_of_its_own_beside_a_limit(reading: Reader) -> None:
    before, after = with_office(), with_office()
    for user in ("boss", "t-s1-1", "t-s1-2", "t-s1-3", "t-s2-1"):
        after.drop_user(user)
    changeset = compared(reading, before, after)
    own, staff = [hold for hold in judge(case(changeset)) if hold.kind is Kind.USER]
    assert (own.rule, own.count) == ("R7", 1)
    assert (staff.rule, staff.count) == ("R1", 4)
    assert "1 of them wait in other holds" in staff.why
    assert not own.positions & staff.positions


def test_many_are_one_hold_with_a_few_ids(reading: Reader) -> None:
    before, after = with_office(), with_office()
    for number in range(7):
        before.users[f"boss-{number}"] = before.users["boss"] | {"username": f"boss{number}"}
    [hold] = held(compared(reading, before, after))
    assert hold.count == 7
    assert hold.why.endswith("boss-0, boss-1, boss-2, boss-3, boss-4 and 2 more.")


def test_an_undo_is_held_for_whom_it_removes(reading: Reader) -> None:
    before, after = with_office(), with_office()
    after.drop_user("boss")
    assert held(compared(reading, before, after), inverse=True)
    promoted = with_office()
    promoted.users["t-s1-2"]["role"] = "administrator"
    assert not [
        hold for hold in held(compared(reading, before, promoted), inverse=True) if hold.count != 1
    ]
