"""Undo, merge and split touch the accounts of those whose records they change, and of nobody
else."""

from __future__ import annotations

import pytest

from core.accounts.looking import account, names_belong, rows, the_hold, told
from core.accounts.policies import POLICY, set_policy
from core.scene import NORTH, Scene
from rollbook.desk import pausing, people, undoing
from rollbook.desk.views import RunState
from rollbook.roster.accounts import AccountVerb


@pytest.fixture
def scene(accounts_scene: Scene) -> Scene:
    return accounts_scene


def by_family(scene: Scene) -> None:
    """A policy that names everybody anew."""
    set_policy(scene, {**POLICY, "student": {**POLICY["student"], "username": "{family}{grad.2}"}})


def test_a_merge_and_an_undo_let_no_policy_in(scene: Scene) -> None:
    scene.sis.add_student("s1", "x1", grades="01", familyName="New")
    run = scene.sync().summary.id
    by_family(scene)
    assert the_hold(scene.sync(), "C1").count == 31
    pausing.pause(scene.desk, NORTH, preset="blackout", reason="x")
    view = scene.run(people.merge(scene.desk, NORTH, "s2-01", "s2-02", reason="one child").run)
    assert set(told(view)) <= {"suspend", "rename"}
    assert {row.person for row in rows(scene, view.summary.id)} <= {"s2-01", "s2-02"}
    assert account(scene, "s2-03").username == "gfamilys20335"
    undone = undoing.undo(scene.desk, run, reason="x")
    assert {row.person for row in rows(scene, undone.summary.id)} == {"x1"}
    assert account(scene, "s1-01").username == "gfamilys10137"
    names_belong(scene)


def test_a_policy_that_waited_is_asked_for_again_after_a_merge(scene: Scene) -> None:
    by_family(scene)
    scene.sync()
    people.merge(scene.desk, NORTH, "s2-01", "s2-02", reason="one child")
    assert the_hold(scene.sync(), "C1").count >= 28


def test_an_undo_of_many_renames_is_no_mass_rename(scene: Scene) -> None:
    for student in scene.sis.students("s1")[:6]:
        scene.sis.users[student]["familyName"] = "Kim"
    view = scene.sync_through()
    assert told(view)["rename"] == 6
    undone = undoing.undo(scene.desk, view.summary.id, reason="x")
    assert (undone.summary.state, undone.holds) == (RunState.APPLIED, ())
    assert account(scene, "s1-01").username == "gfamilys10137"


def test_what_an_undo_renames_beyond_that_is_held(scene: Scene) -> None:
    """Undone under another policy, everybody would get a third name."""
    for student in scene.sis.students("s1")[:6]:
        scene.sis.users[student]["familyName"] = "Kim"
    run = scene.sync_through().summary.id
    before = account(scene, "s1-01").username
    by_family(scene)
    undone = undoing.undo(scene.desk, run, reason="x")
    assert the_hold(undone, "C1").count == 6
    assert AccountVerb.RENAME not in undone.accounts.applied
    assert account(scene, "s1-01").username == before
    assert scene.users()["s1-01"]["family_name"] == "Familys1-01"
