"""The command line at a time that is told to it: ``python -m faults.command_line TIME ARG…``.

It says ``ready`` when everything is loaded, so that what ends it hits the work and not the imports.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from core.scene import NORTH
from core.scripted_clock import Clock
from faults.arena import Arena, Stage
from rollbook.cli.program import SECTIONS, run
from rollbook.desk import desk


def arguments(stage: Stage) -> list[str]:
    """What an operator types for an act; nothing where it has no command of its own here."""
    name = stage.act.name
    hold, count = stage.waiting[0] if stage.waiting else ("", 0)
    if name.startswith("approve"):
        return ["hold", "approve", hold, "--confirm", str(count), "--reason", "seen"]
    if name.startswith("reject"):
        return ["hold", "reject", hold, "--reason", "cut off"]
    commands = {
        "merge": ["merge", NORTH, "s1-01", "s1-02", "--reason", "one child"],
        "undo": ["undo", stage.newest, "--reason", "too early"],
        "pause": ["pause", NORTH, "--school", "s2", "--reason", "they move house"],
        **{name: [] for name in ("found", "resume", "split", "undo the undo", "tick")},
        "preview and apply": ["sync", NORTH, "--preview"],
    }
    return commands.get(name, ["sync", NORTH])


def command(arena: Arena, stage: Stage) -> list[str]:
    """The program's arguments for an act in an arena."""
    where = ["--home", str(arena.home), "--store", arena.url]
    typed = arguments(stage)
    at = (stage.at + timedelta(minutes=1)).isoformat()
    return [sys.executable, "-m", "faults.command_line", at, *where, *typed]


def start(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a program that can import what this one can, with its words in pipes."""
    return subprocess.Popen(
        arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": ":".join(map(os.path.abspath, sys.path))},
        cwd=Path(__file__).parent,
    )


def _main() -> int:
    clock = Clock(datetime.fromisoformat(sys.argv[1]))
    desk._now = clock
    for commands in SECTIONS.values():
        for module, _ in commands.values():
            if not module.endswith(("console", "demo")):
                importlib.import_module(module)
    importlib.import_module("psycopg")
    print("ready", flush=True)
    return run(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(_main())
