"""The parts of ``make faults`` that are tests by themselves, run whole, with their counts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

SUITES = {
    "guards broken on purpose": "core/test_mutants.py",
    "guards of the database": "core/directory/test_guards_of_the_store.py",
    "bad inputs": "bad_inputs",
    "fuzzed readers": "fuzz",
}
"""What is counted, and where below ``tests/`` it is."""

FUZZ_SECONDS = 60
"""Seconds that each fuzz target runs for, at a share of 1."""

_TESTS = Path(__file__).parents[1]

_PYTEST = (
    *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
    *("-n", "2", "--timeout", "3600", "--stores", "all"),
)


def run_suites(share: float) -> tuple[dict[str, int], list[str]]:
    """Run every suite, one after another; how many tests of each passed, and what failed."""
    passed: dict[str, int] = {}
    findings: list[str] = []
    for name, place in SUITES.items():
        done = subprocess.run(
            [*_PYTEST, str(_TESTS / place)],
            cwd=_TESTS.parent,
            env=os.environ | {"FUZZ_SECONDS": str(round(FUZZ_SECONDS * share, 1))},
            capture_output=True,
            text=True,
            check=False,
        )
        counted = re.search(r"(\d+) passed", done.stdout)
        passed[name] = int(counted[1]) if counted else 0
        if done.returncode:
            findings.append(f"{name}: {done.stdout[-4000:]}{done.stderr[-1000:]}")
            print(findings[-1], flush=True)
    return passed, findings
