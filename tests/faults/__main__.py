"""All faults on both stores, and a table of what was done: ``make faults``.

``python -m faults [SHARE] [SEED]``: a share below 1 takes that part of each.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from core.life.lives import NOW_AND_THEN, OFTEN, RARELY, live, template_of
from core.runs.racers import racers
from core.scene import Saved
from faults.acts import ACTS
from faults.arena import Arena, Case, count_points, prepared, suffer
from faults.kills import Killer
from faults.points import Fault, Mode
from faults.races import race_once
from faults.suites import run_suites
from faults.syscalls import Refuser, is_installed
from postgres.server import running_server

COMPOUND, KILLS, REFUSALS, ROUNDS, LIVES = 1500, 250, 600, 100, 300
"""How many of each there are, on both stores together; the points are all of them, on each."""

BATCH, STEPS = 10, 40
"""Lives of a district that are drawn together, and the acts of each."""

STORES = ("sqlite", "postgresql")

PARTS = 8
"""Into how many jobs a store's share is cut, so that both cores are at work until the end."""

Outcome = tuple[str, Counter[str]]
"""What was wrong, if anything, and what was seen."""

_TO_THE_END = 25
"""Every so manieth life with one fault is lived to its last act, the others to the next."""


_TO_HAPPEN = (*OFTEN, *NOW_AND_THEN, *RARELY)
"""What must have happened in the lives of a district."""


def cases(counts: list[int], share: float, seed: int) -> list[Case]:
    """At every point a death, and a full disk or ctrl+c in turn: with the next seed the other."""
    chance = random.Random(seed)
    found = []
    for act, count in enumerate(counts):
        for at in range(1, count + 1):
            for mode in (Mode.EXIT, (Mode.DISK_FULL, Mode.INTERRUPT)[(at + seed) % 2]):
                if chance.random() < share:
                    whole = chance.randrange(_TO_THE_END) == 0
                    found.append(Case(act, (Fault(at, mode),), len(ACTS) if whole else act + 1))
    return found


def compound(counts: list[int], seed: int) -> Case:
    """Two to five faults in one life and in those that come to mend it."""
    chance = random.Random(seed)
    act = chance.randrange(len(counts))
    until = min(len(counts), act + chance.randint(1, 4))
    faults = tuple(
        Fault(chance.randint(1, sum(counts[act:until])), chance.choice(list(Mode)))
        for _ in range(chance.randint(2, 5))
    )
    return Case(act, faults, until)


@dataclass(frozen=True)
class Job:
    """One of the parts of what is done on a store."""

    store: str
    part: int
    share: float
    seed: int

    def __str__(self) -> str:
        return f"{self.store} {self.part + 1} of {PARTS}"

    def numbers(self, whole: float) -> range:
        """The numbers that are this part's, of as many as all parts have at a share of 1."""
        return range(self.part, max(1, round(whole * self.share)), PARTS)


def do(job: Job) -> tuple[Job, Counter[str], list[str]]:
    """A part of everything on one store; the counts and the findings."""
    done: Counter[str] = Counter()
    findings: list[str] = []

    def note(what: str, outcome: Outcome) -> None:
        problem, seen = outcome
        done.update({what: 1} | seen)
        if problem:
            findings.append(problem)
            print(f"{job}: {problem}", flush=True)

    with ExitStack() as stack:
        server = stack.enter_context(running_server()) if job.store == "postgresql" else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rollbook-faults-")))
        arena = prepared(folder, server)
        counts = [len(names) for names in count_points(arena)]
        done["points"] = 0 if job.part else sum(counts)
        for case in cases(counts, job.share, job.seed)[job.part :: PARTS]:
            note("lives with one fault", suffer(arena, case))
        for number in job.numbers(COMPOUND / 2):
            note("lives with 2 to 5", suffer(arena, compound(counts, job.seed + number)))
        killer = Killer(arena)
        wanted = job.numbers(KILLS / 2)
        for number in range(job.part, 4 * wanted.stop, PARTS):
            if done["kills"] < len(wanted):  # who is done before the signal comes was not killed
                note("commands to be killed", killer.kill(job.seed + number))
        if server is None and is_installed():
            refuser = Refuser(arena)
            for number in job.numbers(REFUSALS):
                note("system calls", refuser.refuse(job.seed + number))
        _race(arena, job.numbers(ROUNDS / 2), note)
        template = template_of(folder / "life", server)
        for number in job.numbers(LIVES / 2 / BATCH):
            seeded = 2000 * job.seed + 2 * number + bool(server)
            note("lives of a district", _live(template, seeded))
    return job, done, findings


def _race(arena: Arena, rounds: range, note: Callable[[str, Outcome], None]) -> None:
    with racers() as operators:
        for number in rounds:
            note("races of six", race_once(arena, operators, number))


def _live(template: Saved, seeded: int) -> Outcome:
    """Some lives of a district, and how often in them happened what has to."""
    seen: Counter[str] = Counter()
    problem = ""
    try:
        live(template, seen, lives=BATCH, steps=STEPS, seeded=seeded)
    except Exception:
        problem = f"lives of seed {seeded}: {traceback.format_exc()}"
    told = Counter({f"lives: {what}": seen[what] for what in ("steps", *_TO_HAPPEN)})
    return problem, told + Counter({"lives of a district": BATCH, "invariants": seen["invariants"]})


def main() -> int:
    """Both stores side by side; the exit code is 1 when something was found."""
    os.nice(5)
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    begun = time.monotonic()
    done: dict[str, Counter[str]] = {store: Counter() for store in STORES}
    findings: dict[str, list[str]] = {store: [] for store in STORES}
    jobs = [Job(store, part, share, seed) for part in range(PARTS) for store in STORES]
    with get_context("fork").Pool(2, maxtasksperchild=1) as pool:
        for job, counts, found in pool.imap_unordered(do, jobs):
            done[job.store].update(counts)
            findings[job.store] += found
            print(f"{job}: {len(found)} findings, {_minutes_since(begun)}", flush=True)
    if share >= 1:
        for store, found in findings.items():
            never = [w for w in _TO_HAPPEN if not done[store][f"lives: {w}"]]
            found += [f"in no life there was: {what}" for what in never]
            print("\n".join(found))
    print(f"\n{'':32}" + "".join(f"{store:>14}" for store in STORES))
    for name in dict.fromkeys(name for store in STORES for name in sorted(done[store])):
        print(f"{name:32}" + "".join(f"{done[store][name]:>14,}" for store in STORES))
    passed, failed = run_suites(share)
    for name, count in passed.items():
        print(f"{name:32}{count:>14,} passed")
    print(f"{'findings':32}" + "".join(f"{len(findings[store]):>14,}" for store in STORES))
    print(f"\nseed {seed}, share {share}, {_minutes_since(begun)}")
    return int(any(findings.values()) or bool(failed))


def _minutes_since(begun: float) -> str:
    return f"{(time.monotonic() - begun) / 60:.1f} minutes"


if __name__ == "__main__":
    sys.exit(main())
