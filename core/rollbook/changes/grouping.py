"""Changes of one shape together: what holds for all of them is worked out once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rollbook.changes.shapes import Shape
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind

AT_ONCE = 10_000
"""Changes that are grouped at a time, where they come one after another."""

_Taken = TypeVar("_Taken")
_Names = tuple[str, ...] | None
_Key = tuple[Kind, Verb, _Names, _Names]


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one shape, with its number, and where they stood among those that were given."""

    number: int
    shape: Shape
    places: NDArray[np.intp]
    changes: Sequence[Change]


class Shapes:
    """Tells the shapes of changes and numbers them, in the order in which they first come."""

    def __init__(self) -> None:
        self.found: list[Shape] = []
        self._numbers: dict[_Key, int] = {}

    def groups(self, changes: Sequence[Change]) -> list[Group]:
        """Some changes by their shapes."""
        numbers = self._numbers
        codes: list[int] = []
        for kind, verb, _, before, after, *_ in changes:
            key = (
                kind,
                verb,
                None if before is None else tuple(before),
                None if after is None else tuple(after),
            )
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = len(self.found)
                self.found.append(Shape(*key))
            codes.append(number)
        return self._by_shape(changes, np.array(codes, np.int32))

    def _by_shape(self, changes: Sequence[Change], codes: NDArray[np.int32]) -> list[Group]:
        order = np.argsort(codes, kind="stable")
        starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
        if len(starts) == 1:
            number = int(codes[0])
            return [Group(number, self.found[number], order, changes)]
        groups: list[Group] = []
        for places in np.split(order, starts[1:]) if len(starts) else ():
            number = int(codes[places[0]])
            some = itemgetter(*places.tolist())(changes)
            group = some if len(places) > 1 else (some,)
            groups.append(Group(number, self.found[number], places, group))
        return groups


def portions(coming: Iterable[_Taken]) -> Iterator[list[_Taken]]:
    """What comes one after another, so much at a time as is grouped."""
    coming = iter(coming)
    while portion := list(islice(coming, AT_ONCE)):
        yield portion
