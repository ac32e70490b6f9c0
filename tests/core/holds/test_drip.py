"""R3: removals that trip nothing in one run, and do over a day or a week."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.small_sis import small_sis
from rollbook.changes.changeset import Scope
from rollbook.directory.history import Account, Lost
from rollbook.holds.drip import windows
from rollbook.holds.judgement import Raised, Window
from rollbook.holds.rules import judge
from rollbook.roster.kinds import Kind, RoleGroup

from .cases import Reader, case, compared

STUDENTS: Scope = (Kind.USER, "s1", RoleGroup.STUDENT)
PEOPLE: Scope = (Kind.USER, None, None)
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)


def today(taken: Mapping[Scope, int], added: Mapping[Scope, int] | None = None) -> Window:
    return Window("24 hours", 1, taken, added or {})


def judged(
    reading: Reader, gone: int, *known: Window, schools: int = 1, **limits: float
) -> list[Raised]:
    before = small_sis(schools=schools, students=60, classes=0)
    after = before.copy()
    after.drop_students("s1", gone)
    return judge(replace(case(compared(reading, before, after), **limits), windows=known))


@pytest.mark.parametrize(("earlier", "held"), [(2, False), (3, True), (4, True)])
def test_removals_of_a_day_add_up_to_the_limit_of_a_run(
    reading: Reader, earlier: int, held: bool
) -> None:
    """Of 60 and those who left before, a tenth: 4 and 3 of 63 are more, 4 and 2 of 62 are not."""
    holds = judged(reading, 4, today({STUDENTS: earlier}))
    assert [(h.rule, h.count, h.school, h.role) for h in holds] == (
        [("R3", 4, "s1", RoleGroup.STUDENT)] if held else []
    )


def test_the_population_is_that_of_the_beginning(reading: Reader) -> None:
    """Who came meanwhile was not there: 4 and 2 of 60 + 2 - 10."""
    assert not judged(reading, 4, today({STUDENTS: 2}))
    [hold] = judged(reading, 4, today({STUDENTS: 2}, {STUDENTS: 10}))
    assert "after 2 in the last 24 hours: 6 of 52 (11.5 %)" in hold.why


@pytest.mark.parametrize(("earlier", "held"), [(10, False), (11, True)])
def test_a_week_allows_twice_as_much(reading: Reader, earlier: int, held: bool) -> None:
    """Twice 10.1 %: 4 and 10 of 70 are 20.0 %, 4 and 11 of 71 are 21.1 %."""
    holds = judged(reading, 4, Window("7 days", 2, {STUDENTS: earlier}, {}), removal_percent=10.1)
    assert [hold.rule for hold in holds] == (["R3"] if held else [])


def test_the_floor_counts_the_sum(reading: Reader) -> None:
    assert not judged(reading, 1, today({STUDENTS: 3}), removal_percent=1)
    assert judged(reading, 1, today({STUDENTS: 4}), removal_percent=1)


def test_the_cap_of_a_run_is_the_cap_of_a_day(reading: Reader) -> None:
    limits = {"removal_cap_user": 9, "removal_percent": 100}
    assert not judged(reading, 4, today({PEOPLE: 4}), **limits)
    [hold] = judged(reading, 4, today({PEOPLE: 5}), **limits)
    assert (hold.rule, hold.school, hold.count, hold.approvers) == ("R3", None, 4, 2)
    assert "the limit for 24 hours is 9 people" in hold.why


def test_nothing_before_is_no_drip(reading: Reader) -> None:
    assert judged(reading, 4, today({})) == []


def test_what_another_hold_has_is_not_held_twice(reading: Reader) -> None:
    holds = judged(reading, 12, today({STUDENTS: 20}))
    assert [(hold.rule, hold.count) for hold in holds] == [("R1", 12)]


def test_an_undo_is_no_drip(reading: Reader) -> None:
    before = small_sis(schools=1, students=60, classes=0)
    after = before.copy()
    after.drop_students("s1", 4)
    undo = replace(case(compared(reading, before, after)), inverse=True)
    assert judge(replace(undo, windows=(today({STUDENTS: 20}),))) == []


def lost(hours: float, taken: int = 1, added: int = 0, kind: Kind = Kind.USER) -> Lost:
    role = RoleGroup.STUDENT if kind is Kind.USER else None
    return Lost(kind, "s1", role, taken, added, NOW - timedelta(hours=hours))


def test_a_loss_counts_in_every_scope_and_window_that_it_falls_into() -> None:
    day, week = windows([lost(23), lost(25), lost(24 * 7 + 1)], [], NOW)
    assert (day.times, week.times) == (1, 2)
    for scope in (STUDENTS, (Kind.USER, "s1", None), (Kind.USER, None, RoleGroup.STUDENT), PEOPLE):
        assert (day.taken[scope], week.taken[scope]) == (1, 2)


@pytest.mark.parametrize(
    ("account", "counts"),
    [
        (Account(Kind.USER, "s1", RoleGroup.STUDENT, NOW - timedelta(hours=9)), False),
        (Account(Kind.USER, None, None, NOW - timedelta(hours=9)), False),
        (Account(Kind.USER, "s1", RoleGroup.STUDENT, NOW - timedelta(hours=11)), True),
        (Account(Kind.USER, "s2", RoleGroup.STUDENT, NOW - timedelta(hours=9)), True),
        (Account(Kind.USER, "s1", RoleGroup.STAFF, NOW - timedelta(hours=9)), True),
        (Account(Kind.CLASS, "s1", None, NOW - timedelta(hours=9)), True),
    ],
)
def test_an_approved_drip_closes_the_account_of_its_scope(account: Account, counts: bool) -> None:
    day, _ = windows([lost(10)], [account], NOW)
    assert day.taken.get(PEOPLE, 0) == counts


def test_what_belongs_to_people_is_closed_with_them() -> None:
    people = Account(Kind.USER, "s1", RoleGroup.STUDENT, NOW)
    losses = [lost(1, kind=Kind.ENROLLMENT), lost(1, kind=Kind.CLASS)]
    day, _ = windows(losses, [people], NOW)
    assert {kind for kind, _, _ in day.taken} == {Kind.CLASS}


def test_who_moves_loses_no_role() -> None:
    """At a school it looks like a loss; only the district's sum tells."""
    day, _ = windows([lost(1, 3, 2, Kind.ROLE)], [], NOW)
    assert day.taken == {(Kind.ROLE, None, None): 1}
