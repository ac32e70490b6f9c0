"""A pause of the summer ends by itself when the roll-up has come, though nothing of it went in."""

from __future__ import annotations

from datetime import timedelta

from core.rollover.rolled_sis import graded_sis, graduate, promote, rolled_over
from core.scene import NORTH, Scene
from core.service.served import runs, served
from rollbook.desk import auditing, pausing
from rollbook.desk.views import RunState
from rollbook.directory.records import load_kind
from rollbook.roster.kinds import Kind

HOUR = timedelta(hours=1)


def test_it_ends_with_the_roll_up_and_then_somebody_looks(scene: Scene) -> None:
    scene.configure(schedule={"cron": ("0 2 * * *",)})
    made = pausing.pause(scene.desk, NORTH, preset="summer", until_ready=True, reason="summer")
    with scene.desk.store.read() as connection:
        before = load_kind(connection, NORTH, Kind.USER)["s1-01"].values["grades"]
    with served(scene) as it:
        it.through(scene.clock.now + 50 * HOUR)
        assert [pause.id for pause in pausing.pauses(scene.desk, NORTH)] == [made.id]
        scene.clock.forward(days=60)
        rolled_over(scene.sis)
        scene.sis.write(scene.drop)
        it.through(scene.clock.now + 23 * HOUR)
        with scene.desk.store.read() as connection:
            now = load_kind(connection, NORTH, Kind.USER)["s1-01"].values["grades"]
        assert now == before, "nothing of it went in"
        assert pausing.pauses(scene.desk, NORTH) == ()
        assert any(f"pause {made.id} ends" in line for line in it.said)
        it.through(scene.clock.now + 25 * HOUR)
    assert RunState.HELD in [run.state for run in runs(scene)][-2:]
    [entry] = [e for e in auditing.audit(scene.desk, NORTH) if e.event == "pause.ended"]
    assert entry.body == {"because": "the roll-up is done"}


def test_half_a_roll_up_ends_nothing_and_the_whole_does(empty_scene: Scene) -> None:
    """School by school, over two days."""
    scene = empty_scene
    scene.sis.tables = graded_sis().tables
    scene.sync_through()
    pausing.pause(scene.desk, NORTH, preset="summer", until_ready=True, reason="summer")
    scene.clock.forward(days=60)
    promote(scene.sis, "s1")
    scene.sync()
    with served(scene) as it:
        it.through(scene.clock.now + 7 * HOUR)
        assert len(pausing.pauses(scene.desk, NORTH)) == 1
        graduate(scene.sis)
        promote(scene.sis, "s2")
        scene.sync()
        it.through(scene.clock.now + 4 * HOUR)
        assert pausing.pauses(scene.desk, NORTH) == ()
