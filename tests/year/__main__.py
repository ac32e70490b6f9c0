"""``python -m year``: live the year of the districts, and write down what was held."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date
from functools import partial
from pathlib import Path

from year.planting import ALL
from year.profiles import PROFILES
from year.records import Lived
from year.report import report
from year.simulation import live
from year.timeline import FIRST, LAST


def main() -> None:
    """The command; fails where an accident was missed or too many holds were false."""
    parser = argparse.ArgumentParser(prog="year", description=(__doc__ or "").partition("\n")[0])
    ids = [profile.id for profile in PROFILES]
    parser.add_argument("--district", action="append", choices=ids, help="all unless given")
    parser.add_argument("--first", type=date.fromisoformat, default=FIRST)
    parser.add_argument("--until", type=date.fromisoformat, default=LAST)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dense", action="store_true", help="an accident every other day")
    parser.add_argument("--follow", action="store_true", help="say what happens as it happens")
    parser.add_argument("--report", type=Path, help="where to write; else on the screen")
    chosen = parser.parse_args()
    profiles = [p for p in PROFILES if p.id in (chosen.district or ids)]

    given = [argument for argument in sys.argv[1:] if argument != "--follow"]
    command = "make year" if {*given[::2]} <= {"--seed", "--report"} else _spelled(given)

    def write(years: list[Lived], until: date) -> None:
        if chosen.report:
            chosen.report.write_text(report(years, chosen.first, until, command), encoding="utf-8")

    tell = partial(print, file=sys.stderr, flush=True) if chosen.follow else None
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rollbook-year-") as folder:
        years = live(
            Path(folder),
            profiles,
            chosen.first,
            chosen.until,
            seed=chosen.seed,
            some=ALL if chosen.dense else None,
            tell=tell,
            so_far=write,
        )
    write(years, chosen.until)
    if not chosen.report:
        sys.stdout.write(report(years, chosen.first, chosen.until, command))
    print(f"{time.monotonic() - begun:.0f} seconds", file=sys.stderr)
    sys.exit(0 if is_right(years) else 1)


def _spelled(arguments: list[str]) -> str:
    """The command, without where its report goes."""
    if "--report" in arguments:
        at = arguments.index("--report")
        arguments = arguments[:at] + arguments[at + 2 :]
    return " ".join(("python -m year", *arguments))


def is_right(years: list[Lived]) -> bool:
    """Whether nothing was missed, and at most one run in 200 of ordinary days held falsely."""
    false = sum(len(lived.false_holds) for lived in years)
    runs = sum(lived.ordinary_runs for lived in years)
    return false * 200 <= runs and not any(lived.missed for lived in years)


if __name__ == "__main__":
    main()
