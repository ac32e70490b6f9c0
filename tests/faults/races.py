"""Six processes that approve one hold, or apply one run, at the same moment."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from core.runs.racers import OPERATORS, Racers
from core.scene import NORTH
from faults.acts import ACTS
from faults.arena import Arena
from faults.invariants import check_all
from rollbook.desk import auditing, decisions, syncing

_NAMES = [act.name for act in ACTS]


def race_once(arena: Arena, operators: Racers, number: int) -> tuple[str, Counter[str]]:
    """One round; what was wrong, and what was seen. Even rounds approve, odd ones apply."""
    act = _NAMES.index("preview and apply" if number % 2 else "approve the second one")
    arena.others_are_gone()
    arena.rewind(act)
    stage = arena.stages[act]
    arena.deliver(stage)
    scene = arena.open(stage.at)
    try:
        if number % 2:
            run = syncing.sync(scene.desk, NORTH, preview=True).summary.id
            task: tuple[object, ...] = ("apply", run)
        else:
            hold, count = stage.waiting[0]
            run = decisions.hold(scene.desk, hold).run
            task = ("approve", hold, count)
        generation = scene.generation()
        outcomes = operators.race(scene, [task] * 6)
        won = [outcome for outcome in outcomes if not outcome.error]
        scene.clock.now += timedelta(minutes=5)
        assert len(won) == 1, outcomes
        assert {outcome.error for outcome in outcomes} == {"", "Stale"}, outcomes
        assert scene.generation() == generation + 1
        wrote = [
            entry.who
            for entry in auditing.audit(scene.desk)
            if (entry.event, entry.subject) == ("run.applying", run) and entry.who in OPERATORS
        ]
        assert wrote == [won[0].operator], wrote
        return "", Counter(invariants=check_all(scene.desk))
    except AssertionError as error:
        return f"race {number}: {error}", Counter()
    finally:
        scene.close()
