"""Who gets which name when several want the same, and what becomes of accounts day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.policies import POLICY, Book, rules, student
from rollbook.accounts.differences import differences
from rollbook.accounts.leaving import deletion_day, suspension_day
from rollbook.accounts.person import Person
from rollbook.accounts.wanted import Unnamed, wanted
from rollbook.config.accounts import Leaving, Override
from rollbook.roster.accounts import (
    EMAIL,
    SETS,
    USERNAME,
    Account,
    AccountReason,
    AccountState,
    AccountVerb,
)
from rollbook.roster.kinds import RoleGroup


def names(*people: Person, book: Book | None = None) -> list[str]:
    book = book or Book()
    return [wanted(person, None, person.id, rules(), book).username for person in people]


def test_alternates_come_before_numbers_and_numbers_begin_with_two() -> None:
    people = [student(str(number), "Ann", "Lee") for number in range(4)]
    assert names(*people) == ["alee35", "anlee35", "alee352", "alee353"]


def test_what_was_given_before_is_never_given_again() -> None:
    book = Book({(USERNAME, "alee35"): "gone", (USERNAME, "alee352"): "gone too"})
    ann, bo = student("1", "Ann", "Lee"), student("2", "Ann", "Lee")
    assert names(ann, bo, book=book) == ["anlee35", "alee353"]


def test_who_had_a_name_gets_it_back() -> None:
    book = Book({(USERNAME, "alee35"): "1", (EMAIL, "alee35@students.north.example.org"): "1"})
    assert names(student("1", "Ann", "Lee"), book=book) == ["alee35"]


def test_many_of_one_name_all_get_one() -> None:
    found = names(*(student(str(number), "Ann", "Lee") for number in range(150)))
    assert len(set(found)) == 150
    assert found[149] == "alee35149"


def test_an_address_of_the_sis_is_never_given_with_a_number() -> None:
    """It is in somebody else's domain: with a number it would be a stranger's."""
    student_policy = {"username": "{given}.{id}", "email": ["{sis_email}"]}
    book = Book({(EMAIL, "maria.lopez@gmail.com"): "2"})
    maria = student("1", "Maria", "Lopez", email="maria.lopez@gmail.com")
    with pytest.raises(Unnamed) as caught:
        differences(maria, None, "1", rules({"student": student_policy}), book)
    assert caught.value.problem == "address-taken"
    [created] = caught.value.meanwhile
    assert (created.after["username"], created.after["email"]) == ("maria.1", None)
    student_policy["email"] = ["{sis_email}", "{given}@north.example.org"]
    book.give(EMAIL, "maria@north.example.org", "3")
    [created] = differences(maria, None, "1", rules({"student": student_policy}), book)
    assert created.after["email"] == "maria2@north.example.org"


def test_an_override_is_taken_as_it_is_or_not_at_all() -> None:
    found = rules(overrides={"1": Override(username="Chief")})
    made = wanted(student("1", "Ann", "Lee"), None, "1", found, Book())
    assert (made.username, made.email) == ("Chief", "chief@students.north.example.org")
    book = Book({(USERNAME, "chief"): "2"})
    with pytest.raises(Unnamed, match="override-taken"):
        wanted(student("1", "Ann", "Lee"), None, "1", found, book)


@given(
    st.lists(
        st.tuples(st.sampled_from(["Ann", "Al", "Bo", ""]), st.sampled_from(["Lee", "Li", ""])),
        max_size=12,
    )
)
def test_no_two_ever_have_the_same(people: list[tuple[str, str]]) -> None:
    """``Book`` refuses a second owner; what is left is that everybody has one."""
    book = Book()
    for number, (one, two) in enumerate(people):
        if one or two:
            made = wanted(student(str(number), one, two), None, str(number), rules(), book)
            assert made.username
            assert len(made.username) <= 20


ANN = student("1", "Ann", "Lee")
ACCOUNT = Account(
    id="1",
    person="1",
    role=RoleGroup.STUDENT,
    username="alee35",
    email="alee35@students.north.example.org",
    ou="/Students/School 1/2035",
    groups=("class-of-2035",),
    state=AccountState.ACTIVE,
    reason=None,
    suspend_on=None,
    delete_on=None,
    password_due=False,
)
TODAY = date(2026, 3, 2)


def verbs(person: Person, account: Account | None = ACCOUNT, today: date = TODAY) -> list[str]:
    found = differences(person, account, "1", rules(today=today), Book())
    for change in found:
        assert set(change.after) <= {*SETS[change.verb], "role"}
        assert change.before is None or set(change.before) <= {*SETS[change.verb], "role"}
    return [change.verb.value for change in found]


def test_an_account_that_is_right_stays() -> None:
    assert verbs(ANN) == []
    assert verbs(ANN._replace(grades=())) == []


def test_what_a_person_becomes() -> None:
    assert verbs(ANN, None) == ["create"]
    assert verbs(student("1", "Ann", "Kim")) == ["rename"]
    assert verbs(student("1", "Ann", "Lee", grades=["04"])) == ["rename", "move", "regroup"]
    assert verbs(ANN._replace(gone=True)) == ["suspend"]
    assert verbs(ANN._replace(gone=True), None) == []
    assert verbs(ANN._replace(enabled=False)) == ["leave"]
    assert verbs(ANN._replace(role=RoleGroup.GUARDIAN)) == ["suspend"]


def test_a_policy_may_never_rename() -> None:
    policy = {"student": {**POLICY["student"], "rename": False}}
    found = differences(student("1", "Ann", "Kim"), ACCOUNT, "1", rules(policy), Book())
    assert found == []


def test_who_is_excluded_is_left_alone() -> None:
    found = rules(excluded={"1"})
    for person in (ANN, student("1", "X", "Y"), ANN._replace(gone=True)):
        assert differences(person, ACCOUNT, "1", found, Book()) == []
    assert differences(ANN, None, "1", found, Book()) == []


def test_a_suspended_one_comes_back_under_its_old_name() -> None:
    suspended = ACCOUNT._replace(
        state=AccountState.SUSPENDED, reason=AccountReason.LEFT, delete_on="2026-05-31"
    )
    assert verbs(ANN, suspended) == ["reactivate"]
    assert verbs(ANN, suspended._replace(state=AccountState.DELETED)) == ["reactivate"]


def test_who_comes_back_before_the_day_stays() -> None:
    leaving = ACCOUNT._replace(reason=AccountReason.DISABLED, suspend_on="2026-03-04")
    assert verbs(ANN, leaving) == ["stay"]
    assert verbs(ANN._replace(enabled=False), leaving) == []
    assert verbs(ANN._replace(enabled=False), leaving, date(2026, 3, 4)) == ["suspend"]


def test_seniors_go_on_their_own_day_and_others_at_once() -> None:
    senior = student("1", "Ann", "Lee", grades=["12"])._replace(gone=True)
    [june] = differences(senior, ACCOUNT, "1", rules(today=date(2026, 6, 10)), Book())
    assert june.verb is AccountVerb.LEAVE
    assert june.after == {"reason": "graduated", "suspend_on": "2026-09-01"}
    [october] = differences(senior, ACCOUNT, "1", rules(today=date(2026, 10, 10)), Book())
    assert october.verb is AccountVerb.SUSPEND
    assert october.after["reason"] == "left"
    waiting = ACCOUNT._replace(reason=AccountReason.GRADUATED, suspend_on="2026-09-01")
    [september] = differences(senior, waiting, "1", rules(today=date(2026, 9, 2)), Book())
    assert september.after["reason"] == "graduated"
    assert september.after["delete_on"] == "2026-10-02"
    [late] = differences(senior, ACCOUNT, "1", rules(today=date(2026, 9, 2)), Book())
    assert (late.verb, late.after["reason"]) == (AccountVerb.SUSPEND, "graduated")


def test_a_merged_one_is_suspended_and_never_deleted() -> None:
    [change] = differences(ANN._replace(gone=True, merged_into="2"), ACCOUNT, "1", rules(), Book())
    assert change.verb is AccountVerb.SUSPEND
    assert change.after["delete_on"] is None


@given(
    st.one_of(st.integers(0, 400), st.sampled_from(["01-01", "09-01", "12-31"])),
    st.one_of(st.none(), st.integers(0, 400), st.sampled_from(["01-01", "09-01", "12-31"])),
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
)
def test_nothing_is_deleted_that_was_not_suspended_for_a_day(
    suspend: int | str, delete: int | str | None, left: date
) -> None:
    leaving = Leaving(suspend_after=suspend, delete_after=delete)
    suspended = suspension_day(leaving, left)
    assert left <= suspended <= left + timedelta(days=400)
    deleted = deletion_day(leaving, suspended)
    assert (deleted is None) == (delete is None)
    assert deleted is None or deleted > suspended
