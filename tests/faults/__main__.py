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

Outcome = tuple[str, Counter[str]]
"""What was wrong, if anything, and what was seen."""

_TO_THE_END = 25
"""Every so manieth life with one fault is lived to its last act, the others to the next."""


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


def on(store: str, share: float, seed: int) -> tuple[str, Counter[str], list[str]]:
    """Everything on one store; its name, the counts and the findings."""
    done: Counter[str] = Counter()
    findings: list[str] = []
    begun = time.monotonic()

    def note(what: str, outcome: Outcome) -> None:
        problem, seen = outcome
        done.update({what: 1} | seen)
        if problem:
            findings.append(problem)
            print(f"{store}: {problem}", flush=True)

    with ExitStack() as stack:
        server = stack.enter_context(running_server()) if store == "postgresql" else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rollbook-faults-")))
        arena = prepared(folder, server)
        counts = [len(names) for names in count_points(arena)]
        done["points"] = sum(counts)
        every = cases(counts, share, seed)
        for number, case in enumerate(every, 1):
            note("lives with one fault", suffer(arena, case))
            if number % 500 == 0:
                spent = time.monotonic() - begun
                print(f"{store}: {number:,} of {len(every):,} in {spent:,.0f} s", flush=True)
        for number in range(round(COMPOUND / 2 * share)):
            note("lives with 2 to 5", suffer(arena, compound(counts, seed + number)))
        killer = Killer(arena)
        wanted = round(KILLS / 2 * share)
        for number in range(4 * wanted):
            if done["kills"] < wanted:  # who is done before the signal comes was not killed
                note("commands to be killed", killer.kill(seed + number))
        if server is None and is_installed():
            refuser = Refuser(arena)
            for number in range(round(REFUSALS * share)):
                note("system calls", refuser.refuse(seed + number))
        _race(arena, round(ROUNDS / 2 * share), note)
        template = template_of(folder / "life", server)
        for number in range(max(1, round(LIVES / 2 * share / BATCH))):
            note("lives of a district", _live(template, 2000 * seed + 2 * number + bool(server)))
        for what in (*OFTEN, *NOW_AND_THEN, *RARELY) if share >= 1 else ():
            if not done[f"lives: {what}"]:
                findings.append(f"in no life there was: {what}")
    return store, done, findings


def _race(arena: Arena, rounds: int, note: Callable[[str, Outcome], None]) -> None:
    with racers() as operators:
        for number in range(rounds):
            note("races of six", race_once(arena, operators, number))


def _live(template: Saved, seeded: int) -> Outcome:
    """Some lives of a district, and how often in them happened what has to."""
    seen: Counter[str] = Counter()
    problem = ""
    try:
        live(template, seen, lives=BATCH, steps=STEPS, seeded=seeded)
    except Exception:
        problem = f"lives of seed {seeded}: {traceback.format_exc()}"
    told = Counter(
        {f"lives: {what}": seen[what] for what in ("steps", *OFTEN, *NOW_AND_THEN, *RARELY)}
    )
    return problem, told + Counter({"lives of a district": BATCH, "invariants": seen["invariants"]})


def main() -> int:
    """Both stores at once; the exit code is 1 when something was found."""
    os.nice(5)
    share = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    begun = time.monotonic()
    jobs = [(store, share, seed) for store in ("sqlite", "postgresql")]
    with get_context("fork").Pool(2) as pool:
        outcomes = pool.starmap(on, jobs)
    names = list(dict.fromkeys(name for _, done, _ in outcomes for name in sorted(done)))
    print(f"\n{'':32}" + "".join(f"{store:>14}" for store, _, _ in outcomes))
    for name in names:
        print(f"{name:32}" + "".join(f"{done[name]:>14,}" for _, done, _ in outcomes))
    passed, failed = run_suites(share)
    for name, count in passed.items():
        print(f"{name:32}{count:>14,} passed")
    print(f"{'findings':32}" + "".join(f"{len(found):>14,}" for _, _, found in outcomes))
    print(f"\nseed {seed}, share {share}, {(time.monotonic() - begun) / 60:.1f} minutes")
    return int(any(found for _, _, found in outcomes) or bool(failed))


if __name__ == "__main__":
    sys.exit(main())
