"""Two operators at once: one wins, the other is told who."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.scene import NORTH, Scene
from core.writing import apply_changes
from rollbook.desk import auditing, checklists, decisions, pausing, people, syncing, undoing
from rollbook.desk.desk import Desk
from rollbook.errors import Busy, RollbookError, Stale
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.runs.comparison import Comparison, compare_snapshot
from rollbook.runs.lock import district_lock


def race(*acts: Callable[[], object]) -> list[object]:
    """Start all acts at once; what each returned, or the error that it raised."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[object] = [None] * len(acts)

    def run(position: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            outcomes[position] = act()
        except RollbookError as error:
            outcomes[position] = error

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def desks(scene: Scene) -> Iterator[list[Desk]]:
    """Four operators, each at a desk of their own."""
    desks = [scene.at(name) for name in ("ann", "bob", "cat", "dan")]
    yield desks
    for desk in desks:
        desk.close()


def approving(desk: Desk, hold: str, count: int) -> Callable[[], object]:
    return lambda: decisions.approve(desk, hold, confirm=count, reason=f"by {desk.operator}")


def test_of_several_approvals_one_wins_and_the_others_are_told_who(
    scene: Scene, desks: list[Desk]
) -> None:
    scene.sis.drop_students("s1", 6)
    [hold] = scene.sync().holds
    generation = scene.generation()
    outcomes = race(*(approving(desk, hold.id, 6) for desk in desks))
    losers = [o for o in outcomes if isinstance(o, Stale)]
    assert len(losers) == 3
    winner = decisions.hold(scene.desk, hold.id).decided_by
    assert all(f"already approved by {winner} at" in str(loser) for loser in losers)
    assert scene.generation() == generation + 1
    trail = [(entry.event, entry.subject) for entry in auditing.audit(scene.desk, NORTH)]
    assert trail.count(("hold.approved", hold.id)) == 1
    assert trail.count(("run.applied", hold.run)) == 1
    assert auditing.verify(scene.desk).ok


def test_one_approves_and_one_rejects(scene: Scene, desks: list[Desk]) -> None:
    scene.sis.drop_students("s1", 6)
    [hold] = scene.sync().holds
    outcomes = race(
        approving(desks[0], hold.id, 6),
        lambda: decisions.reject(desks[1], hold.id, reason="no"),
    )
    assert sum(isinstance(outcome, Stale) for outcome in outcomes) == 1
    decided = decisions.hold(scene.desk, hold.id)
    assert ("s1-01" in scene.users()) is (decided.decided_by == "bob")


def test_a_preview_is_applied_by_one(scene: Scene, desks: list[Desk]) -> None:
    scene.sis.add_student("s1", "new")
    view = scene.sync(preview=True)
    outcomes = race(*(lambda d=desk: syncing.apply(d, view.summary.id) for desk in desks))
    assert sum(isinstance(outcome, Stale) for outcome in outcomes) == 3
    assert scene.generation() == 2


def test_a_run_is_undone_by_one(scene: Scene, desks: list[Desk]) -> None:
    scene.sis.add_student("s1", "new")
    view = scene.sync()
    outcomes = race(
        *(lambda d=desk: undoing.undo(d, view.summary.id, reason="x") for desk in desks)
    )
    assert sum(isinstance(outcome, Stale) for outcome in outcomes) == 3
    assert "new" not in scene.users()


def test_a_merge_is_split_by_one(scene: Scene, desks: list[Desk]) -> None:
    merge = people.merge(scene.desk, NORTH, "s1-01", "s1-02", reason="one child")
    outcomes = race(*(lambda d=desk: people.split(d, merge.id, reason="two") for desk in desks))
    assert sum(isinstance(outcome, Stale) for outcome in outcomes) == 3
    assert "s1-02" in scene.users()


def test_a_pause_is_ended_by_one_who_is_named(scene: Scene, desks: list[Desk]) -> None:
    pause = pausing.pause(scene.desk, NORTH, preset="blackout", reason="x")
    outcomes = race(*(lambda d=desk: pausing.resume(d, pause.id) for desk in desks))
    losers = [outcome for outcome in outcomes if isinstance(outcome, Stale)]
    assert len(losers) == 3
    [ended] = pausing.pauses(scene.desk, NORTH, ended=True)
    assert all(f"ended by {ended.resumed_by}" in str(loser) for loser in losers)


def test_a_step_is_ticked_by_one_who_is_named(scene: Scene, desks: list[Desk]) -> None:
    step = (NORTH, "end-of-year", "grading")
    outcomes = race(*(lambda d=desk: checklists.tick(d, *step) for desk in desks))
    losers = [outcome for outcome in outcomes if isinstance(outcome, Stale)]
    assert len(losers) == 3
    [ticked] = [s for s in checklists.checklist(scene.desk, *step[:2]).steps if s.id == step[2]]
    assert all(f"already ticked by {ticked.done_by} at 2026-" in str(loser) for loser in losers)
    checklists.tick(scene.desk, *step, done=False)
    checklists.tick(scene.desk, *step)


def test_two_syncs_of_a_district_do_not_run_at_once(scene: Scene) -> None:
    with (
        district_lock(scene.desk.store, scene.desk.home.locks, NORTH),
        pytest.raises(Busy, match=f"a run of {NORTH} is under way"),
    ):
        scene.sync()
    assert [r for r in auditing.audit(scene.desk) if r.subject == "north.2"] == []
    assert scene.sync().summary.id == "north.2"


def test_who_comes_second_is_told_whose_run_it_is_and_since_when(
    scene: Scene, desks: list[Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def meanwhile(*args: Any) -> Comparison:
        with pytest.raises(Busy) as refused:
            syncing.sync(desks[1], NORTH)
        told.append(str(refused.value))
        return compare_snapshot(*args)

    monkeypatch.setattr("rollbook.runs.sync.compare_snapshot", meanwhile)
    scene.sis.add_student("s1", "new")
    scene.sis.write(scene.drop)
    begun = scene.clock.now
    run = syncing.sync(desks[0], NORTH).summary.id
    assert told == [
        f"a run of {NORTH} is under way: {run}, by ann at {begun:%Y-%m-%d %H:%M} UTC, "
        f"process {os.getpid()} on {socket.gethostname()}. Wait until it is done."
    ]


def test_syncs_that_start_together_leave_one_whole_directory(
    scene: Scene, desks: list[Desk]
) -> None:
    scene.sis.add_student("s1", "new", classes=("c-s1-1",))
    scene.sis.write(scene.drop)
    outcomes = race(*(lambda d=desk: syncing.sync(d, NORTH) for desk in desks))
    assert all(not isinstance(o, RollbookError) or isinstance(o, Busy) for o in outcomes)
    assert "new" in scene.users()
    assert scene.generation() == 2
    assert auditing.verify(scene.desk).ok


def test_a_sync_and_a_merge_at_once_both_stand(scene: Scene, desks: list[Desk]) -> None:
    """The comparison is made again when the directory moves under it; nothing is lost."""
    scene.sis.users["s1-01"]["phone"] = "555"
    scene.sis.write(scene.drop)
    race(
        lambda: syncing.sync(desks[0], NORTH),
        lambda: people.merge(desks[1], NORTH, "s2-01", "s2-02", reason="one child"),
    )
    scene.sync()
    assert scene.users()["s1-01"]["phone"] == "555"
    assert "s2-02" not in scene.users()
    assert scene.sync().summary.state == "NOOP"
    assert auditing.verify(scene.desk).ok


@pytest.mark.parametrize(("times", "state"), [(1, "APPLIED"), (2, "APPLIED"), (3, None)])
def test_a_directory_that_moves_while_it_is_compared_is_compared_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, times: int, state: str | None
) -> None:
    left = list(range(times))

    def compare_while_another_writes(*args: Any) -> Comparison:
        comparison = compare_snapshot(*args)
        if left:
            org = Change(Kind.ORG, Verb.ADD, f"other-{left.pop()}", None, {"name": "Other"})
            with scene.desk.store.write() as connection:
                apply_changes(connection, NORTH, "north.1", [org], scene.generation())
        return comparison

    monkeypatch.setattr("rollbook.runs.sync.compare_snapshot", compare_while_another_writes)
    scene.sis.add_student("s1", "new")
    if state is None:
        with pytest.raises(Stale, match="kept changing"):
            scene.sync()
        assert scene.run("north.2").summary.state == "CANCELLED"
        assert "new" not in scene.users()
    else:
        assert scene.sync().summary.state == state
        assert "new" in scene.users()
        assert not [org for org in scene.held()[Kind.ORG] if org.startswith("other")]
