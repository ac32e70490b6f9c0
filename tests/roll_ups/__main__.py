"""``make roll-up-errors``: the confusion matrix of the roll-up detector on many generated years."""

from __future__ import annotations

import sys
from collections import Counter

from roll_ups.generated import KINDS, TRUTHS, generated
from roll_ups.measure import Confusion, Errors, measured
from rollbook.rollover.roll_up import RollUpState


def main(years: int) -> None:
    """Measure so many years and print what was wrong."""
    errors = measured(range(years))
    for title, confusion in (("Districts", errors.districts), ("Schools", errors.schools)):
        print(f"{title}: {confusion.total():,} verdicts, {errors.rate(confusion):.2%} wrong\n")
        print(_table(confusion))
    print(_by_kind(errors, years))


def _table(confusion: Confusion) -> str:
    states = [state for state in RollUpState if any(state in pair for pair in confusion)]
    lines = ["| is \\ found | " + " | ".join(states) + " |", "|---" * (len(states) + 1) + "|"]
    for true in states:
        cells = [f"{confusion[true, found]:,}" for found in states]
        lines.append(f"| {true} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _by_kind(errors: Errors, years: int) -> str:
    wrong = Counter((generated(s).kind, generated(s).truth) for s in errors.wrong)
    each = years / len(KINDS) / len(TRUTHS)
    lines = [
        f"{kind}, {truth}: {n} of {each:.0f} wrong" for (kind, truth), n in wrong.most_common()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main(int(sys.argv[1]))
