"""C1 over several nights: renames by and by, and what is left of those that were turned down."""

from __future__ import annotations

import pytest

from core.accounts.looking import account, the_hold
from core.scene import Scene
from rollbook.desk import decisions


@pytest.fixture
def scene(accounts_scene: Scene) -> Scene:
    return accounts_scene


def rename(scene: Scene, *students: str) -> None:
    for student in students:
        scene.sis.users[student]["familyName"] = "Kim"


def test_four_a_night_are_held_in_the_third_night(scene: Scene) -> None:
    students = scene.sis.students()
    for night in range(2):
        rename(scene, *students[4 * night : 4 * night + 4])
        assert not scene.sync().holds
        scene.clock.forward(days=1)
    rename(scene, *students[8:12])
    hold = the_hold(scene.sync(), "C1")
    assert (hold.count, "after 8 in the last 7 days" in hold.why) == (4, True)
    scene.approve(hold)
    # What was approved closes the account.
    scene.clock.forward(days=1)
    rename(scene, *students[12:16])
    assert not scene.sync().holds


def test_what_is_left_of_renames_that_were_turned_down_waits_on(scene: Scene) -> None:
    rename(scene, *scene.sis.students()[:6])
    decisions.reject(scene.desk, the_hold(scene.sync(), "C1").id, reason="no")
    scene.clock.forward(days=1)
    for student in ("s1-01", "s1-02"):
        scene.sis.users[student]["familyName"] = f"Family{student}"
    hold = the_hold(scene.sync(), "C1")
    assert (hold.count, "4 of which were held before" in hold.why) == (4, True)
    assert account(scene, "s1-03").username == "gfamilys10335"
    scene.approve(hold)
    assert account(scene, "s1-03").username != "gfamilys10335"


def test_a_rename_that_waited_with_its_record_alone_was_not_turned_down(scene: Scene) -> None:
    rename(scene, *scene.sis.students()[:6])
    decisions.reject(scene.desk, the_hold(scene.sync(), "C1").id, reason="no")
    for student in scene.sis.students()[:6]:
        scene.sis.users[student]["familyName"] = f"Family{student}"
    assert not scene.sync().holds
    addresses = {s: scene.sis.users[s]["email"] for s in scene.sis.students()}
    for student in addresses:
        scene.sis.users[student]["email"] = f"{student}@elsewhere.example.org"
    rename(scene, "s1-03")
    assert [hold.rule for hold in scene.sync().holds] == ["R5"]
    for student, email in addresses.items():
        scene.sis.users[student]["email"] = email
    assert not scene.sync().holds
    assert account(scene, "s1-03").username != "gfamilys10335"
