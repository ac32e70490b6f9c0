"""Which of millions of changes rest: the pauses of ``pauses``, by columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rollbook.changes.columns import Columns
from rollbook.changes.positions import Mask, places_of
from rollbook.changes.sequence import Changes
from rollbook.changes.shapes import Trait
from rollbook.changes.waiting import FREE, Causes
from rollbook.directory.pauses import PauseRow
from rollbook.roster.changes import Change
from rollbook.roster.kinds import Kind
from rollbook.runs.pauses import keeps_back


def paused_positions(changes: Sequence[Change], pauses: Sequence[PauseRow]) -> Causes:
    """For each change the number of the first of ``pauses`` that keeps it back, or ``FREE``."""
    sequence = Changes.of(changes)
    found = np.full(len(sequence), FREE, np.int32)
    for number, pause in enumerate(pauses):
        sure, doubtful = _covered(pause, sequence.columns)
        found[sure & (found == FREE)] = number
        places = places_of(doubtful & (found == FREE))
        for position, change in zip(places.tolist(), sequence.at(places), strict=True):
            if keeps_back(pause, change):
                found[position] = number
    return found


def _covered(pause: PauseRow, columns: Columns) -> tuple[Mask, Mask]:
    """The changes that a pause is sure to cover, and those that have to be looked at."""
    sure = columns.shaped(
        (not pause.kinds or shape.kind in pause.kinds)
        and (not pause.verbs or shape.verb in pause.verbs)
        for shape in columns.shapes
    )
    doubtful = sure & False
    if pause.school is not None:
        doubtful = sure & columns.has(Trait.MOVES_ON)
        here = columns.schools.index(pause.school) if pause.school in columns.schools else -1
        sure &= columns.school == here
    if pause.roles:
        people = columns.of(Kind.USER) | columns.of(Kind.ROLE)
        doubtful |= sure & people
        sure &= ~people
    return sure, doubtful
