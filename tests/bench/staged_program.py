"""The command line program, with a note of what each stage of a sync costs it.

    python -m bench.staged_program NOTES ARGUMENT...

runs ``rollbook ARGUMENT...`` in this process and writes to the file ``NOTES`` a list of
``[stage, CPU s, wall s, peak MiB]``. A stage begins where the sync reports it. The peak is the
stage's own, where the kernel lets a process set its high-water mark back.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

STARTING, ENDING = "start", "end"

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Stages:
    """Costs by stage, in the order in which they first began; a stage may come again."""

    def __init__(self) -> None:
        self._now = STARTING
        self._cpu = self._wall = 0.0
        self._begun = time.perf_counter()
        self.costs: dict[str, list[float]] = {}

    def enter(self, stage: str) -> None:
        """End the stage that is under way and begin another."""
        if stage == self._now:
            return
        cpu, wall = _cpu(), time.perf_counter() - self._begun
        cost = self.costs.setdefault(self._now, [0.0, 0.0, 0.0])
        cost[0] += cpu - self._cpu
        cost[1] += wall - self._wall
        cost[2] = max(cost[2], _peak())
        with suppress(OSError):
            _CLEAR.write_text("5")
        self._now, self._cpu, self._wall = stage, cpu, wall


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _peak() -> float:
    [line] = [text for text in _STATUS.read_text().splitlines() if text.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def main() -> int:
    """The command; its exit code is the program's."""
    notes, *arguments = sys.argv[1:]
    stages = Stages()
    from rollbook.cli import main as program
    from rollbook.desk import syncing

    sync = syncing.sync

    @wraps(sync)
    def noted(*args: Any, **kwargs: Any) -> Any:
        told = kwargs.get("progress")

        def report(step: Any) -> None:
            stages.enter("read" if step.stage.endswith(".csv") else step.stage)
            if told is not None:
                told(step)

        view = sync(*args, **{**kwargs, "progress": report})
        stages.enter(ENDING)
        return view

    syncing.sync = noted
    code = program(arguments)
    stages.enter("")
    Path(notes).write_text(json.dumps([[name, *cost] for name, cost in stages.costs.items()]))
    return code


if __name__ == "__main__":
    sys.exit(main())
