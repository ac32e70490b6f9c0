"""Many lives of a district, one after another."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import cast

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from core.accounts.policies import POLICY, set_policy
from core.life.machine import DistrictLife
from core.scene import Saved, new_scene, saved
from core.small_sis import small_sis
from postgres.server import Server

LIMITS = {
    **{"removal_floor": 3, "removal_percent": 20, "surge_floor": 12, "surge_percent": 30},
    **{"rejected_percent": 40, "shrink_percent": 75, "rekey_floor": 3, "rename_floor": 2},
}

OFTEN = (
    *("add applied", "update applied", "remove applied", "moves applied", "losses over a limit"),
    *("held", "approve", "agreed by two", "reject", "paused", "merge", "split", "undo", "apply"),
    *("refused: approve what is over", "refused: a wrong number", "refused: apply", "spoiled"),
    *("killed", "interrupted", "clock back", "clock forward", "changeover", "settled"),
    *("edits by hand noticed", "re-links applied", "resume", "refused: undo", "approvals lapsed"),
    *("other limits", "tidy up"),
    *("source: re-key", "source: bring back", "source: drop", "source: double", "source: move"),
    *("file: the last rows are gone", "file: twice, and not the same"),
)
"""What must have happened often enough, so that the lives have proved something."""

NOW_AND_THEN = (
    "turn down",
    *("refused: approve too late", "refused: approve as the same one"),
    *(
        "refused: a wrong digest",
        "file: header only",
        "file: nothing in it",
        "file: cut off",
        "file: twice",
    ),
)
"""What must have happened, too."""

RARELY = ("undo an undo",)
"""What must have happened in many lives."""


def template_of(folder: Path, server: Server | None) -> Saved:
    """Two schools of seven students, with limits that are reached often."""
    scene = new_scene(folder, small_sis(2, 7, classes=2), server=server)
    scene.configure(thresholds=LIMITS)
    set_policy(scene, POLICY)
    scene.sync_through()
    return saved(scene, folder / "saved", server)


def live(
    template: Saved, seen: Counter[str], *, lives: int, steps: int, seeded: int | None = None
) -> None:
    """Live so many lives of at most ``steps`` acts each: the same ones as ever, or those of a seed.

    Raises what broke a life, with the numbers of its acts.
    """

    def machine() -> RuleBasedStateMachine:
        return DistrictLife(template, seen)

    if seeded is not None:
        machine = seed(seeded)(machine)
    run_state_machine_as_test(
        cast(type[RuleBasedStateMachine], machine),
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            derandomize=seeded is None,
            database=None,
            deadline=None,
            phases=(Phase.generate, *((Phase.shrink,) if seeded is None else ())),
            suppress_health_check=list(HealthCheck),
        ),
    )
