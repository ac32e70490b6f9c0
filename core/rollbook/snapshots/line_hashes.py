"""Hashes of the lines of a file, and how they differ from those that the directory knows.

Every raw line, its end included, is hashed by XXH3 with 64 bits, whose results are the same
everywhere and for ever. Two different lines of a million share a hash about once in 40 million
nights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Positions = NDArray[np.int64]

_BUFFER = 1 << 20
_SIEVE = (1 << 22) - 1


@dataclass(frozen=True, slots=True)
class Difference:
    """``lines`` are the positions (0 is the header) of the lines that are not known or stand there
    more than once; ``gone`` says of each known hash whether no line has it any more."""

    lines: Positions
    gone: NDArray[np.bool_]


def hash_lines(path: Path) -> Hashes:
    """The hash of every line of a file, in order, the header among them."""
    with path.open("rb", buffering=_BUFFER) as file:
        return np.fromiter(map(xxhash.xxh3_64_intdigest, file), np.uint64)


def hash_lines_but(path: Path, column: int) -> Hashes:
    """As ``hash_lines``, but without the cell at ``column`` (from 0) of every line.

    A line with a quote before that column is hashed as a whole.
    """
    return np.fromiter(_without(path, column), np.uint64)


def _without(path: Path, column: int) -> Iterator[int]:
    digest = xxhash.xxh3_64_intdigest
    with path.open("rb", buffering=_BUFFER) as file:
        for line in file:
            parts = line.split(b",", column + 1)
            if len(parts) == column + 2 and b'"' not in line[: -len(parts[-1])]:
                parts[column] = b""
                line = b",".join(parts)
            yield digest(line)


def difference(known: Hashes, hashes: Hashes, first: int) -> Difference:
    """What is new from line ``first`` on, and what is gone. ``known`` is sorted, each hash once."""
    rows = hashes[first:]
    ordered = np.sort(rows)
    if np.array_equal(ordered, known):
        return Difference(np.empty(0, np.int64), np.zeros(len(known), np.bool_))
    doubled = ordered[1:][ordered[1:] == ordered[:-1]]
    both = np.concatenate([known, ordered])
    # Two runs that are in order already: a stable sort merges them in one pass.
    both.sort(kind="stable")
    alike = both[1:] == both[:-1]
    alone = np.ones(len(both), np.bool_)
    alone[1:] &= ~alike
    alone[:-1] &= ~alike
    single = both[alone]
    at = np.searchsorted(known, single)
    was = np.zeros(len(single), np.bool_)
    inside = at < len(known)
    was[inside] = known[at[inside]] == single[inside]
    gone = np.zeros(len(known), np.bool_)
    gone[at[was]] = True
    return Difference(locate(rows, np.concatenate([single[~was], doubled])) + first, gone)


def locate(hashes: Hashes, wanted: Hashes) -> Positions:
    """The positions of all lines whose hash is among ``wanted``, in order."""
    if not len(wanted):
        return np.empty(0, np.int64)
    sieve = np.zeros(_SIEVE + 1, np.bool_)
    sieve[wanted & np.uint64(_SIEVE)] = True
    candidates = np.flatnonzero(sieve[hashes & np.uint64(_SIEVE)])
    ordered = np.sort(wanted)
    found = hashes[candidates]
    at = np.minimum(np.searchsorted(ordered, found), len(ordered) - 1)
    positions: Positions = candidates[ordered[at] == found].astype(np.int64)
    return positions


def raw_lines(path: Path, positions: Positions) -> Iterator[tuple[int, bytes]]:
    """The lines at some positions (sorted, 0 is the header), with their numbers from 1."""
    if not len(positions):
        return
    wanted = np.zeros(int(positions[-1]) + 1, np.uint8)
    wanted[positions] = 1
    with path.open("rb", buffering=_BUFFER) as file:
        yield from zip((positions + 1).tolist(), compress(file, wanted.tobytes()), strict=True)
