"""``kill -9`` to the command line at a moment that nobody chose; then the next one comes."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

from faults.acts import ACTS
from faults.arena import Arena, recover
from faults.command_line import arguments, command, start


@dataclass
class Killer:
    """Kills commands in an arena; how long each takes it learns from the first."""

    arena: Arena
    seconds: dict[int, float] = field(default_factory=dict)

    def kill(self, seed: int) -> tuple[str, Counter[str]]:
        """Kill one command, drawn by ``seed``; what was wrong afterwards, and what was seen."""
        chance = random.Random(seed)
        stages = self.arena.stages
        act = chance.choice([n for n, stage in enumerate(stages) if arguments(stage)])
        if act not in self.seconds:
            self.seconds[act] = self._undisturbed(act)
        died = self._killed(act, chance.uniform(0, self.seconds[act]))
        problem, seen = recover(self.arena, act, until=act + 1, late=2)
        seen["kills"] += died
        return (f"kill of {ACTS[act].name!r}, seed {seed}: {problem}" if problem else ""), seen

    def _undisturbed(self, act: int) -> float:
        self._begin(act)
        with start(command(self.arena, self.arena.stages[act])) as process:
            assert process.stdout is not None
            process.stdout.readline()
            begun = time.monotonic()
            process.communicate()
            return time.monotonic() - begun

    def _killed(self, act: int, after: float) -> bool:
        self._begin(act)
        with start(command(self.arena, self.arena.stages[act])) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(after)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            return process.returncode == -signal.SIGKILL

    def _begin(self, act: int) -> None:
        self.arena.others_are_gone()
        self.arena.rewind(act)
        self.arena.deliver(self.arena.stages[act])
