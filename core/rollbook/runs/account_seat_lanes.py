"""Whose groups wait: those of people whose seats, or whose classes' names, are held."""

from __future__ import annotations

import numpy as np

from rollbook.changes.columns import hashes_of
from rollbook.changes.sequence import Changes
from rollbook.runs.account_classes import Seats, is_among
from rollbook.runs.lanes import Lanes


class SeatLanes:
    """The lanes for which the groups of each person wait, beside that of their record."""

    def __init__(self, seats: Seats, changes: Changes, lanes: Lanes) -> None:
        waiting = [number for number, (_, holds, _) in enumerate(lanes.waits) if holds]
        self._people = []
        for number in waiting:
            places = seats.moving[lanes.numbers[seats.moving] == number]
            renamed = seats.renamed[lanes.numbers[seats.renamed] == number]
            turned = seats.turned_in(lanes.numbers == number)
            others = hashes_of({*seats.members(renamed), *turned})
            whose = np.unique(np.concatenate([changes.columns.slots[0][places], others]))
            if len(whose):
                self._people.append((number, whose))

    def of(self, person: str) -> tuple[int, ...]:
        """The numbers of the lanes."""
        return tuple(number for number, whose in self._people if is_among(whose, person))
