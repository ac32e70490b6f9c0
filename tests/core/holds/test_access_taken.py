"""Disabling and un-enrolling take access away like a removal, and are held like one."""

import pytest

from core.small_sis import SmallSis, small_sis
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup

from .cases import Reader, compared, raised


def disable(sis: SmallSis, number: int) -> SmallSis:
    after = sis.copy()
    for user in after.students("s1")[:number]:
        after.users[user]["enabledUser"] = "false"
    return after


@pytest.mark.parametrize(("number", "held"), [(4, False), (5, True)])
def test_disabled_students_count_as_removed(reading: Reader, number: int, held: bool) -> None:
    before = small_sis()
    holds = raised(compared(reading, before, disable(before, number)))
    assert [(h.rule, h.kind, h.verb, h.role, h.count) for h in holds] == (
        [("R1", Kind.USER, Verb.UPDATE, RoleGroup.STUDENT, number)] if held else []
    )
    assert all("would be disabled" in hold.why for hold in holds)


def test_disabled_and_removed_students_count_together(reading: Reader) -> None:
    before = small_sis(classes=0)
    after = disable(before, 3)
    for user in after.students("s1")[3:6]:
        after.drop_user(user)
    [hold] = raised(compared(reading, before, after))
    assert (hold.rule, hold.verb, hold.count) == ("R1", Verb.REMOVE, 6)
    assert "would be removed or lose access" in hold.why


def test_nobody_let_in_any_more_is_a_wipe_out(reading: Reader) -> None:
    before = small_sis()
    after = before.copy()
    for row in after.users.values():
        row["enabledUser"] = "false"
    hold = raised(compared(reading, before, after))[0]
    assert (hold.rule, hold.whole_run, hold.kind, hold.verb) == ("R0", True, Kind.USER, None)
    assert hold.count == len(before.users)
    assert hold.why.startswith("Nobody would be let in any more of all ")


def test_enabling_people_again_is_not_held(reading: Reader) -> None:
    after = small_sis()
    holds = raised(compared(reading, disable(after, 30), after), update_percent=100)
    assert [(hold.rule, hold.school) for hold in holds] == [("R5", "s1")]
    assert raised(compared(reading, disable(after, 22), after)) == []


def test_enrollments_that_go_to_other_children_are_held(reading: Reader) -> None:
    before = small_sis()
    after = before.copy()
    rows = [row for row in after.enrollments.values() if row["role"] == "student"]
    people = [row["userSourcedId"] for row in rows]
    for row, user in zip(rows, [*people[1:], people[0]], strict=True):
        row["userSourcedId"] = user
    holds = raised(compared(reading, before, after))
    assert holds
    assert {(h.rule, h.kind, h.verb) for h in holds} == {("R1", Kind.ENROLLMENT, Verb.UPDATE)}
    assert all("would go to another person or class" in hold.why for hold in holds)


def test_a_wipe_out_says_what_leaves_with_it(reading: Reader) -> None:
    before, after = small_sis(), small_sis()
    after.drop_students("s1", 30)
    for user in [u for u, row in after.users.items() if row["orgs"] == "s1"]:
        after.drop_user(user)
    changeset = compared(reading, before, after)
    hold = raised(changeset)[0]
    assert hold.rule == "R0"
    kinds = {changeset.changes[position].kind for position in hold.positions}
    assert {Kind.USER, Kind.ROLE, Kind.ENROLLMENT, Kind.DEMOGRAPHICS} <= kinds
