"""Items 41-67: sets that are well formed and mean something that they should not."""

from __future__ import annotations

import pytest

from bad_inputs.corpus import BadInput
from bad_inputs.outcomes import check
from bad_inputs.roster_meaning import CASES
from bad_inputs.spoiling import cell
from core.deltas import write_delta
from core.scene import NORTH, Scene, configure_quietly
from rollbook.desk import people, syncing
from rollbook.desk.views import RunState, Verb
from rollbook.roster.kinds import Kind


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input(case: BadInput, scene: Scene) -> None:
    check(scene, case)


def test_52_people_with_one_address_are_both_kept(scene: Scene) -> None:
    address = scene.sis.users["s1-20"]["email"]
    scene.sis.add_student("s1", "new-1", email=address)
    assert scene.sync().summary.state is RunState.APPLIED
    holders = {user for user, values in scene.users().items() if values.get("email") == address}
    assert holders == {"s1-20", "new-1"}
    assert not people.merges(scene.desk, NORTH)


def test_53_the_username_of_somebody_who_left_goes_to_another(scene: Scene) -> None:
    """No accounts are made here, so the name is data like any other; nobody is lost by it."""
    name = scene.sis.users["s1-20"]["username"]
    scene.sis.drop_user("s1-20")
    assert scene.sync().summary.state is RunState.APPLIED
    scene.sis.add_student("s1", "new-1", username=name)
    before = scene.users()
    scene.sync()
    assert scene.users().keys() >= before.keys()
    assert "s1-20" not in scene.users()


def test_58_where_rows_to_be_deleted_count_as_gone_they_are_judged(scene: Scene) -> None:
    configure_quietly(scene, source={"tobedeleted": "remove"})
    before = scene.held()
    scene.sis.write(scene.drop)
    for student in scene.sis.students("s1"):
        cell(student, "status", "tobedeleted")(scene.drop)
    view = syncing.sync(scene.desk, NORTH)
    assert view.summary.state is RunState.HELD
    assert "record-removed" in {finding.code for finding in view.findings}
    assert scene.held() == before


@pytest.mark.parametrize("order", [(1, 1), (2, 1)], ids=["60-twice", "61-out-of-order"])
def test_60_61_a_delta_again_changes_nothing_and_an_older_one_is_refused(
    scene: Scene, order: tuple[int, int]
) -> None:
    before = scene.sis.copy()
    states: list[RunState] = []
    for number in order:
        scene.sis.users["s1-20"]["email"] = f"{number}@north.example.org"
        write_delta(before, scene.sis, scene.drop, f"2026-03-0{number}T01:00:00Z")
        states.append(syncing.sync(scene.desk, NORTH).summary.state)
    second = RunState.NOOP if order == (1, 1) else RunState.INPUT_REFUSED
    assert states == [RunState.APPLIED, second]
    assert scene.users()["s1-20"]["email"] == f"{order[0]}@north.example.org"


def test_62_yesterdays_file_again_waits_for_a_person(scene: Scene) -> None:
    """A system may have gone back to its backup: approved, the file goes in."""
    yesterday = scene.sis.copy()
    before = scene.held()
    scene.sis.add_student("s1", "new-1")
    scene.sis.users["s1-20"]["phone"] = "5"
    assert scene.sync().summary.state is RunState.APPLIED
    today = scene.held()
    scene.sis = yesterday
    [hold] = scene.sync().holds
    assert (hold.rule, hold.whole_run) == ("R9", True)
    assert "again; newer ones have been applied since" in hold.why
    assert scene.held() == today
    assert scene.approve(hold).summary.state is RunState.APPLIED
    assert scene.held() == before


def test_62_yesterdays_file_again_takes_no_crowd_out(scene: Scene) -> None:
    yesterday = scene.sis.copy()
    for number in range(8):
        scene.sis.add_student("s1", f"new-{number}", classes=("c-s1-1",))
    assert scene.sync().summary.state is RunState.APPLIED
    today = scene.held()
    scene.sis = yesterday
    view = scene.sync()
    assert view.summary.state is RunState.HELD
    assert view.waiting[Kind.USER][Verb.REMOVE] == 8
    assert scene.users().keys() == today[Kind.USER].keys()
