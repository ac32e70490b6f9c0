"""A student who would be staff waits as a whole; nobody else waits for that."""

from __future__ import annotations

import pytest

from core.scene import NORTH, Scene
from core.small_sis import Version
from rollbook.desk import syncing
from rollbook.desk.views import HoldState, RunState, RunView
from rollbook.roster.kinds import Kind
from rollbook.roster.records import role_id

VERSIONS: tuple[Version, ...] = ("1.1", "1.2")


def roles_of(scene: Scene, user: str) -> set[str]:
    return {role for role in scene.held()[Kind.ROLE] if role.startswith(f"{user}:")}


def with_role_beside(scene: Scene, user: str, role: str) -> RunView:
    """Sync a 1.2 set in which somebody has one more role at the first school."""
    scene.sis.write(scene.drop, "1.2")
    with (scene.drop / "roles.csv").open("a", encoding="utf-8") as file:
        header = (scene.drop / "roles.csv").read_text("utf-8").splitlines()[0].split(",")
        cells = {"sourcedId": "r-x", "userSourcedId": user, "role": role}
        cells |= {"orgSourcedId": "s1", "roleType": "secondary"}
        file.write(",".join(cells.get(name, "") for name in header) + "\r\n")
    return syncing.sync(scene.desk, NORTH)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_person_stays_a_student_until_two_agree(scene: Scene, version: Version) -> None:
    scene.sync_through(version=version)
    scene.sis.users["s1-01"]["role"] = "teacher"
    scene.sis.enroll("s1-01", "c-s1-2", "teacher")
    scene.sis.add_student("s2", "new")
    view = scene.sync(version=version)
    [hold] = view.holds
    assert (hold.rule, hold.count, hold.approvers) == ("R7", 1, 2)
    assert scene.users()["s1-01"]["primary_role"] == "student"
    assert roles_of(scene, "s1-01") == {role_id("s1-01", "student", "s1")}
    assert "new" in scene.users()
    assert scene.approve_as("sam", hold).summary.state is RunState.HELD
    assert scene.approve_as("kim", hold).summary.state is RunState.APPLIED
    assert scene.users()["s1-01"]["primary_role"] == "teacher"
    assert roles_of(scene, "s1-01") == {role_id("s1-01", "teacher", "s1")}


def test_a_role_beside_that_of_a_student_is_held(scene: Scene) -> None:
    scene.sync_through(version="1.2")
    [hold] = with_role_beside(scene, "s1-01", "teacher").holds
    assert (hold.rule, hold.count) == ("R7", 1)
    assert roles_of(scene, "s1-01") == {role_id("s1-01", "student", "s1")}


@pytest.mark.parametrize(
    ("user", "role"), [("t-s1-1", "parent"), ("g-s1-01", "teacher"), ("s1-01", "relative")]
)
def test_other_roles_beside_ones_own_are_not(scene: Scene, user: str, role: str) -> None:
    scene.sync_through(version="1.2")
    assert with_role_beside(scene, user, role).summary.state is RunState.APPLIED
    assert role_id(user, role, "s1") in roles_of(scene, user)


def test_an_approval_does_not_carry_over_to_another_students_role(scene: Scene) -> None:
    """A role that is given is an addition: it has to be among those approved as well."""
    scene.sync_through(version="1.2")
    [hold] = with_role_beside(scene, "s1-01", "teacher").holds
    scene.approve_as("sam", hold)
    view = with_role_beside(scene, "s1-02", "teacher")
    assert [(h.state, h.approvals) for h in view.holds] == [(HoldState.OPEN, ())]
    [hold] = view.holds
    scene.approve_as("sam", hold)
    scene.sis.users["s2-01"]["phone"] = "5"
    again = with_role_beside(scene, "s1-02", "teacher")
    assert [[a.who for a in h.approvals] for h in again.holds] == [["sam"]]
