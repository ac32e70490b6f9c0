"""A preview writes nothing; what was previewed is what is applied, with or without holds."""

import pytest

from core.scene import NORTH, Scene
from rollbook.desk import auditing, decisions, syncing
from rollbook.desk.change_lists import changes
from rollbook.desk.exports import change_lines
from rollbook.desk.views import Counts, HoldState, Kind, Lane, RunState, RunView, Verb
from rollbook.errors import ConfigInvalid, Held, NotFound, Stale


@pytest.fixture
def ready(scene: Scene) -> RunView:
    """One leaves, one comes, one has another address: nothing to hold."""
    scene.sis.drop_user("g-s1-30")
    scene.sis.add_student("s1", "new-1", classes=("c-s1-1",))
    scene.sis.users["s2-01"]["email"] = "other@north.example.org"
    return scene.sync(preview=True)


@pytest.fixture
def held(scene: Scene) -> RunView:
    """A lane is held, an addition is not."""
    scene.sis.drop_students("s1", 6)
    scene.sis.add_student("s2", "new-1", classes=("c-s2-1",))
    return scene.sync(preview=True)


def test_a_preview_counts_and_writes_nothing(scene: Scene, ready: RunView) -> None:
    assert ready.summary.state is RunState.READY
    assert ready.summary.preview
    assert ready.counts[Kind.USER] == Counts(
        before=126, incoming=126, add=1, update=1, remove=1, unknown=0, held=0, paused=0
    )
    at_one = next(s for s in ready.schools if s.school == "s1")
    assert at_one.name == "School 1"
    assert (at_one.kinds[Kind.USER].add, at_one.kinds[Kind.USER].remove) == (1, 1)
    assert ready.consequences["account_create"] == 1
    assert ready.consequences["rename"] == 1
    assert ready.students_incoming == 61
    assert ready.applied == {}
    assert scene.generation() == 1
    assert "new-1" not in scene.users()
    assert {row.lane for row in scene.rows(ready.summary.id)} == {Lane.READY}


def test_what_was_previewed_is_applied(scene: Scene, ready: RunView) -> None:
    shown = list(change_lines(changes(scene.desk, ready.summary.id), "ndjson"))
    view = syncing.apply(scene.desk, ready.summary.id)
    assert view.summary.state is RunState.APPLIED
    assert view.digest == ready.digest
    assert list(change_lines(changes(scene.desk, ready.summary.id), "ndjson")) == shown
    assert scene.users().keys() == scene.sis.users.keys()
    assert scene.sync().summary.state is RunState.NOOP


def test_it_is_applied_once(scene: Scene, ready: RunView) -> None:
    syncing.apply(scene.desk, ready.summary.id)
    with pytest.raises(Stale, match="already APPLIED, by sam at 2"):
        syncing.apply(scene.desk, ready.summary.id)
    assert scene.generation() == 2


def test_a_newer_run_overtakes_it(scene: Scene, ready: RunView) -> None:
    scene.sis.users["s2-02"]["email"] = "another@north.example.org"
    scene.sync()
    with pytest.raises(Stale, match="SUPERSEDED"):
        syncing.apply(scene.desk, ready.summary.id)


def test_it_does_not_wait_for_ever(scene: Scene, ready: RunView) -> None:
    scene.clock.forward(days=7)
    with pytest.raises(Stale, match="too old"):
        syncing.apply(scene.desk, ready.summary.id)
    assert scene.generation() == 1


def test_the_file_may_change_meanwhile_the_changeset_does_not(scene: Scene, ready: RunView) -> None:
    scene.sis.drop_students("s1", 30)
    scene.sis.write(scene.drop)
    syncing.apply(scene.desk, ready.summary.id)
    assert "s1-01" in scene.users()
    assert "new-1" in scene.users()


def test_an_unknown_run_is_said(scene: Scene) -> None:
    with pytest.raises(NotFound, match="no run"):
        syncing.apply(scene.desk, "north.99")


def test_a_held_preview_applied_lets_the_rest_in(scene: Scene, held: RunView) -> None:
    assert held.summary.state is RunState.HELD
    assert "new-1" not in scene.users()
    lanes = {row.id: row.lane for row in scene.rows(held.summary.id)}
    assert lanes["new-1"] is Lane.READY
    assert lanes["s1-01"] is Lane.HELD
    assert not held.summary.went_in
    view = syncing.apply(scene.desk, held.summary.id)
    assert view.summary.state is RunState.HELD
    assert view.summary.went_in
    assert "new-1" in scene.users()
    assert "s1-01" in scene.users()
    assert scene.approve(view.holds[0]).summary.state is RunState.APPLIED
    assert "s1-01" not in scene.users()


def test_a_lane_approved_in_a_preview_waits_for_its_apply(scene: Scene, held: RunView) -> None:
    view = scene.approve(held.holds[0])
    assert view.summary.state is RunState.READY
    assert {row.lane for row in scene.rows(held.summary.id)} == {Lane.READY}
    assert scene.generation() == 1
    view = syncing.apply(scene.desk, held.summary.id)
    assert view.summary.state is RunState.APPLIED
    assert scene.users().keys() == scene.sis.users.keys()


def test_an_approval_in_a_preview_does_not_last_for_ever(scene: Scene, held: RunView) -> None:
    """It expires with its hours: the lane is held again, the rest goes in."""
    scene.approve(held.holds[0])
    scene.clock.forward(hours=24)
    view = syncing.apply(scene.desk, held.summary.id)
    assert view.summary.state is RunState.HELD
    assert [hold.state for hold in view.holds] == [HoldState.OPEN]
    assert {"s1-01", "new-1"} <= scene.users().keys()
    assert "approval.expired" in {entry.event for entry in auditing.audit(scene.desk, NORTH)}
    assert scene.approve(view.holds[0]).summary.state is RunState.APPLIED
    assert "s1-01" not in scene.users()


def test_a_lane_rejected_in_a_preview_is_left_out(scene: Scene, held: RunView) -> None:
    view = decisions.reject(scene.desk, held.holds[0].id, reason="no")
    assert view.summary.state is RunState.READY
    assert scene.generation() == 1
    view = syncing.apply(scene.desk, held.summary.id)
    assert view.summary.state is RunState.APPLIED
    assert {"s1-01", "new-1"} <= scene.users().keys()


def test_a_preview_of_the_first_run_is_approved_and_applied_at_once(empty_scene: Scene) -> None:
    view = empty_scene.sync(preview=True)
    with pytest.raises(Held, match="R9"):
        syncing.apply(empty_scene.desk, view.summary.id)
    assert empty_scene.approve(view.holds[0]).summary.state is RunState.APPLIED
    assert empty_scene.generation() == 1


def test_a_preview_of_nothing_is_nothing(scene: Scene) -> None:
    view = scene.sync(preview=True)
    assert view.summary.state is RunState.NOOP
    assert view.digest is not None
    assert len(changes(scene.desk, view.summary.id)) == 0


def test_a_preview_and_a_sync_of_the_same_input_give_the_same_changeset(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    first, second = scene.sync(preview=True), scene.sync()
    assert first.summary.id != second.summary.id
    assert first.digest == second.digest
    assert [h.count for h in first.holds] == [h.count for h in second.holds]


def test_the_expected_number_of_students_stands_beside_the_real_one(scene: Scene) -> None:
    scene.configure(expected={"students": 65})
    scene.sis.add_student("s1", "new-1")
    view = scene.sync(preview=True)
    assert (view.students_incoming, view.students_expected) == (61, 65)
    assert view.holds == ()


def test_a_removal_and_an_update_show_what_was_before(scene: Scene, ready: RunView) -> None:
    [update] = scene.rows(ready.summary.id, kind=Kind.USER, verb=Verb.UPDATE)
    assert (update.before, update.after) == (
        {"email": "s2-01@north.example.org"},
        {"email": "other@north.example.org"},
    )
    [removal] = scene.rows(ready.summary.id, kind=Kind.USER, verb=Verb.REMOVE)
    assert removal.before is not None
    assert removal.before["given_name"] == "Giveng-s1-30"
    assert removal.after is None
    assert removal.label == "Familyg-s1-30, Giveng-s1-30"


def test_two_lanes_of_a_preview_are_both_decided_before_it_is_ready(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    scene.sis.drop_students("s2", 7)
    scene.sis.add_student("s2", "new-1")
    first, second = scene.sync(preview=True).holds
    assert scene.approve(first).summary.state is RunState.HELD
    assert scene.generation() == 1
    assert scene.approve(second).summary.state is RunState.READY
    assert syncing.apply(scene.desk, first.run).summary.state is RunState.APPLIED
    assert scene.users().keys() == scene.sis.users.keys()


def test_a_school_that_comes_new_has_its_name(scene: Scene) -> None:
    orgs = scene.sis.tables["orgs"]
    orgs["s3"] = orgs["s1"] | {"name": "School 3", "identifier": "03"}
    orgs["s1"]["name"] = "School One"
    scene.sis.add_student("s3", "new-1")
    view = scene.sync(preview=True)
    names = {school.school: school.name for school in view.schools}
    assert (names["s3"], names["s1"]) == ("School 3", "School 1")
    [row] = scene.rows(view.summary.id, kind=Kind.USER)
    assert row.school_name == "School 3"


def test_it_can_be_turned_down(scene: Scene, ready: RunView) -> None:
    view = decisions.reject_run(
        scene.desk, ready.summary.id, reason="the old file", digest=ready.digest
    )
    assert view.summary.state is RunState.REJECTED
    assert view.reason == "the old file"
    assert view.applied == {}
    assert scene.generation() == 1
    with pytest.raises(Stale, match="already REJECTED, by sam at 2"):
        syncing.apply(scene.desk, ready.summary.id)
    told = next(e for e in auditing.audit(scene.desk, NORTH) if e.event == "run.rejected")
    assert told.body["reason"] == "the old file"
    again = scene.sync()
    assert again.summary.state is RunState.APPLIED
    assert again.digest == ready.digest


def test_all_its_holds_are_turned_down_with_it(scene: Scene, held: RunView) -> None:
    view = decisions.reject_run(scene.desk, held.summary.id, reason="the old file")
    assert view.summary.state is RunState.REJECTED
    assert view.applied == {}
    assert [hold.state for hold in view.holds] == [HoldState.REJECTED]
    assert {row.lane for row in scene.rows(held.summary.id)} == {Lane.REJECTED}
    assert scene.rows(held.summary.id, lane=Lane.READY) == []
    assert len(scene.rows(held.summary.id, lane=Lane.REJECTED)) == len(scene.rows(held.summary.id))
    assert not decisions.holds(scene.desk, NORTH)
    with pytest.raises(Stale, match="already rejected by sam"):
        decisions.approve(scene.desk, held.holds[0].id, confirm=6, reason="late")
    assert scene.sync(preview=True).summary.state is RunState.HELD


def test_what_is_in_part_is_not_turned_down_as_a_whole(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    scene.sis.add_student("s2", "new-1", classes=("c-s2-1",))
    view = scene.sync()
    assert view.summary.state is RunState.HELD
    with pytest.raises(Stale, match=r"part of run north\.2 has been applied already"):
        decisions.reject_run(scene.desk, view.summary.id, reason="no")
    assert decisions.holds(scene.desk, NORTH)


def test_nothing_is_turned_down_unseen_or_without_a_reason(scene: Scene, ready: RunView) -> None:
    with pytest.raises(Stale, match="not sha256:0"):
        decisions.reject_run(scene.desk, ready.summary.id, reason="no", digest="sha256:0")
    with pytest.raises(ConfigInvalid, match="needs a reason"):
        decisions.reject_run(scene.desk, ready.summary.id, reason=" ")
    scene.sync()
    with pytest.raises(Stale, match="SUPERSEDED"):
        decisions.reject_run(scene.desk, ready.summary.id, reason="no")
