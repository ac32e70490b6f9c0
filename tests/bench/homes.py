"""Rollbook under measure: a home of one district, and its days through the command line."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .costs import Cost, Failed, run

DISTRICT = "measured"
APPROVE = "approve"

_APPROVERS = ("first", "second")
_HELD = 3
_FILE = """\
name = "Measured Schools"

[source]
path = {path}

[thresholds]
removal_cap_user = {users}
removal_cap_enrollment = {enrollments}
"""


@dataclass(frozen=True, slots=True)
class Day:
    """A day's trip: the cost of the whole, its stages, and how many holds were approved."""

    cost: Cost
    stages: dict[str, Cost]
    approved: int
    applied: int


class MeasuredHome:
    """A home in a folder of its own, whose district reads what ``deliver`` was given last.

    The limits are the defaults, but for the caps on removals: these rise with the district, or a
    hundredth of an ordinary day in a large one would wait for a person.
    """

    def __init__(self, folder: Path, students: int) -> None:
        self.root = folder / "home"
        self._saved = folder / "home-after-first"
        self._source = folder / "source"
        self._notes = folder / "stages.json"
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.rmtree(self._saved, ignore_errors=True)
        (self.root / "districts").mkdir(parents=True, mode=0o700)
        (self.root / "districts" / f"{DISTRICT}.toml").write_text(
            _FILE.format(
                path=json.dumps(str(self._source.absolute())),
                users=max(250, students // 50),
                enrollments=max(2500, students // 5),
            )
        )

    @property
    def store(self) -> Path:
        """The store's file."""
        return self.root / "store.db"

    @property
    def saved_store(self) -> Path:
        """The store's file as it was saved."""
        return self._saved / "store.db"

    def save(self) -> None:
        """Keep a copy of the home as it stands."""
        _copy(self.root, self._saved)

    def restore(self) -> None:
        """Go back to the copy."""
        _copy(self._saved, self.root)

    def day(self, folder: Path) -> Day:
        """Sync with a day's files and approve what is held."""
        self._source.unlink(missing_ok=True)
        self._source.symlink_to(folder.absolute())
        self._notes.unlink(missing_ok=True)
        cost, run_document = self._rollbook("sync", DISTRICT)
        noted = json.loads(self._notes.read_text())
        stages = {name: Cost(*each) for name, *each in noted}
        # The stages have set the high-water mark back, so the kernel tells only the last one's.
        cost += Cost(0, 0, max(stage.peak for stage in stages.values()))
        approved = 0
        while waiting := [h for h in run_document["holds"] if h["state"] == "OPEN"]:
            if approved > 500:
                raise Failed(f"{waiting[0]['id']} stays open whoever approves it.")
            more, run_document = self._approve(waiting[0], _APPROVERS[approved % 2])
            stages[APPROVE] = stages.get(APPROVE, Cost(0, 0, 0)) + more
            cost += more
            approved += 1
        if run_document["state"] not in ("APPLIED", "NOOP"):
            raise Failed(f"The run ended {run_document['state']}: {run_document['message']}")
        applied = sum(n for verbs in run_document["applied"].values() for n in verbs.values())
        return Day(cost, stages, approved, applied)

    def _approve(self, hold: dict[str, Any], who: str) -> tuple[Cost, dict[str, Any]]:
        count = str(hold["count"])
        told = ("--confirm", count, "--reason", "measured")
        return self._rollbook("hold", "approve", hold["id"], *told, who=who)

    def _rollbook(self, *arguments: str, who: str = "first") -> tuple[Cost, dict[str, Any]]:
        program = [sys.executable, "-m", f"{__package__}.staged_program", str(self._notes)]
        if arguments[0] != "sync":
            program = [sys.executable, "-m", f"{__package__}.as_operator", who]
        ended = run(
            [*program, "--home", str(self.root), "--json", *arguments],
            codes=(0, _HELD),
        )
        return ended.cost, json.loads(ended.out)


def _copy(source: Path, target: Path) -> None:
    """A copy that is on the disk before anything is measured."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    os.sync()
