"""Which changes go in together: those that wait for the same pause or the same holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rollbook.changes.positions import Places
from rollbook.changes.rekeyed import taken_over
from rollbook.changes.sequence import Changes
from rollbook.changes.waiting import FREE, Causes
from rollbook.directory.changesets import CountKey, PlannedLane
from rollbook.roster.changes import Change

Waits = tuple[str | None, tuple[str, ...], str | None]
"""A pause, or the holds in the order in which they were raised; and the plan that expects it."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of a changeset: what each waits for, and the lane number of each position."""

    waits: tuple[Waits, ...]
    numbers: NDArray[np.int32]

    @classmethod
    def of(
        cls,
        paused: Causes,
        pauses: Sequence[str],
        held: Mapping[str, Places],
        expected: tuple[str, Places] | None = None,
    ) -> Lanes:
        """Lanes from the positions that pauses and holds keep back, directly or in the end.

        ``paused`` has the number of a pause for each position that one keeps back, ``expected``
        a plan with the positions that it expects.
        """
        waits: list[Waits] = [(None, (), None), *((pause, (), None) for pause in pauses)]
        waiting = paused - np.int32(FREE)
        for hold, places in held.items():
            before, of = np.unique(waiting[places], return_inverse=True)
            known = len(waits)
            waits += [(None, (*waits[number][1], hold), None) for number in before.tolist()]
            waiting[places] = of + known
        if expected is not None:
            plan, places = expected
            before, of = np.unique(waiting[places], return_inverse=True)
            known = len(waits)
            waits += [(*waits[number][:2], plan) for number in before.tolist()]
            waiting[places] = of + known
        # The last one to be written is the first place at which something waits for it.
        first = np.full(len(waits), len(waiting), np.int32)
        first[waiting[::-1]] = np.arange(len(waiting), dtype=np.int32)[::-1]
        order = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(waiting))]
        numbers = np.zeros(len(waits), np.int32)
        numbers[order] = np.arange(len(order))
        return cls(tuple(waits[number] for number in order.tolist()), numbers[waiting])

    def planned(self, changes: Sequence[Change]) -> list[PlannedLane]:
        """The lanes with their counts, to be saved."""
        columns = Changes.of(changes).columns
        lost = columns.takes_away & ~taken_over(changes).mask(len(changes))
        lanes: list[PlannedLane] = []
        for number, (pause, holds, plan) in enumerate(self.waits):
            counts: Counter[CountKey] = Counter()
            for takes_away in (False, True):
                here = np.flatnonzero((self.numbers == number) & (lost == takes_away))
                for cell, count in columns.cells(here.astype(np.int32)).items():
                    counts[*cell, takes_away] = count
            lanes.append(PlannedLane(number, pause, holds, counts, plan))
        return lanes
