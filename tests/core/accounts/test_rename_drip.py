"""C1 over several nights: renames by and by, and what is left of those that were turned down."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from core.accounts.looking import account, rows, the_hold
from core.scene import NORTH, Scene
from rollbook.desk import decisions, pausing
from rollbook.desk.views import Kind
from rollbook.directory.account_history import not_approved
from rollbook.roster.accounts import AccountVerb


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


def test_a_night_under_a_pause_forgets_nothing_that_was_turned_down(scene: Scene) -> None:
    rename(scene, *scene.sis.students()[:6])
    decisions.reject(scene.desk, the_hold(scene.sync(), "C1").id, reason="no")
    pause = pausing.pause(scene.desk, NORTH, kinds=(Kind.USER,), reason="a day off")
    scene.sis.users["s1-15"]["phone"] = "5"
    assert not scene.sync().holds
    pausing.resume(scene.desk, pause.id)
    for student in ("s1-01", "s1-02"):
        scene.sis.users[student]["familyName"] = f"Family{student}"
    hold = the_hold(scene.sync(), "C1")
    assert (hold.count, "4 of which were held before" in hold.why) == (4, True)


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_what_waits_is_looked_up_in_the_last_run_alone(scene: Scene) -> None:
    rename(scene, *scene.sis.students()[:6])
    for night in range(3):
        scene.sis.users["s1-15"]["phone"] = str(night)
        view = scene.sync()
    waiting = {row.account for row in rows(scene, view.summary.id, verb=AccountVerb.RENAME)}
    asked = []
    with scene.desk.store.engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        verbs = (AccountVerb.RENAME,)
        assert not_approved(connection, NORTH, "C1", verbs, waiting) == len(waiting) == 6
    [read] = [given for query, given in asked if "account_changes" in query]
    assert view.summary.id in read
