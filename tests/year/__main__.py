"""``python -m year``: live the year of some districts, and say what was held."""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from core.scripted_clock import Clock
from rollbook.desk.desk import open_desk
from year.planting import planted
from year.profiles import PROFILES
from year.records import Lived
from year.simulation import Life
from year.timeline import FIRST, LAST, found


def live(folder: Path, ids: list[str], until: date, seed: int = 1) -> list[Lived]:
    """Live the year of some districts in a new home, one day after another."""
    clock = Clock(datetime(FIRST.year, FIRST.month, FIRST.day, 10, tzinfo=UTC))
    desk = open_desk(folder / "home", operator="night", clock=clock)
    chosen = [profile for profile in PROFILES if profile.id in ids]
    others = {p.id: PROFILES[(n + 1) % len(PROFILES)] for n, p in enumerate(PROFILES)}
    lives = [
        Life(desk, clock, folder, p, planted(p, seed), found(others[p.id], seed + 1).sis, seed)
        for p in chosen
    ]
    for life in lives:
        life.begin()
    day = FIRST
    while day < until:
        day += timedelta(days=1)
        for life in lives:
            life.day(day)
    desk.close()
    return [life.lived for life in lives]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--district", action="append")
    parser.add_argument("--until", type=date.fromisoformat, default=LAST)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    ids = chosen.district or [profile.id for profile in PROFILES]
    with tempfile.TemporaryDirectory(prefix="rollbook-year-") as folder:
        for lived in live(Path(folder), ids, chosen.until, chosen.seed):
            print(
                f"== {lived.district}: {lived.runs} runs, {lived.quiet_runs} quiet, "
                f"{lived.ordinary_runs} ordinary, {len(lived.false_holds)} false holds, "
                f"{len(lived.missed)} of {len(lived.planted)} missed, {lived.seconds:.0f} s"
            )
            for fault in lived.faults:
                print("  FAULT", fault)
            for hold in lived.holds:
                if hold.verdict != "an accident":
                    print(
                        f"  {hold.verdict:9} {hold.day} {hold.rule} {hold.count}/{hold.base} "
                        f"{hold.what} [{hold.because}] {hold.why[:150]}"
                    )
            for p in sorted(lived.planted, key=lambda p: p.stopped):
                print(
                    f"  {'stopped' if p.stopped else 'MISSED '} {p.day} {p.name}: "
                    f"{p.state} {','.join(p.rules)} {dict(p.harm)} {p.message[:110]}"
                )


if __name__ == "__main__":
    main()
