"""Changes in a file: what they say, kept out of memory, block by block."""

from __future__ import annotations

import marshal
import os
from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from weakref import finalize

from rollbook.changes.lines import Digest, Line
from rollbook.changes.positions import Places

BLOCK = 256
"""Changes that are read and written together."""

_BUFFER = 1 << 20


@dataclass(frozen=True)
class Spool:
    """An open file of changes; ``starts`` is where each block begins, and where the last ends."""

    file: int
    starts: array[int]
    length: int

    def block(self, number: int) -> list[Line]:
        """The changes of a block."""
        start = self.starts[number]
        raw = os.pread(self.file, self.starts[number + 1] - start, start)
        found: list[Line] = marshal.loads(raw)
        return found

    def lines(self) -> Iterator[Line]:
        """All changes in order."""
        return chain.from_iterable(map(self.block, range(len(self.starts) - 1)))

    def at(self, places: Places) -> Iterator[Line]:
        """The changes at some places, in order; each block is read once."""
        number, block = -1, list[Line]()
        for start in range(0, len(places), BLOCK):
            for place in places[start : start + BLOCK].tolist():
                if place // BLOCK != number:
                    number = place // BLOCK
                    block = self.block(number)
                yield block[place % BLOCK]


class Writing:
    """A spool in the making, and the digest of what goes into it."""

    def __init__(self, path: Path, form: str) -> None:
        self.digest = Digest(form)
        self._rest: list[Line] = []
        self._buffer = bytearray()
        self._starts = array("q", [0])
        self._length = 0
        # A descriptor, so that the file goes with the last who reads it.
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._close = finalize(self, _closed, self._file)

    def add(self, lines: Sequence[Line]) -> None:
        """Write down some more changes."""
        self.digest.take(lines)
        rest = [*self._rest, *lines]
        whole = len(rest) - len(rest) % BLOCK
        for start in range(0, whole, BLOCK):
            self._add_block(rest[start : start + BLOCK])
        self._rest = rest[whole:]

    def done(self) -> Spool:
        """The spool, once everything has been added."""
        if self._rest:
            self._add_block(self._rest)
        self._write()
        self._close.detach()
        spool = Spool(self._file, self._starts, self._length)
        finalize(spool, _closed, self._file)
        return spool

    def _add_block(self, block: list[Line]) -> None:
        raw = marshal.dumps(block)
        self._length += len(block)
        self._starts.append(self._starts[-1] + len(raw))
        self._buffer += raw
        if len(self._buffer) >= _BUFFER:
            self._write()

    def _write(self) -> None:
        rest = memoryview(self._buffer)
        while rest:
            rest = rest[os.write(self._file, rest) :]
        self._buffer = bytearray()


def _closed(file: int) -> None:
    with suppress(OSError):
        os.close(file)
