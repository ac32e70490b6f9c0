"""A small district's days in a worker that is warm: one process, one open store, a sync behind it.

    python -m bench.warm_worker SET HOME

makes several districts of the set's first day, and takes each through an unchanged and a next day.
The first one warms the worker up. Prints the CPU seconds of the others' syncs by day.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from rollbook.desk.decisions import approve
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.syncing import sync
from rollbook.desk.views import HoldState, RunState

DISTRICTS = 6
DAYS = ("unchanged", "next")


def trips(sets: Path, home: Path) -> dict[str, list[float]]:
    """CPU seconds of the measured syncs, by day."""
    (home / "districts").mkdir(parents=True)
    found: dict[str, list[float]] = {day: [] for day in DAYS}
    desk = open_desk(home)
    try:
        for number in range(DISTRICTS):
            district = f"small{number}"
            source = home / f"source{number}"
            (home / "districts" / f"{district}.toml").write_text(
                f'name = "Small {number}"\n[source]\npath = {json.dumps(str(source))}\n'
            )
            source.symlink_to((sets / "first").absolute())
            _first(desk, district)
            for day in DAYS:
                source.unlink()
                source.symlink_to((sets / day).absolute())
                begun = time.process_time()
                state = sync(desk, district).summary.state
                spent = time.process_time() - begun
                expected = RunState.NOOP if day == "unchanged" else RunState.APPLIED
                if state is not expected:
                    raise SystemExit(f"{district}, {day}: the run ended {state}.")
                if number:
                    found[day].append(spent)
    finally:
        desk.close()
    return found


def _first(desk: Desk, district: str) -> None:
    """Take the first day in."""
    for hold in sync(desk, district).holds:
        if hold.state is HoldState.OPEN:
            approve(desk, hold.id, confirm=hold.count, reason="measured")


if __name__ == "__main__":
    print(json.dumps(trips(Path(sys.argv[1]), Path(sys.argv[2]))))
