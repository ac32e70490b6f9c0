"""What a program costs: CPU of it and its children, time on the clock, and memory at its peak."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Cost:
    """``cpu`` and ``wall`` in seconds, ``peak`` in MiB of resident memory."""

    cpu: float
    wall: float
    peak: float

    def __add__(self, other: Cost) -> Cost:
        """The cost of one after the other."""
        return Cost(self.cpu + other.cpu, self.wall + other.wall, max(self.peak, other.peak))


@dataclass(frozen=True, slots=True)
class Ended:
    """A program that has ended: its cost, exit code and standard output."""

    cost: Cost
    code: int
    out: str


class Failed(Exception):
    """A program that is measured ended otherwise than it should; its message holds stderr."""


def run(
    args: Sequence[str | Path],
    *,
    codes: Sequence[int] = (0,),
    env: Mapping[str, str] | None = None,
    out: Path | None = None,
) -> Ended:
    """Run a program to its end. Raises ``Failed`` when its exit code is none of ``codes``.

    With ``out`` its standard output goes into that file. The kernel counts a child's peak from the
    fork on, so nothing is measured below what this process itself takes, some 20 MiB.
    """
    with (
        tempfile.TemporaryFile() as errors,
        out.open("w+b") if out else tempfile.TemporaryFile() as output,
    ):
        begun = time.perf_counter()
        process = subprocess.Popen(
            args, stdout=output, stderr=errors, env={**os.environ, **(env or {})}
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in codes:
            errors.seek(0)
            told = errors.read().decode(errors="replace")[-2000:]
            raise Failed(f"{' '.join(map(str, args))} ended with {process.returncode}: {told}")
        output.seek(0)
        text = "" if out else output.read().decode()
    cost = Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024 / MIB)
    return Ended(cost, process.returncode, text)


def typical(costs: Sequence[Cost]) -> Cost:
    """The one whose CPU time is the median; the lower of two in the middle."""
    middle = median_low(cost.cpu for cost in costs)
    return next(cost for cost in costs if cost.cpu == middle)
