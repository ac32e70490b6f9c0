"""A fifth of a school's students is missing: what waits, what goes in, and who decides."""

from datetime import timedelta

import pytest

from core.scene import NORTH, Scene
from core.small_sis import SmallSis
from rollbook.desk import auditing, decisions, exports, syncing
from rollbook.desk.change_lists import changes
from rollbook.desk.views import ChangeFilter, HoldState, HoldView, Kind, Lane, RunState, Verb
from rollbook.errors import ConfigInvalid, NotFound, Stale


@pytest.fixture
def gone(scene: Scene) -> list[str]:
    """Six of thirty students of one school are missing, two new ones are in the same file."""
    gone = scene.sis.drop_students("s1", 6)
    scene.sis.add_student("s1", "new-1", classes=("c-s1-1",), agents="g-s1-30")
    scene.sis.add_student("s2", "new-2", classes=("c-s2-1",))
    return gone


@pytest.fixture
def hold(scene: Scene, gone: list[str]) -> HoldView:
    [hold] = scene.sync().holds
    return hold


def test_the_lane_is_held_with_rule_numbers_and_cause(hold: HoldView) -> None:
    assert (hold.id, hold.rule, hold.state) == ("north.2.h1", "R1", HoldState.OPEN)
    assert (hold.kind, hold.verb, hold.school_name) == (Kind.USER, Verb.REMOVE, "School 1")
    assert (hold.count, hold.base, hold.percent) == (6, 30, 20)
    assert "6 of 30 (20.0 %) students of School 1" in hold.why
    assert hold.cause
    assert hold.covers == {
        "remove": {"user": 6, "role": 6, "enrollment": 12, "guardian": 6, "demographics": 6}
    }
    assert hold.waiting == 36
    assert not hold.whole_run


def test_the_new_students_of_the_same_file_are_in(
    scene: Scene, gone: list[str], hold: HoldView
) -> None:
    users = scene.users()
    assert {"new-1", "new-2"} <= users.keys()
    assert set(gone) <= users.keys()
    held = scene.held()
    assert "new-1:g-s1-30" in held[Kind.GUARDIAN]
    assert "e-new-2-c-s2-1" in held[Kind.ENROLLMENT]
    assert {f"e-{gone[0]}-c-s1-2", f"e-{gone[0]}-c-s1-3"} <= held[Kind.ENROLLMENT].keys()
    view = scene.run(hold.run)
    assert view.summary.state is RunState.HELD
    assert view.applied[Kind.USER] == {Verb.ADD: 2}
    assert view.waiting[Kind.USER] == {Verb.REMOVE: 6}


def test_every_change_is_in_one_lane_and_the_counts_are_those_of_the_list(
    scene: Scene, hold: HoldView
) -> None:
    view = scene.run(hold.run)
    rows = scene.rows(hold.run)
    for lane in Lane:
        assert [r.seq for r in scene.rows(hold.run, lane=lane)] == [
            row.seq for row in rows if row.lane is lane
        ]
    assert {row.lane for row in rows} == {Lane.APPLIED, Lane.HELD}
    for kind, counts in view.counts.items():
        of_kind = [row for row in rows if row.kind is kind]
        assert (counts.add, counts.update, counts.remove) == tuple(
            sum(row.verb is verb for row in of_kind) for verb in Verb
        )
        assert counts.held == sum(row.lane is Lane.HELD for row in of_kind)


def test_approved_with_the_right_number_they_leave_with_all_that_is_theirs(
    scene: Scene, gone: list[str], hold: HoldView
) -> None:
    view = decisions.approve(scene.desk, hold.id, confirm=6, reason="moved away")
    assert view.summary.state is RunState.APPLIED
    assert not set(gone) & scene.users().keys()
    assert scene.users().keys() == scene.sis.users.keys()
    assert scene.held()[Kind.ENROLLMENT].keys() == scene.sis.enrollments.keys()
    [decided] = view.holds
    assert (decided.state, decided.decided_by, decided.reason) == (
        HoldState.APPROVED,
        "sam",
        "moved away",
    )
    assert scene.sync().summary.state is RunState.NOOP


def refused(scene: Scene, hold: HoldView, *, match: str, **given: object) -> None:
    """An approval that is refused changes nothing."""
    before, generation = scene.held(), scene.generation()
    arguments = {"confirm": hold.count, "reason": "seen"} | given
    with pytest.raises(Stale, match=match):
        decisions.approve(scene.desk, hold.id, **arguments)  # type: ignore[arg-type]
    assert scene.held() == before
    assert scene.generation() == generation


@pytest.mark.parametrize("confirm", [0, 5, 7, 36, -6])
def test_a_wrong_number_is_refused(scene: Scene, hold: HoldView, confirm: int) -> None:
    refused(scene, hold, confirm=confirm, match="is about 6, not")
    assert decisions.hold(scene.desk, hold.id).state is HoldState.OPEN


def test_a_wrong_digest_is_refused_and_the_right_one_is_not(scene: Scene, hold: HoldView) -> None:
    refused(scene, hold, digest="sha256:0", match="sha256:0")
    view = decisions.approve(scene.desk, hold.id, confirm=6, reason="x", digest=hold.digest)
    assert view.summary.state is RunState.APPLIED


def test_an_approval_is_used_once(scene: Scene, hold: HoldView) -> None:
    scene.approve(hold)
    refused(scene, hold, match="already approved by sam")


def test_after_a_newer_file_the_old_hold_is_no_more(scene: Scene, hold: HoldView) -> None:
    scene.sis.drop_students("s1", 1)
    newer = scene.sync()
    refused(scene, hold, match="already superseded")
    assert scene.run(hold.run).summary.state is RunState.SUPERSEDED
    [now] = newer.holds
    assert now.count == 7


def test_a_newer_file_without_the_loss_releases_nobody(
    scene: Scene, gone: list[str], hold: HoldView, sis: SmallSis
) -> None:
    scene.sis = sis
    scene.sis.users["s2-01"]["phone"] = "5"
    view = scene.sync()
    assert view.holds == ()
    assert set(gone) <= scene.users().keys()
    refused(scene, hold, match="superseded")


def test_a_changeset_that_is_too_old_is_refused(scene: Scene, hold: HoldView) -> None:
    scene.clock.forward(days=7)
    assert decisions.hold(scene.desk, hold.id).state is HoldState.EXPIRED
    assert scene.run(hold.run).summary.state is RunState.EXPIRED
    assert decisions.holds(scene.desk) == ()
    refused(scene, hold, match="too old")
    [again] = scene.sync().holds
    assert again.id != hold.id
    assert scene.approve(again).summary.state is RunState.APPLIED


def test_a_changeset_that_is_not_yet_too_old_is_good(scene: Scene, hold: HoldView) -> None:
    scene.clock.forward(days=6, hours=23)
    assert scene.approve(hold).summary.state is RunState.APPLIED


def test_the_same_input_again_brings_the_waiting_run_and_no_second_hold(
    scene: Scene, hold: HoldView
) -> None:
    generation = scene.generation()
    again = scene.sync()
    assert again.summary.id == hold.run
    assert [h.id for h in decisions.holds(scene.desk, NORTH)] == [hold.id]
    assert scene.generation() == generation
    assert scene.run("north.3").summary.state is RunState.NOOP
    assert scene.approve(hold).summary.state is RunState.APPLIED


def test_rejected_they_stay_and_the_same_file_asks_again(
    scene: Scene, gone: list[str], hold: HoldView
) -> None:
    view = decisions.reject(scene.desk, hold.id, reason="the office says no")
    assert view.summary.state is RunState.APPLIED
    assert {row.lane for row in scene.rows(hold.run)} == {Lane.APPLIED, Lane.REJECTED}
    assert set(gone) <= scene.users().keys()
    refused(scene, hold, match="already rejected by sam")
    [again] = scene.sync().holds
    assert (again.count, again.state) == (6, HoldState.OPEN)


def test_snoozed_it_keeps_quiet_and_keeps_everything_back(
    scene: Scene, gone: list[str], hold: HoldView
) -> None:
    until = scene.clock.now + timedelta(hours=5)
    assert decisions.snooze(scene.desk, hold.id, until=until).state is HoldState.SNOOZED
    assert [h.id for h in decisions.holds(scene.desk)] == [hold.id]
    assert set(gone) <= scene.users().keys()
    scene.clock.forward(hours=6)
    assert decisions.hold(scene.desk, hold.id).state is HoldState.OPEN
    assert scene.approve(hold).summary.state is RunState.APPLIED


def test_a_snooze_ends_in_the_future(scene: Scene, hold: HoldView) -> None:
    with pytest.raises(ConfigInvalid, match="to come"):
        decisions.snooze(scene.desk, hold.id, until=scene.clock.now)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_decision_needs_a_reason(scene: Scene, hold: HoldView, reason: str) -> None:
    with pytest.raises(ConfigInvalid, match="reason"):
        decisions.approve(scene.desk, hold.id, confirm=6, reason=reason)
    with pytest.raises(ConfigInvalid, match="reason"):
        decisions.reject(scene.desk, hold.id, reason=reason)
    assert decisions.hold(scene.desk, hold.id).state is HoldState.OPEN


def test_an_unknown_hold_is_said(scene: Scene) -> None:
    with pytest.raises(NotFound, match="no hold"):
        decisions.approve(scene.desk, "north.9.h1", confirm=1, reason="x")
    with pytest.raises(NotFound, match="no hold"):
        decisions.hold(scene.desk, "north.9.h1")


def test_the_whole_list_can_be_looked_through(
    scene: Scene, gone: list[str], hold: HoldView
) -> None:
    of_hold = changes(scene.desk, hold.run, ChangeFilter(hold=hold.id))
    assert len(of_hold) == hold.waiting
    assert {row.id for row in of_hold if row.kind is Kind.USER} == set(gone)
    found = scene.rows(hold.run, search=f"family{gone[0]}", kind=Kind.USER)
    assert [row.id for row in found] == [gone[0]]
    path = scene.desk.home.exports / "held.csv"
    assert exports.export_hold(scene.desk, hold.id, path) == hold.waiting
    assert len(path.read_text(encoding="utf-8").splitlines()) == hold.waiting + 1


def test_every_step_is_in_the_trail(scene: Scene, hold: HoldView) -> None:
    scene.approve(hold)
    trail = list(reversed(auditing.audit(scene.desk, NORTH)))
    events = [e.event for e in trail if (e.subject or "").startswith(hold.run)]
    assert events == [
        *("run.started", "run.staged", "run.planned", "hold.raised", "run.held"),
        *("run.applying", "run.held", "hold.approved", "run.applying", "run.applied"),
    ]
    approved = next(e for e in trail if e.subject == hold.id)
    assert (approved.who, approved.subject) == ("sam", hold.id)
    assert approved.body["count"] == 6
    assert approved.body["digest"] == hold.digest
    assert auditing.verify(scene.desk).ok


def test_two_lanes_are_two_decisions(scene: Scene) -> None:
    at_one = scene.sis.drop_students("s1", 6)
    at_two = scene.sis.drop_students("s2", 7)
    first, second = scene.sync().holds
    view = decisions.reject(scene.desk, first.id, reason="no")
    assert view.summary.state is RunState.HELD
    view = scene.approve(second)
    assert view.summary.state is RunState.APPLIED
    assert set(at_one) <= scene.users().keys()
    assert not set(at_two) & scene.users().keys()
    lanes = {row.lane for row in scene.rows(first.run)}
    assert lanes == {Lane.APPLIED, Lane.REJECTED}


def test_what_was_rejected_alone_leaves_the_run_rejected(scene: Scene) -> None:
    scene.sis.drop_students("s1", 6)
    [hold] = scene.sync().holds
    view = decisions.reject(scene.desk, hold.id, reason="no")
    assert view.summary.state is RunState.REJECTED
    assert view.applied == {}


def test_a_sync_says_where_it_is(scene: Scene, gone: list[str]) -> None:
    seen: list[str] = []
    scene.sis.write(scene.drop)
    syncing.sync(scene.desk, NORTH, progress=lambda progress: seen.append(progress.stage))
    assert seen[0] == "reading the source"
    assert "reading users.csv" in seen
    assert seen[-3:] == ["comparing", "judging", "applying"]
