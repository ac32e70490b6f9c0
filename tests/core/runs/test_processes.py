"""Six processes at the same moment, on either store: one wins, the others are told who and when."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from core.runs.racers import Outcome, Racers, racers
from core.scene import NORTH, Scene
from core.service.served import served
from rollbook.desk import auditing, decisions, history, pausing, schedules
from rollbook.desk.views import HoldView, Kind, RunKind, RunState

ROUNDS = range(3)
WHO_AND_WHEN = re.compile(r"\bby (\w+) at (2026-03-\d\d \d\d:\d\d UTC)")


@pytest.fixture(scope="module")
def operators() -> Iterator[Racers]:
    with racers() as running:
        yield running


def winner_of(outcomes: list[Outcome]) -> str:
    """Who won; every other one has to have been told that, and when it was."""
    winners = [outcome.operator for outcome in outcomes if not outcome.error]
    assert len(winners) == 1, outcomes
    for loser in outcomes:
        if loser.error:
            assert loser.error == "Stale", loser
            told = WHO_AND_WHEN.search(loser.message)
            assert told, loser
            assert told[1] == winners[0]
    return winners[0]


def lane_hold(scene: Scene) -> HoldView:
    scene.sis.drop_students("s1", 6)
    [hold] = scene.sync().holds
    return hold


@pytest.mark.parametrize("number", ROUNDS)
def test_six_approve_the_same_hold(scene: Scene, operators: Racers, number: int) -> None:
    hold = lane_hold(scene)
    generation = scene.generation()
    winner = winner_of(operators.race(scene, [("approve", hold.id, hold.count)] * 6))
    assert decisions.hold(scene.desk, hold.id).decided_by == winner
    assert scene.generation() == generation + 1
    trail = [(e.event, e.who) for e in auditing.audit(scene.desk) if e.subject == hold.id]
    assert [entry for entry in trail if entry[0] == "hold.approved"] == [("hold.approved", winner)]
    assert auditing.verify(scene.desk).ok


@pytest.mark.parametrize("number", ROUNDS)
def test_six_apply_the_same_run(scene: Scene, operators: Racers, number: int) -> None:
    scene.sis.add_student("s1", "new")
    run = scene.sync(preview=True).summary.id
    winner = winner_of(operators.race(scene, [("apply", run)] * 6))
    assert "new" in scene.users()
    assert scene.generation() == 2
    [applied] = [
        e for e in auditing.audit(scene.desk) if e.event == "run.applied" and e.subject == run
    ]
    assert applied.who == winner
    assert auditing.verify(scene.desk).ok


def test_six_undo_the_same_run(scene: Scene, operators: Racers) -> None:
    scene.sis.add_student("s1", "new")
    run = scene.sync().summary.id
    winner = winner_of(operators.race(scene, [("undo", run)] * 6))
    assert history.runs(scene.desk, limit=1)[0].created_by == winner
    assert "new" not in scene.users()
    assert scene.generation() == 3


def test_six_syncs_at_once_are_one_after_another_or_refused(
    scene: Scene, operators: Racers
) -> None:
    scene.sis.add_student("s1", "new", classes=("c-s1-1",))
    scene.sis.write(scene.drop)
    outcomes = operators.race(scene, [("sync",)] * 6)
    assert {outcome.error for outcome in outcomes} <= {"", "Busy"}
    assert "new" in scene.users()
    assert scene.generation() == 2
    runs = history.runs(scene.desk)
    assert [run.state for run in runs].count(RunState.APPLIED) == 2
    assert not [run for run in runs if run.state is RunState.FETCHING]
    assert auditing.verify(scene.desk).ok


@pytest.mark.parametrize("number", ROUNDS)
def test_two_operators_and_a_sync_at_once_all_stand_or_are_told(
    scene: Scene, operators: Racers, number: int
) -> None:
    """Whatever comes first, each act is done whole or refused; then a sync makes it converge."""
    hold = lane_hold(scene)
    scene.sis.users["s2-05"]["phone"] = "555"
    scene.sis.write(scene.drop)
    outcomes = operators.race(
        scene,
        [("approve", hold.id, hold.count), ("merge", "s2-01", "s2-02"), ("sync",)],
    )
    approved, merged, synced = (outcome.error for outcome in outcomes)
    assert approved in ("", "Stale"), outcomes
    assert merged in ("", "Stale"), outcomes
    assert synced in ("", "Stale"), outcomes
    assert auditing.verify(scene.desk).ok
    assert ("s2-02" in scene.users()) is bool(merged)
    scene.sync_through()
    assert scene.users()["s2-05"]["phone"] == "555"
    assert scene.users().keys() & {"s1-01", "s1-06"} == set()
    assert scene.sync().summary.state is RunState.NOOP
    kinds = {run.kind for run in history.runs(scene.desk) if run.state is RunState.APPLIED}
    assert (RunKind.MERGE in kinds) is not bool(merged)
    assert len(scene.held()[Kind.ORG]) == 3


def test_two_operators_and_two_services_at_once(scene: Scene, operators: Racers) -> None:
    """A slot is due, and both services look at it while two people decide the same hold."""
    scene.configure(schedule={"times": ("06:30",)})
    hold = lane_hold(scene)
    with served(scene):
        pass
    scene.sis.users["s2-05"]["phone"] = "555"
    scene.sis.write(scene.drop)
    scene.clock.forward(hours=1)
    outcomes = operators.race(
        scene,
        [("approve", hold.id, hold.count), ("approve", hold.id, hold.count), *[("serve",)] * 2],
    )
    one, other, *services = (outcome.error for outcome in outcomes)
    assert services == ["", ""], outcomes
    assert {one, other} <= {"", "Stale"}, outcomes
    assert "Stale" in (one, other), outcomes
    slots = [slot for view in schedules.schedules(scene.desk, NORTH) for slot in view.newest]
    synced = [run for run in history.runs(scene.desk) if run.created_by in ("cat", "dan")]
    assert len(slots) == len(synced) == 1, outcomes
    assert scene.users()["s2-05"]["phone"] == "555"
    assert ("s1-01" in scene.users()) is (one == other)
    told = [outcome.message for outcome in outcomes if outcome.error]
    assert all(WHO_AND_WHEN.search(message) for message in told), told
    assert auditing.verify(scene.desk).ok


def test_pauses_and_numbers_do_not_collide_and_none_is_made_twice(
    scene: Scene, operators: Racers
) -> None:
    kinds = ("user", "class", "course")
    outcomes = operators.race(scene, [("pause", "s1", kind) for kind in kinds * 2])
    assert Counter(outcome.error for outcome in outcomes) == {"": 3, "ConfigInvalid": 3}
    made = pausing.pauses(scene.desk, NORTH)
    assert sorted(pause.id for pause in made) == [f"{NORTH}.p{n}" for n in range(1, 4)]
    assert {kind for pause in made for kind in pause.kinds} == set(kinds)
    assert auditing.verify(scene.desk).ok
