"""The lines of a snapshot's files, sorted into a file for each slice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rollbook.sources.oneroster_csv.table import Picked

_BUFFER = 1 << 20
_SMALL = 1 << 16


class Buckets:
    """One file's lines by slice. Read with the numbers that they have in that file."""

    def __init__(
        self, path: Path, first: int, slices: NDArray[np.uint16], number: int, folder: Path
    ) -> None:
        """Cut the file at ``path``; ``slices`` has the slice of every line, of which those before
        position ``first`` are left out. ``folder`` is there."""
        self._first = first
        self._slices = slices
        self._paths = [folder / f"{path.stem}-{one}.part" for one in range(number)]
        with ExitStack() as stack:
            source = stack.enter_context(path.open("rb", buffering=_BUFFER))
            write = [
                stack.enter_context(one.open("wb", buffering=_SMALL)).write for one in self._paths
            ]
            lines = islice(source, first, None)
            for line, at in zip(lines, slices[first:].tolist(), strict=True):
                write[at](line)

    def picked(self, number: int) -> Picked:
        """The lines of a slice."""
        positions = np.flatnonzero(self._slices[self._first :] == number) + self._first + 1
        return Picked(self._lines(number, positions.tolist()), len(self._slices))

    def _lines(self, number: int, positions: list[int]) -> Iterator[tuple[int, bytes]]:
        with self._paths[number].open("rb", buffering=_BUFFER) as file:
            yield from zip(positions, file, strict=True)
        self._paths[number].unlink()
