"""Measure lists over a run with a million changes: `python -m bench.lists [CHANGES] [FOLDER]`.

Prints CPU seconds of this process, all its threads, and its peak memory. A store that is in FOLDER
already is used again.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.many_changes import DISTRICT, save_many_changes
from rollbook.desk import change_lists, exports
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.views import ChangeFilter, Kind, Lane, Verb
from rollbook_tui.screens.changes import ChangesScreen
from tui.deep.shown import shown

FILTERS = {
    "all": ChangeFilter(),
    "kind": ChangeFilter(kind=Kind.ENROLLMENT),
    "verb": ChangeFilter(verb=Verb.REMOVE),
    "school": ChangeFilter(school="s07"),
    "state": ChangeFilter(lane=Lane.HELD),
    "hold": ChangeFilter(hold=f"{DISTRICT}.1.h1"),
    "search, one hit": ChangeFilter(search="user-0000777"),
    "search, many": ChangeFilter(search="pupil"),
    "search, none": ChangeFilter(search="nowhere"),
}
KEYS = ("pagedown", "pagedown", "end", "home", "j", "pagedown", "end")


def main() -> None:
    """Measure and print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(sys.argv[2] if len(sys.argv) > 2 else scratch) / f"home-{number}"
        desk = open_desk(home)
        run = f"{DISTRICT}.1"
        if not _is_there(desk):
            save_many_changes(desk, number)
        _lists(desk, run)
        asyncio.run(_console(desk, run))
        _exports(desk, run, home)
        desk.close()


def _is_there(desk: Desk) -> bool:
    from rollbook.desk.history import runs

    return bool(runs(desk, DISTRICT, limit=1))


@contextmanager
def _timed(what: str) -> Iterator[None]:
    began = time.process_time()
    yield
    spent = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:34} {spent * 1000:9.1f} ms  peak {peak:6.0f} MiB", flush=True)


def _lists(desk: Desk, run: str) -> None:
    for name, wanted in FILTERS.items():
        with _timed(f"list: {name}"):
            listed = change_lists.changes(desk, run, wanted)
        with _timed("  three pages of 256"):
            for start in (0, len(listed) // 2, len(listed) - 256):
                listed.rows(max(start, 0), start + 256)


async def _console(desk: Desk, run: str) -> None:
    began = time.process_time()
    async with shown(ChangesScreen(desk, run), (120, 40)) as s:
        print(f"console: open                      {(time.process_time() - began) * 1000:9.1f} ms")
        for key in KEYS:
            with _timed(f"console: {key}"):
                await s.press(key)
        for keys in (("t", "j", "enter"), ("t", "g", "enter")):
            with _timed(f"console: {' '.join(keys)}"):
                await s.press(*keys)
        for key in ("slash", "7", "7", "enter", "escape"):
            with _timed(f"console: {key}"):
                await s.press(key)


def _exports(desk: Desk, run: str, home: Path) -> None:
    wanted: Callable[[], change_lists.ChangeList] = lambda: change_lists.changes(desk, run)  # noqa: E731
    for form in exports.FORMATS:
        with _timed(f"export: {form}"):
            exports.export_changes(desk, wanted(), home / f"out.{form}", form)
    with _timed("export: the hold"):
        exports.export_hold(desk, f"{run}.h1", home / "hold.csv")


if __name__ == "__main__":
    main()
