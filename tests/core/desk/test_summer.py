"""A summer's pause: last year's links stay, it ends with the roll-up, and then somebody looks."""

from datetime import date, timedelta

import pytest

from core.rollover.rolled_sis import rolled_over
from core.scene import NORTH, Scene
from rollbook.desk import auditing, pausing
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


def test_the_audit_trail_says_why_it_ended(scene: Scene) -> None:
    pause = summer(scene)
    pausing.end_due_pauses(scene.desk, NORTH, ready=True)
    [entry] = [e for e in auditing.audit(scene.desk, NORTH) if e.event == "pause.ended"]
    assert (entry.subject, entry.body) == (pause, {"because": "the roll-up is done"})
