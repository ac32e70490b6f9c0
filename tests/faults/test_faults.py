"""A share of what ``make faults`` does in full, and that a broken guard would be noticed.

One file, so that one process prepares each store once.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter

import pytest

from core.mutation import Mutant
from faults.__main__ import compound
from faults.acts import ACTS
from faults.arena import Arena, Case, Told, differences, in_a_child, suffer
from faults.kills import Killer
from faults.points import Fault, Mode
from faults.syscalls import Refuser, is_installed
from postgres.server import Server

NAMES = [act.name for act in ACTS]


def test_a_sample_of_the_points(arena: Arena, points: list[list[str]]) -> None:
    """Death, a full disk and ctrl+c at points all over the life; each is mended by the next."""
    counts = [len(names) for names in points]
    assert sum(counts) >= 300
    chance = random.Random(4)
    seen: Counter[str] = Counter()
    for mode in Mode:
        for act in chance.sample(range(1, len(ACTS)), 4):
            case = Case(act, (Fault(chance.randint(1, counts[act]), mode),), act + 1)
            problem, more = suffer(arena, case)
            assert not problem, problem
            seen += more
    assert seen["faults"] >= 11, seen
    assert seen[f"faults: {Mode.EXIT}"] == 4
    assert seen["removals"]
    assert seen["holds"]
    assert seen["runs closed"]
    assert seen["went on"]


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_one_life_with_a_fault_is_lived_to_its_end(arena: Arena, points: list[list[str]]) -> None:
    act = NAMES.index("second day")
    at = points[act].index("before COMMIT") + 1
    problem, seen = suffer(arena, Case(act, (Fault(at, Mode.EXIT),), len(ACTS)))
    assert not problem, problem
    assert seen["faults"] == 1
    for verb in ("create", "rename", "suspend", "reactivate"):
        assert seen[f"accounts: {verb}"], verb


def test_several_faults_also_while_it_is_mended(arena: Arena, points: list[list[str]]) -> None:
    seen: Counter[str] = Counter()
    for seed in range(700, 705):
        problem, more = suffer(arena, compound([len(names) for names in points], seed))
        assert not problem, f"seed {seed}: {problem}"
        seen += more
    assert seen["faults"] >= 5, seen


MUTANTS = {
    "a commit in the middle of applying": (
        Mutant(
            "rollbook.runs.release:release",
            "history.note_applied(connection, actor, run, generation)",
            "history.note_applied(connection, actor, run, generation); "
            "connection.exec_driver_sql('COMMIT'); connection.exec_driver_sql('BEGIN')",
        ),
        *("approve the second one", "before UPDATE approvals SET"),
    ),
    "a run that nobody closes": (
        Mutant(
            "rollbook.runs.interrupted:close_interrupted",
            "runs.in_states(connection, district, UNDER_WAY)",
            "()",
        ),
        *("late one", "after mkdir"),
    ),
    "a staged copy that nobody removes": (
        Mutant(
            "rollbook.runs.interrupted:close_all_interrupted",
            "clear_staging(home.snapshots / district)",
            "pass",
        ),
        *("late one", "before replace"),
    ),
    "a district of which only the trail knows": (
        Mutant(
            "rollbook.desk.begun_districts:settle_begun_districts",
            "settle_begun(store, home, district)",
            "pass",
        ),
        *("found", "after COMMIT"),
    ),
    "names of accounts that nobody keeps": (
        Mutant(
            "rollbook.directory.account_changes:apply_lanes",
            "for namespace in (USERNAME, EMAIL):",
            "for namespace in ():",
        ),
        *("late one", "before replace"),
    ),
    "an approval that is not used up": (
        Mutant(
            "rollbook.runs.release:release",
            "holds.spend(connection, run.id, generation)",
            "pass",
        ),
        *("approve the second one", "before UPDATE approvals SET"),
    ),
    "holds that keep nothing back": (
        Mutant(
            "rollbook.runs.release:release",
            "keeps = {h.id for h in all_holds.values() if h.state != HoldState.APPROVED}",
            "keeps = set()",
        ),
        *("second day", "before UPDATE lanes SET"),
    ),
}


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_guard_is_noticed(
    arena: Arena, points: list[list[str]], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    mutant, act_name, point = MUTANTS[name]
    act = NAMES.index(act_name)
    last = max((n for n, p in enumerate(points[act], 1) if p.startswith(point)))
    case = Case(act, (Fault(last, Mode.EXIT),), act + 1)
    assert not suffer(arena, case)[0]
    with monkeypatch.context() as broken:
        mutant.put_in(broken)
        problem, _ = suffer(arena, case)
    assert "AssertionError" in problem


def test_some_commands_are_killed(arena: Arena, server: Server | None) -> None:
    killer = Killer(arena)
    seen: Counter[str] = Counter()
    for seed in range(1 if server else 3):
        problem, more = killer.kill(seed)
        assert not problem, problem
        seen += more
    assert seen["kills"] or server, seen


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
def test_the_kernel_refuses(arena: Arena) -> None:
    if not is_installed():
        if os.environ.get("CI"):
            pytest.fail("strace is not installed: apt-get install strace")
        pytest.skip("strace is not installed: apt-get install strace")
    refuser = Refuser(arena)
    seen: Counter[str] = Counter()
    for seed in range(12):
        problem, more = refuser.refuse(seed)
        assert not problem, problem
        seen += more
    assert seen["refused calls"] >= 10, seen
    assert seen["runs closed"], seen
    assert not seen["told as a fault"], seen


def test_differences_are_told_by_their_place() -> None:
    assert differences({"a": {"b": 1}}, {"a": {"b": 2}}) == ["/a/b: 1 instead of 2"]
    assert not differences({"a": [1]}, {"a": [1]})


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
@pytest.mark.parametrize("work", ["time.sleep(60)", "while True: pass"])
def test_a_life_that_hangs_is_ended(
    arena: Arena, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    def hangs(tell: object) -> Told:
        exec(work, {"time": time})
        raise AssertionError

    monkeypatch.setattr("faults.arena.PATIENCE", 1)
    assert in_a_child(arena, hangs, 0).problem.startswith("hung: ")
