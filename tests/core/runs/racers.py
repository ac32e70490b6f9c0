"""Operators in processes of their own, who act at the same moment.

As a program, it is one operator: it reads what to do, a JSON document in a line, opens a desk, says
``ready``, waits for another line and acts; the outcome is a JSON document in a line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.scene import NORTH, Scene
from core.scripted_clock import Clock
from rollbook.desk import decisions, pausing, people, syncing, undoing
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.services import serving
from rollbook.desk.views import Kind
from rollbook.errors import RollbookError
from rollbook.service.loop import Service, tick
from rollbook.service.workers import InTurn

OPERATORS = ("ann", "bob", "cat", "dan", "eve", "fay")


@dataclass(frozen=True)
class Outcome:
    """What came of an act: ``error`` is the kind of the refusal, empty when it was done."""

    operator: str
    error: str
    message: str


@dataclass(frozen=True)
class Racers:
    """One process for each of ``OPERATORS``."""

    processes: Sequence[subprocess.Popen[str]]

    def race(self, scene: Scene, acts: Sequence[Sequence[object]]) -> list[Outcome]:
        """Let the operators act at once, one act each; what came of each act."""
        at = scene.clock() + timedelta(minutes=1)
        for operator, process, act in zip(OPERATORS, self.processes, acts, strict=False):
            task = {
                "home": str(scene.desk.home.root),
                "store": scene.desk.store.url,
                **{"operator": operator, "at": at.isoformat(), "act": list(act)},
            }
            _tell(process, json.dumps(task))
        racing = self.processes[: len(acts)]
        assert [_answer(process) for process in racing] == ["ready"] * len(acts)
        for process in racing:
            _tell(process, "go")
        return [Outcome(**json.loads(_answer(process))) for process in racing]


@contextmanager
def racers() -> Iterator[Racers]:
    """The processes, which end with the block."""
    with ExitStack() as stack:
        yield Racers([stack.enter_context(_process()) for _ in OPERATORS])


@contextmanager
def _process() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "core.runs.racers"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
        cwd=Path(__file__).parent,
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def _tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def _answer(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _act(desk: Desk, act: list[Any]) -> object:
    match act:
        case ["approve", hold, count]:
            return decisions.approve(desk, hold, confirm=count, reason=f"by {desk.operator}")
        case ["apply", run]:
            return syncing.apply(desk, run)
        case ["sync"]:
            return syncing.sync(desk, NORTH)
        case ["merge", keep, lose]:
            return people.merge(desk, NORTH, keep, lose, reason="one child")
        case ["undo", run]:
            return undoing.undo(desk, run, reason="x")
        case ["pause", school, kind]:
            return pausing.pause(desk, NORTH, school=school, kinds=[Kind(kind)], reason="x")
        case ["serve"]:
            with serving(desk, host=desk.operator, pid=os.getpid()) as service_id:
                tick(Service(desk, service_id, InTurn()))
            return None
    raise ValueError(act)


def _main() -> None:
    for line in sys.stdin:
        task = json.loads(line)
        desk = open_desk(
            Path(task["home"]),
            store_url=task["store"],
            operator=task["operator"],
            clock=Clock(datetime.fromisoformat(task["at"])),
        )
        print("ready", flush=True)
        sys.stdin.readline()
        error, message = "", ""
        try:
            _act(desk, task["act"])
        except RollbookError as refusal:
            error, message = type(refusal).__name__, str(refusal)
        desk.close()
        outcome = {"operator": desk.operator, "error": error, "message": message}
        print(json.dumps(outcome), flush=True)


if __name__ == "__main__":
    _main()
