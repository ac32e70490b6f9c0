"""Disks that are full and files that cannot be had: the kernel's refusals, put in by strace."""

from __future__ import annotations

import ctypes
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from core.scripted_clock import Clock
from faults.acts import ACTS
from faults.arena import Arena, recover
from faults.command_line import arguments, command
from rollbook.cli.program import run
from rollbook.desk import desk

_LET_ANYBODY_TRACE = 0x59616D61

REFUSALS = {
    "pwrite64": ("ENOSPC", "EIO"),
    "write": ("ENOSPC", "EIO"),
    "fdatasync": ("EIO",),
    "openat": ("EMFILE", "EACCES", "ENOSPC"),
    "rename": ("EACCES", "ENOSPC"),
    "mkdir": ("ENOSPC", "EACCES"),
    "unlink": ("EACCES",),
    "ftruncate": ("EIO",),
    "pread64": ("EIO",),
    "flock": ("ENOLCK",),
}
"""The calls and the errors that they can be given."""


def is_installed() -> bool:
    """Whether strace can be had."""
    return shutil.which("strace") is not None


@dataclass
class Refuser:
    """Lets one system call on the home folder of an arena on SQLite fail."""

    arena: Arena
    calls: dict[int, Counter[str]] = field(default_factory=dict)

    def refuse(self, seed: int) -> tuple[str, Counter[str]]:
        """Refuse one call of one command, drawn by ``seed``; what was wrong, and what was seen."""
        chance = random.Random(seed)
        act = chance.choice([n for n, s in enumerate(self.arena.stages) if arguments(s)])
        if act not in self.calls:
            _, log = self._traced(act, "")
            self.calls[act] = Counter(re.findall(r"(?m)^\d+ +(\w+)\(", log))
        name = chance.choice(sorted(self.calls[act] & Counter(dict.fromkeys(REFUSALS, 1))))
        error, number = chance.choice(REFUSALS[name]), chance.randint(1, self.calls[act][name])
        said, log = self._traced(act, f"inject={name}:error={error}:when={number}")
        problem, seen = recover(self.arena, act, until=act + 1, late=2)
        seen["told as a fault"] += "rollbook failed" in said
        if "Traceback" in said:
            problem = said
        seen["refused calls"] += "(INJECTED)" in log
        seen[f"refused {name}"] += "(INJECTED)" in log
        what = f"{name} {error} {number} in {ACTS[act].name!r}, seed {seed}"
        return (f"{what}: {problem}" if problem else ""), seen

    def _traced(self, act: int, inject: str) -> tuple[str, str]:
        """What a command said on stderr, and strace's log of it."""
        self.arena.rewind(act)
        self.arena.deliver(self.arena.stages[act])
        with tempfile.TemporaryDirectory() as folder:
            log, said = Path(folder) / "log", Path(folder) / "said"
            paths = [part for path in self._paths(act) for part in ("-P", str(path))]
            strace = ["strace", "-f", "-o", str(log), *paths, "-e", f"trace={','.join(REFUSALS)}"]
            strace += ["-e", inject] if inject else []
            run_traced(strace, said, lambda: self._typed(act))
            return said.read_text(encoding="utf-8"), log.read_text(encoding="utf-8")

    def _typed(self, act: int) -> int:
        stage = self.arena.stages[act]
        _, _, _, at, *typed = command(self.arena, stage)
        desk._now = Clock(datetime.fromisoformat(at))
        return run(typed)

    def _paths(self, act: int) -> Iterator[Path]:
        """The files that a command may touch."""
        home = self.arena.home
        yield from (home / f"store.db{end}" for end in ("", "-wal", "-shm", "-journal"))
        yield home / "locks" / "north.lock"
        snapshots = home / "snapshots" / "north"
        run = f"north.{int((self.arena.stages[act].newest or 'north.0').split('.')[1]) + 1}"
        staging = snapshots / f"staging-{run}"
        yield from (home / "snapshots", snapshots, staging)
        for file in self.arena.drop.iterdir():
            yield from (staging / file.name, staging / f"{file.stem}.tmp", file)


def run_traced(strace: Sequence[str], said: Path, work: Callable[[], int]) -> None:
    """Let a child work that has waited until strace was attached to it.

    It has everything loaded, so that only the work is traced. What it says goes into ``said``.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        ctypes.CDLL(None).prctl(_LET_ANYBODY_TRACE, -1, 0, 0, 0)
        os.close(writing)
        handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        os.read(reading, 1)
        code = 1
        try:
            code = work()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(reading)
    with subprocess.Popen([*strace, "-p", str(child)], stderr=subprocess.PIPE) as tracer:
        assert tracer.stderr is not None
        first = tracer.stderr.readline()
        os.write(writing, b"!")
        os.close(writing)
        os.waitpid(child, 0)
        tracer.communicate()
        assert b"attached" in first, first
