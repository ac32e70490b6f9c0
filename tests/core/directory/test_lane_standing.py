"""What is told of a run's lanes at once is what lists of its changes are asked for."""

from collections import Counter

from sqlalchemy import Connection, select

from core.scene import NORTH, Scene, configure_quietly
from rollbook.desk import decisions, pausing
from rollbook.desk.views import Kind, RunState
from rollbook.directory import changesets, holds
from rollbook.directory.lane_standing import standing_of
from rollbook.directory.tables import lanes

WORDS = ("applied", "paused", "held", "rejected", "ready")


def by_sql(connection: Connection, run: str, word: str, whole: bool) -> frozenset[int]:
    condition = changesets.lane_condition(word, whole)
    query = select(lanes.c.number).where(lanes.c.run == run, condition)
    return frozenset(connection.execute(query).scalars())


def compared(scene: Scene, run: str) -> Counter[str]:
    """The changes by word; told at once, they are those of the lists."""
    found: Counter[str] = Counter()
    with scene.desk.store.read() as connection:
        rows = holds.of_run(connection, run)
        standing = standing_of(connection, run, rows)
        for word in WORDS:
            condition = changesets.lane_condition(word, False)
            found[word] = standing.count(word)
            assert found[word] == changesets.count(connection, run, condition)
            assert standing.by_kind(word, whole=False) == changesets.count_by(
                connection, run, condition
            )
            for whole in (False, True):
                told = standing.lanes_that(word, whole=whole)
                assert told == by_sql(connection, run, word, whole)
        left = standing_of(connection, run, rows, applied=False)
        assert [c for c in standing.counts if standing.lanes[c.lane].applied_in is None] == list(
            left.counts
        )
    return found


def test_every_word_for_every_lane(scene: Scene) -> None:
    """Students leave, classes of another school rest; the hold is turned down."""
    configure_quietly(scene, thresholds={"removal_floor": 1})
    scene.sis.drop_students("s1", 6)
    pausing.pause(scene.desk, NORTH, kinds=(Kind.CLASS,), reason="so")
    scene.sis.drop_class("c-s2-1")
    scene.sis.users["s2-01"]["givenName"] = "Ida"
    view = scene.sync()
    assert view.summary.state is RunState.HELD
    waiting = compared(scene, view.summary.id)
    assert waiting["applied"]
    assert waiting["held"]
    assert waiting["paused"]
    assert not waiting["rejected"]
    first, *_ = view.holds
    decisions.reject(scene.desk, first.id, reason="no")
    assert compared(scene, view.summary.id)["rejected"]
    assert scene.run(view.summary.id).counts[Kind.CLASS].paused
