"""The ends of a source's own files, of a set that was translated: its files have another order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rollbook.snapshots.cut_off import FEWEST, LOOKED_AT, Ends, first_cell
from rollbook.sources.normal_form import Origins

_HEADER = 1


def ends_of(
    older: tuple[Path, Origins], newer: tuple[Path, Origins], missing: int
) -> Iterator[Ends]:
    """The ends of each source file that has lost ten rows or more and of which a file, that of an
    older and a newer set, is made; of the older one as far as so many ``missing`` rows may reach.

    Lines are looked for in the set's file only where a source file is so much shorter.
    """
    before, now = (_lines(origins, file.name) for file, origins in (older, newer))
    for source, lines in before.items():
        others = now.get(source)
        if others is None or _length(lines) - _length(others) < FEWEST:
            continue
        yield Ends(
            source,
            _ids(older[0], lines, missing + LOOKED_AT),
            _ids(newer[0], others, LOOKED_AT),
        )


def _lines(origins: Origins, name: str) -> dict[str, NDArray[np.uint32]]:
    """For each source file the lines that were made of it: the number of the line, 0 the first
    after the header, and that of the row."""
    pairs = np.frombuffer(origins.pairs(name), np.uint32).reshape(-1, 2)
    found: dict[str, NDArray[np.uint32]] = {}
    for origin in np.unique(pairs[:, 0]).tolist():
        places = np.flatnonzero(pairs[:, 0] == origin).astype(np.uint32)
        found[origins.names[origin]] = np.column_stack((places, pairs[places, 1]))
    return found


def _length(numbers: NDArray[np.uint32]) -> int:
    return int(numbers[:, 1].max())


def _ids(file: Path, lines: NDArray[np.uint32], count: int) -> list[str]:
    """The ids on the lines of a set that were made of a source file's last rows."""
    order = np.argsort(lines[:, 1], kind="stable")[::-1][:count]
    wanted = lines[order, 0]
    places = np.sort(wanted).tolist()
    found: dict[int, str] = {}
    with file.open("rb") as stream:
        for before, place in pairwise([-1 - _HEADER, *places]):
            found[place] = first_cell(next(islice(stream, place - before - 1, None)))
    return [found[line] for line in wanted.tolist()]
