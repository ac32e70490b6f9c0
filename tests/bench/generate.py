"""Districts of any size to measure with, as OneRoster 1.1 bulk sets on six days.

    python -m bench.generate STUDENTS FOLDER [--seed N]

writes into ``FOLDER``: ``first``; ``next``, the day after (0.5 % of users and of enrollments
changed, 0.1 % gone, 0.3 % new); ``unchanged``; ``touched``, the first day again with another
``dateLastModified`` on every row; ``next-touched``, the next day with yet another on every row; and
``rollover``, the next school year. Every student has eight enrollments and two guardians. The same
size and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import shutil
from contextlib import ExitStack
from pathlib import Path
from random import Random

from .days import NextDay, rollover
from .feeders import GRADES, LARGEST, SUBJECTS, Year, first_day
from .names import ids
from .writing import Writer

DAYS = ("first", "next", "unchanged", "touched", "next-touched", "rollover")

_TOUCHED = "2026-09-02T04:00:00.000Z"
_TOUCHED_AGAIN = "2026-09-03T04:00:00.000Z"


def generate(students: int, folder: Path, *, seed: int = 1) -> None:
    """Write the six days into ``folder``; what is there of an earlier call is replaced."""
    new_id = ids(Random(f"{seed} district"))
    district = next(new_id)
    courses = [next(new_id) for _ in range(len(GRADES) * len(SUBJECTS))]
    now = _year(2026, next(new_id), next(new_id), next(new_id))
    after = _year(2027, next(new_id), next(new_id), next(new_id))
    tomorrow = NextDay(seed, now)
    number_of = max(1, -(-students // LARGEST))
    with ExitStack() as stack:

        def writer(day: str, year: Year, stamp: str = "") -> Writer:
            return stack.enter_context(Writer(folder / day, district, courses, year, stamp=stamp))

        first, following = writer("first", now), writer("next", now)
        touched, again = (
            writer("touched", now, _TOUCHED),
            writer("next-touched", now, _TOUCHED_AGAIN),
        )
        risen = writer("rollover", after)
        for number in range(number_of):
            size = students * (number + 1) // number_of - students * number // number_of
            feeder = first_day(seed, number, size, now)
            first.write(feeder)
            touched.write(feeder)
            grown = tomorrow.of(number, feeder)
            following.write(grown)
            again.write(grown)
            risen.write(rollover(seed, number, feeder, after))
    shutil.rmtree(folder / "unchanged", ignore_errors=True)
    shutil.copytree(folder / "first", folder / "unchanged")


def _year(starts: int, year: str, autumn: str, spring: str) -> Year:
    return Year(year, (autumn, spring), starts, f"{starts}-08-17", f"{starts + 1}-06-04")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("students", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    generate(chosen.students, chosen.folder, seed=chosen.seed)


if __name__ == "__main__":
    main()
