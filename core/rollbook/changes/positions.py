"""Sets of places in a changeset, four bytes a place: a rollover has millions of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int32]
"""Positions in a changeset, each once, in order."""

Mask = NDArray[np.bool_]
"""For each position of a changeset, whether it is meant."""

NO_PLACES: Places = np.empty(0, np.int32)
"""No changes."""

_AT_ONCE = 10_000


class Positions(Set[int]):
    """A set of positions that never changes."""

    __slots__ = ("places",)

    def __init__(self, places: Places) -> None:
        self.places = places

    @classmethod
    def of(cls, positions: Iterable[int]) -> Positions:
        """The set of some positions, in whatever order they come."""
        if isinstance(positions, Positions):
            return positions
        return cls(np.unique(np.fromiter(positions, np.int32)))

    @classmethod
    def where(cls, mask: Mask) -> Positions:
        """The positions that a mask means."""
        return cls(places_of(mask))

    def mask(self, among: int) -> Mask:
        """The same set as a mask over ``among`` positions."""
        mask = np.zeros(among, np.bool_)
        mask[self.places] = True
        return mask

    def with_these(self, places: Places) -> Positions:
        """The same set and some more."""
        return Positions(np.union1d(self.places, places))

    def __contains__(self, position: object) -> bool:
        if not isinstance(position, int):
            return False
        at = int(np.searchsorted(self.places, position))
        return at < len(self.places) and int(self.places[at]) == position

    def __iter__(self) -> Iterator[int]:
        for start in range(0, len(self.places), _AT_ONCE):
            yield from self.places[start : start + _AT_ONCE].tolist()

    def __len__(self) -> int:
        return len(self.places)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self)})"

    @classmethod
    def _from_iterable(cls, it: Iterable[int]) -> Positions:  # type: ignore[override]
        return cls.of(it)


def places_of(mask: Mask) -> Places:
    """The positions that a mask means, in order."""
    return np.flatnonzero(mask).astype(np.int32)
