"""Measure rollbook beside its peers on generated districts, and say which targets are met.

    python -m bench.measure FOLDER SIZE... [--repeats N] [--days DAY...]

The sets of each size are generated into ``FOLDER`` once. Every day starts from the same home, that
after the first load, except ``next-touched``, which follows ``touched``. Peers and rollbook take
turns; of several repeats the one with the median CPU time is shown. ``--days`` leaves out others.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from .costs import Cost, run, typical
from .homes import Day, MeasuredHome
from .peers import Peers
from .report import size_lines, target_lines, warm_lines
from .results import WARM_STUDENTS, SizeResults, targets

_HERE = Path(__file__).parent
_MAKERS = ("generate", "feeders", "days", "names", "writing")
DAYS = ("unchanged", "next", "touched", "rollover")
"""What may follow the first day; ``next-touched`` goes with ``touched``."""


def sets_of(folder: Path, students: int) -> Path:
    """The folder with the days of a size, generated if they are not there as they would be now."""
    place = folder / str(students)
    stamp = place / "made-by"
    maker = hashlib.sha256()
    for name in _MAKERS:
        maker.update((_HERE / f"{name}.py").read_bytes())
    if not stamp.exists() or stamp.read_text() != maker.hexdigest():
        _say(f"generating {students:,} students")
        run([sys.executable, "-m", f"{__package__}.generate", str(students), place])
        stamp.write_text(maker.hexdigest())
    return place


def measure_size(
    folder: Path, students: int, repeats: int, days: Sequence[str] = DAYS
) -> SizeResults:
    """The first and other days of a size."""
    sets = sets_of(folder, students)
    work = folder / f"{students}-work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    results = SizeResults(students)
    peers, home = Peers(work / "peers"), MeasuredHome(work, students)
    _say(f"{students:,}, first")
    results.peers["first"] = peers.first(sets / "first")
    results.days["first"] = home.day(sets / "first")
    home.save()
    _insert(results, "first", home, work, None)
    for day in days:
        costs: list[dict[str, Cost]] = []
        trips: list[Day] = []
        again: list[Day] = []
        for turn in range(1 if day == "rollover" else repeats):
            _say(f"{students:,}, {day}, {turn + 1}")
            home.restore()
            costs.append(peers.compare(sets / day))
            trips.append(home.day(sets / day))
            if day == "touched":
                again.append(home.day(sets / "next-touched"))
        results.peers[day] = {peer: typical([each[peer] for each in costs]) for peer in costs[0]}
        results.days[day] = _typical_day(trips)
        if again:
            results.peers["next-touched"] = peers.compare(sets / "next-touched")
            results.days["next-touched"] = _typical_day(again)
        if day == "rollover":
            _insert(results, day, home, work, home.saved_store)
    shutil.rmtree(work)
    return results


def _typical_day(trips: Sequence[Day]) -> Day:
    shown = typical([trip.cost for trip in trips])
    return next(trip for trip in trips if trip.cost is shown)


def _insert(
    results: SizeResults, day: str, home: MeasuredHome, work: Path, before: Path | None
) -> None:
    """Measure the bare insert of what a day has just written."""
    new = work / "bare.db"
    stores = [new, home.store, *([before] if before else [])]
    found = json.loads(run([sys.executable, "-m", f"{__package__}.bare_insert", *stores]).out)
    results.inserted[day] = {what: inserted["cpu"] for what, inserted in found.items()}
    results.rows[day] = {what: inserted["rows"] for what, inserted in found.items()}
    for file in work.glob("bare.db*"):
        file.unlink()


def measure_warm(folder: Path) -> dict[str, float]:
    """CPU seconds by day of a small district in a warm worker."""
    sets = sets_of(folder, WARM_STUDENTS)
    home = folder / "warm-work"
    shutil.rmtree(home, ignore_errors=True)
    _say(f"{WARM_STUDENTS:,}, warm")
    found = json.loads(run([sys.executable, "-m", f"{__package__}.warm_worker", sets, home]).out)
    shutil.rmtree(home)
    return {day: median(seconds) for day, seconds in found.items()}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("sizes", type=int, nargs="+")
    parser.add_argument("--repeats", type=int, default=3, help="of all but first and rollover")
    parser.add_argument("--days", nargs="+", choices=DAYS, default=DAYS)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    found: list[SizeResults] = []
    for students in sorted(chosen.sizes):
        found.append(measure_size(chosen.folder, students, chosen.repeats, chosen.days))
        print("\n".join(size_lines(found[-1])), flush=True)
    warm = measure_warm(chosen.folder)
    print("\n".join(warm_lines(WARM_STUDENTS, warm)))
    print("\n".join(target_lines(list(targets(found, warm)))))


if __name__ == "__main__":
    main()
