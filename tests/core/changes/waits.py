"""What waits for what, said with plain positions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from rollbook.changes.waiting import FREE, dependents, spread
from rollbook.roster.changes import Change


def waiting(changes: Sequence[Change], direct: Mapping[int, str]) -> dict[int, str]:
    """Every position that waits, directly or because of another, with what it waits for."""
    causes = sorted(set(direct.values()))
    numbers = np.full(len(changes), FREE, np.int32)
    for position, cause in direct.items():
        numbers[position] = causes.index(cause)
    found = spread(dependents(changes), numbers)
    return {p: causes[number] for p, number in enumerate(found.tolist()) if number != FREE}
