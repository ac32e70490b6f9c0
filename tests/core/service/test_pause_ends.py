"""A pause of the summer ends by itself when the roll-up has come, though nothing of it went in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.rollover.rolled_sis import graded_sis, graduate, promote
from core.scene import NORTH, Scene
from core.service.served import served
from rollbook.desk import auditing, pausing

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_half_a_roll_up_ends_nothing_and_the_whole_does(empty_scene: Scene) -> None:
    """School by school, over two days; then somebody has to look."""
    scene = empty_scene
    scene.sis.tables = graded_sis().tables
    scene.sync_through()
    made = pausing.pause(scene.desk, NORTH, preset="summer", until_ready=True, reason="summer")
    scene.clock.forward(days=60)
    promote(scene.sis, "s1")
    scene.sync()
    with served(scene) as it:
        it.through(scene.clock.now + 4 * HOUR)
        assert [pause.id for pause in pausing.pauses(scene.desk, NORTH)] == [made.id]
        graduate(scene.sis)
        promote(scene.sis, "s2")
        scene.sync()
        assert scene.users()["s1-01"]["grades"] == ["03"], "nothing of it went in"
        it.through(scene.clock.now + 4 * HOUR)
        assert pausing.pauses(scene.desk, NORTH) == ()
        assert any(f"pause {made.id} ends" in line for line in it.said)
    assert {hold.rule for hold in scene.sync().holds} >= {"R9"}
    [entry] = [e for e in auditing.audit(scene.desk, NORTH) if e.event == "pause.ended"]
    assert entry.body == {"because": "the roll-up is done"}
