"""A clock that jumps: what was approved before has to be approved again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.scene import NORTH, Scene
from core.scripted_clock import MORNING
from core.service.served import served
from rollbook.desk import auditing, decisions, syncing
from rollbook.desk.views import HoldState, RunState
from rollbook.service.clock_watch import ClockWatch
from rollbook.service.loop import tick

MINUTE = timedelta(minutes=1)


class Steady:
    """A clock that nobody sets."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize("minutes", [-60, 60 * 20])
def test_an_approval_has_to_be_given_again(scene: Scene, minutes: int) -> None:
    scene.sis.drop_students("s1", 6)
    [hold] = scene.sync(preview=True).holds
    scene.approve_as("sam", hold)
    with served(scene) as it:
        steady = Steady()
        it.service.watch = ClockWatch(steady)
        it.at(MORNING + 30 * MINUTE)
        steady.seconds += 600
        it.at(MORNING + 40 * MINUTE)
        assert decisions.hold(scene.desk, hold.id).state is HoldState.APPROVED
        before = scene.clock.now
        scene.clock.now += minutes * MINUTE
        tick(it.service)
        assert any("1 approvals have to be renewed" in line for line in it.said)
        scene.clock.now = before + MINUTE
        it.service.watch = ClockWatch(None)
        assert decisions.hold(scene.desk, hold.id).state is HoldState.OPEN
        assert decisions.hold(scene.desk, hold.id).approvals == ()
        scene.approve_as("sam", hold)
        assert syncing.apply(scene.desk, hold.run).summary.state is RunState.APPLIED
    [entry] = [e for e in auditing.audit(scene.desk) if e.event == "clock.jumped"]
    assert abs(entry.body["seconds"] - minutes * 60) < 30  # type: ignore[operator]
    assert auditing.verify(scene.desk).ok


def test_the_first_of_two_has_to_be_given_again_too(scene: Scene) -> None:
    scene.sis.drop_students("s1", 15)
    [hold] = scene.sync().holds
    scene.approve_as("sam", hold)
    assert decisions.hold(scene.desk, hold.id).missing == 1
    with served(scene) as it:
        it.service.watch = ClockWatch(Steady())
        it.at(MORNING + 20 * MINUTE)
        it.at(MORNING + 50 * MINUTE)
        assert decisions.hold(scene.desk, hold.id).missing == 2
        scene.approve_as("lee", hold)
        assert decisions.hold(scene.desk, hold.id).missing == 1
        scene.approve_as("sam", hold)
    assert not [user for user in scene.users() if user in ("s1-01", "s1-15")]


def test_a_little_is_no_jump(scene: Scene) -> None:
    with served(scene) as it:
        steady = Steady()
        it.service.watch = ClockWatch(steady)
        for minute in range(0, 60, 4):
            it.at(MORNING + MINUTE * minute)
        assert not [e for e in auditing.audit(scene.desk, NORTH) if e.event == "clock.jumped"]
        assert it.said == []
