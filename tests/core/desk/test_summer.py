"""A summer's pause: last year's links stay, it ends with the roll-up, and then somebody looks."""

from datetime import date, timedelta

import pytest

from core.rollover.rolled_sis import rolled_over
from core.scene import NORTH, Scene, configure_quietly
from rollbook.desk import auditing, decisions, pausing
from rollbook.desk.summer import end_awaited_pauses
from rollbook.desk.views import Kind, RunState

TODAY = date(2026, 3, 2)

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


def summer(scene: Scene, **options: object) -> str:
    made = pausing.pause(
        scene.desk,
        NORTH,
        preset="summer",
        until_ready=True,
        reason="summer",
        **options,  # type: ignore[arg-type]
    )
    return made.id


def test_last_years_links_stay_until_somebody_has_looked(scene: Scene) -> None:
    pause = summer(scene)
    seats = scene.held()[Kind.ENROLLMENT]
    scene.clock.forward(days=60)
    rolled_over(scene.sis)
    assert scene.sync().summary.state is RunState.APPLIED
    assert scene.held()[Kind.ENROLLMENT] == seats
    assert pausing.end_due_pauses(scene.desk, NORTH, ready=False) == ()
    scene.clock.forward(days=1)
    assert scene.sync().holds == ()
    [ended] = pausing.end_due_pauses(scene.desk, NORTH, ready=True)
    assert (ended.id, ended.active, ended.resumed_by) == (pause, False, "sam")
    view = scene.sync()
    assert "R9" in {hold.rule for hold in view.holds}
    assert scene.held()[Kind.ENROLLMENT] == seats
    while waiting := [h for h in scene.run(view.summary.id).holds if h.state == "OPEN"]:
        scene.approve(waiting[0])
    left = scene.held()[Kind.ENROLLMENT]
    assert not seats.keys() & left.keys()
    assert {values["class_id"] for values in left.values()} == set(scene.sis.classes)


def test_only_what_is_in_force_and_waits_for_it_ends_with_the_roll_up(scene: Scene) -> None:
    to_come = summer(scene, starts=TODAY + timedelta(days=5))
    by_hand = pausing.pause(scene.desk, NORTH, school="s1", reason="x").id
    assert pausing.end_due_pauses(scene.desk, NORTH, ready=True) == ()
    words = {view.id: view.words for view in pausing.pauses(scene.desk, NORTH)}
    assert set(words) == {to_come, by_hand}
    assert words[to_come].endswith("until the roll-up is done")


def test_it_ends_on_its_day_if_the_roll_up_never_comes(scene: Scene) -> None:
    summer(scene, ends=TODAY + timedelta(days=3))
    [view] = pausing.pauses(scene.desk, NORTH)
    assert view.until_ready
    assert "2026-03-05 at the latest" in view.words
    scene.clock.forward(days=4)
    assert pausing.pauses(scene.desk, NORTH) == ()


@pytest.mark.parametrize("how", ["looked at", "held", "turned down"])
def test_what_did_not_go_in_ends_no_pause(scene: Scene, how: str) -> None:
    summer(scene)
    if how != "looked at":
        configure_quietly(scene, thresholds={"surge_floor": 1, "surge_percent": 1})
    rolled_over(scene.sis)
    view = scene.sync(preview=how == "looked at")
    if how != "looked at":
        held = [hold for hold in view.holds if hold.whole_run]
        assert held
    if how == "turned down":
        decisions.reject(scene.desk, held[0].id, reason="too early")
    assert end_awaited_pauses(scene.desk) == ()


def test_once_the_roll_up_went_in_behind_the_pause_it_ends_and_somebody_looks(
    scene: Scene,
) -> None:
    summer(scene)
    rolled_over(scene.sis)
    scene.sync()
    assert len(end_awaited_pauses(scene.desk)) == 1
    [review] = [hold for hold in scene.sync().holds if hold.rule == "R9"]
    assert "first run after the pause" in review.why


def test_short_pauses_one_after_another_are_a_long_one(scene: Scene) -> None:
    for week in range(2):
        pause = pausing.pause(scene.desk, NORTH, preset="summer", reason="x")
        scene.clock.forward(days=5)
        scene.sis.users["g-s1-01"]["familyName"] = f"Contact{week}"
        assert scene.sync().holds == ()
        pausing.resume(scene.desk, pause.id)
    scene.sis.users["s1-05"]["familyName"] = "Changed"
    assert [hold.rule for hold in scene.sync().holds] == ["R9"]


def test_the_audit_trail_says_why_it_ended(scene: Scene) -> None:
    pause = summer(scene)
    pausing.end_due_pauses(scene.desk, NORTH, ready=True)
    [entry] = [e for e in auditing.audit(scene.desk, NORTH) if e.event == "pause.ended"]
    assert (entry.subject, entry.body) == (pause, {"because": "the roll-up is done"})
