"""C6: a season after the last complete set, what only changes say takes nobody out."""

import pytest

from core.deltas import write_delta
from core.scene import NORTH, Scene
from core.small_sis import SmallSis
from rollbook.desk import syncing
from rollbook.desk.views import RunState, RunView, Verb

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


def delta(scene: Scene, after: SmallSis) -> RunView:
    """What has changed since the last time comes as a delta, and is synced."""
    stamp = scene.clock.now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    write_delta(scene.sis, after, scene.drop, stamp)
    scene.sis = after
    return syncing.sync(scene.desk, NORTH)


def one_leaves_and_one_comes(sis: SmallSis, number: int) -> SmallSis:
    after = sis.copy()
    after.drop_user(f"s1-{number:02}")
    after.add_student("s2", f"new-{number}")
    return after


@pytest.mark.parametrize(("days", "held", "told"), [(74, 0, 0), (75, 0, 1), (89, 0, 1), (90, 1, 1)])
def test_changes_alone_take_nobody_out_after_ninety_days(
    scene: Scene, days: int, held: int, told: int
) -> None:
    scene.clock.forward(days=20)
    delta(scene, one_leaves_and_one_comes(scene.sis, 1))
    scene.clock.forward(days=days - 20)
    view = delta(scene, one_leaves_and_one_comes(scene.sis, 2))
    assert len([f for f in view.findings if f.code == "upload-clock"]) == told
    holds = [hold for hold in view.holds if hold.rule == "C6"]
    assert len(holds) == held
    people = scene.users()
    assert "new-2" in people
    assert ("s1-02" in people) == bool(held)


def test_a_complete_set_turns_removals_on_again(scene: Scene) -> None:
    scene.clock.forward(days=95)
    [hold] = delta(scene, one_leaves_and_one_comes(scene.sis, 2)).holds
    assert (hold.rule, hold.verb, hold.covers["remove"]["user"]) == ("C6", Verb.REMOVE, 1)
    assert "for 95 days" in hold.why
    view = scene.sync()
    assert view.holds == ()
    assert view.summary.state is RunState.APPLIED
    assert "s1-02" not in scene.users()
    scene.clock.forward(days=80)
    view = delta(scene, one_leaves_and_one_comes(scene.sis, 3))
    assert view.holds == ()
