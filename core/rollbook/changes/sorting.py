"""Bringing more changes into order than fit into memory: sorted pieces in a folder, then merged."""

from __future__ import annotations

import marshal
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import cast

import numpy as np

from rollbook.changes.gathering import Gathering
from rollbook.changes.lines import Line, lines_of
from rollbook.changes.nothing import DIGEST_FORMAT
from rollbook.changes.sequence import Changes
from rollbook.changes.spool import Writing
from rollbook.roster.changes import Change
from rollbook.roster.kinds import Kind

_BLOCK = 200
"""Changes that are read from a piece at a time."""

_Entry = tuple[str, int, Line]
"""The id of a change, its number among all that were added, and what is written of it."""

_ID = itemgetter(0)


class Sorter:
    """Takes changes in any order and gives them back by kind, then id."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is there, and nobody else's."""
        self._folder = folder
        self._gathering = Gathering()
        self._pieces: dict[Kind, list[_Piece]] = {kind: [] for kind in Kind}

    def add(self, changes: Sequence[Change]) -> None:
        """Take some changes, each of another record."""
        by_kind: dict[Kind, list[_Entry]] = {}
        begun = len(self._gathering)
        for group in self._gathering.add(changes):
            lines = lines_of(group)
            numbers = (group.places + begun).tolist()
            entries = by_kind.setdefault(group.shape.kind, [])
            entries += zip(map(itemgetter(2), lines), numbers, lines, strict=True)
        for kind, entries in by_kind.items():
            pieces = self._pieces[kind]
            pieces.append(_Piece.of(self._folder / f"{kind}-{len(pieces)}", entries))

    def in_order(self, path: Path) -> Changes:
        """Every change, in a file at ``path``; nothing can be added after that."""
        writing, order = Writing(path, DIGEST_FORMAT), array("i")
        for kind in Kind:
            for entries in _merged(self._pieces.pop(kind)):
                order.extend(map(itemgetter(1), entries))
                writing.add(list(map(itemgetter(2), entries)))
        columns = self._gathering.columns(np.frombuffer(order, np.int32))
        return Changes(writing.done(), columns, writing.digest.text)


class _Piece:
    """A file of lines by id, each with its number."""

    def __init__(self, path: Path, numbers: array[int]) -> None:
        self._path, self._numbers = path, numbers

    @classmethod
    def of(cls, path: Path, entries: list[_Entry]) -> _Piece:
        """The piece with these entries, which are sorted here."""
        entries.sort(key=_ID)
        with path.open("wb") as file:
            for start in range(0, len(entries), _BLOCK):
                lines = [line for _, _, line in entries[start : start + _BLOCK]]
                block = marshal.dumps(lines)
                file.write(len(block).to_bytes(8, "little"))
                file.write(block)
        return cls(path, array("i", [number for _, number, _ in entries]))

    def read(self) -> Iterator[list[_Entry]]:
        """The entries, some at a time; the file is gone after that."""
        read = 0
        with self._path.open("rb") as file:
            while size := int.from_bytes(file.read(8), "little"):
                lines = cast(list[Line], marshal.loads(file.read(size)))
                numbers = self._numbers[read : read + len(lines)]
                read += len(lines)
                yield list(zip(map(itemgetter(2), lines), numbers, lines, strict=True))
        self._path.unlink()


def _merged(pieces: Sequence[_Piece]) -> Iterator[list[_Entry]]:
    """The entries of all pieces by id, some at a time."""
    waiting = [(reading, next(reading, [])) for reading in (piece.read() for piece in pieces)]
    while waiting := [(reading, block) for reading, block in waiting if block]:
        # What comes later of any piece is above the lowest of the last ids that are here.
        bound = min(block[-1][0] for _, block in waiting)
        ends = [bisect_right(block, bound, key=_ID) for _, block in waiting]
        ready = [block[:end] for (_, block), end in zip(waiting, ends, strict=True)]
        yield sorted(chain.from_iterable(ready), key=_ID)
        waiting = [
            (reading, _filled(block[end:], reading))
            for (reading, block), end in zip(waiting, ends, strict=True)
        ]


def _filled(block: list[_Entry], reading: Iterator[list[_Entry]]) -> list[_Entry]:
    """A block with the next one, where it is short: much is ready at a time when none is."""
    return block if len(block) >= _BLOCK else block + next(reading, [])
