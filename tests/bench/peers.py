"""The peers, each a program that is measured: DuckDB, GNU sort and comm, and cat as the floor."""

from __future__ import annotations

import json
import sys
from functools import reduce
from operator import add
from pathlib import Path

from .costs import Cost, run
from .peer_duckdb import files_of

DUCKDB, SORT, CAT = "DuckDB", "sort + comm", "cat"

_BYTEWISE = {"LC_ALL": "C"}


class Peers:
    """Peers that have taken in a first day and keep what they need of it in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database = folder / "peer.duckdb"
        self.differing: dict[str, int] = {}

    def first(self, day: Path) -> dict[str, Cost]:
        """What it costs each to take in the first day."""
        _cat(day)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._database.unlink(missing_ok=True)
        return {
            CAT: _cat(day),
            SORT: reduce(add, [self._sort(day, name, "first") for name in files_of(day)]),
            DUCKDB: self._duckdb("load", day),
        }

    def compare(self, day: Path) -> dict[str, Cost]:
        """What it costs each to find what differs on another day.

        The files are read once before, so that nobody pays for the disk.
        """
        _cat(day)
        return {
            CAT: _cat(day),
            SORT: reduce(add, [self._sort_and_compare(day, name) for name in files_of(day)]),
            DUCKDB: self._duckdb("compare", day),
        }

    def _duckdb(self, act: str, day: Path) -> Cost:
        script = f"{__package__}.peer_duckdb"
        ended = run([sys.executable, "-m", script, act, self._database, day])
        self.differing = json.loads(ended.out)
        return ended.cost

    def _sort(self, day: Path, name: str, when: str) -> Cost:
        target = self._folder / f"{name}.{when}"
        return run(["sort", "-o", target, day / f"{name}.csv"], env=_BYTEWISE).cost

    def _sort_and_compare(self, day: Path, name: str) -> Cost:
        sorted_ = self._sort(day, name, "day")
        before, after = self._folder / f"{name}.first", self._folder / f"{name}.day"
        compared = run(
            ["comm", "-3", before, after], env=_BYTEWISE, out=self._folder / f"{name}.differing"
        )
        return sorted_ + compared.cost


def _cat(day: Path) -> Cost:
    return run(
        ["cat", *(day / f"{name}.csv" for name in files_of(day))], out=Path("/dev/null")
    ).cost
