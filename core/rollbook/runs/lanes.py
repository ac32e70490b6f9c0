"""Which changes go in together: those that wait for the same pause or the same holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rollbook.changes.access import takes_away
from rollbook.changes.rekeyed import taken_over
from rollbook.directory.changesets import PlannedLane
from rollbook.roster.changes import Change

Waits = tuple[str | None, tuple[str, ...]]
"""A pause, or the holds in the order in which they were raised."""


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of a changeset: what each waits for, and the lane number of each position."""

    waits: tuple[Waits, ...]
    numbers: list[int]

    @classmethod
    def of(
        cls,
        changes: Sequence[Change],
        paused: Mapping[int, str],
        held: Mapping[str, Collection[int]],
    ) -> Lanes:
        """Lanes from the positions that pauses and holds keep back, directly or in the end."""
        waiting: dict[int, Waits] = {position: (pause, ()) for position, pause in paused.items()}
        for hold, positions in held.items():
            for position in positions:
                waiting[position] = None, (*waiting.get(position, (None, ()))[1], hold)
        free: Waits = (None, ())
        lanes: dict[Waits, int] = {}
        numbers = [
            lanes.setdefault(waiting.get(position, free), len(lanes))
            for position in range(len(changes))
        ]
        return cls(tuple(lanes), numbers)

    def planned(self, changes: Sequence[Change]) -> list[PlannedLane]:
        """The lanes with their counts, to be saved."""
        counts: list[Counter[tuple[object, ...]]] = [Counter() for _ in self.waits]
        followed = taken_over(changes)
        for position, (lane, change) in enumerate(zip(self.numbers, changes, strict=True)):
            lost = takes_away(change) and position not in followed
            counts[lane][change.kind, change.verb, change.school, change.role, lost] += 1
        return [
            PlannedLane(number, pause, holds, counts[number])  # type: ignore[arg-type]
            for number, (pause, holds) in enumerate(self.waits)
        ]
