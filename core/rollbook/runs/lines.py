"""The fingerprints of lines that were read, forty bytes a line: a first load has millions."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from rollbook.changes.columns import Hashes, hash_of
from rollbook.directory.changesets import Fingerprint, Mark
from rollbook.roster.kinds import KIND_ORDER, Kind

Numbers = NDArray[np.int32]
"""Numbers of lines, in the order in which they were added."""

NO_LINE = -1
"""Stands where a change has no line."""

Key = tuple[Kind, str]


class Lines:
    """Fingerprints by the record that a line is about, each record once."""

    def __init__(self) -> None:
        self._kinds, self._ids = array("B"), array("Q")
        self._hashes, self._noted = array("q"), array("H")
        self._known, self._numbers = array("B"), array("l")
        self._text, self._ends = bytearray(), array("Q", [0])

    @classmethod
    def of(cls, lines: Mapping[Key, Fingerprint] | Lines) -> Lines:
        """The same fingerprints; ``Lines`` stay what they are."""
        if isinstance(lines, Lines):
            return lines
        made = cls()
        for (kind, record_id), mark in lines.items():
            made.add(kind, record_id, mark)
        return made

    def add(
        self, kind: Kind, record_id: str, mark: Fingerprint, line: int = 0, known: bool = False
    ) -> None:
        """One more line, with its number in its file, and whether the directory has its fingerprint
        already. Whoever adds sees to it that no record has two."""
        self._kinds.append(KIND_ORDER[kind])
        self._ids.append(hash_of(record_id))
        self._hashes.append(mark.hash)
        self._noted.append(mark.noted or 0)
        self._known.append(known)
        self._numbers.append(line)
        self._text += record_id.encode()
        self._ends.append(len(self._text))

    def add_all(
        self,
        kind: Kind,
        ids: Sequence[str],
        hashes: NDArray[np.int64],
        noted: NDArray[np.uint16],
        numbers: NDArray[np.int64],
        known: NDArray[np.bool_],
    ) -> None:
        """Many more lines of a kind, as ``add``; ``noted`` is 0 where there is no note."""
        encoded = [record_id.encode() for record_id in ids]
        self._kinds.frombytes(bytes([KIND_ORDER[kind]]) * len(ids))
        self._ids.extend(map(xxh3_64_intdigest, encoded))
        self._hashes.frombytes(hashes.tobytes())
        self._noted.frombytes(noted.tobytes())
        self._known.frombytes(known.tobytes())
        self._numbers.frombytes(numbers.tobytes())
        ends = np.cumsum(np.fromiter(map(len, encoded), np.uint64, len(ids)), dtype=np.uint64)
        self._ends.frombytes((ends + np.uint64(len(self._text))).tobytes())
        self._text += b"".join(encoded)

    def hash_anew(self, kind: Kind, hashes: NDArray[np.int64]) -> None:
        """Take other fingerprints for the lines of a kind's file: ``hashes`` are those of all its
        lines. The directory knows none of them."""
        about = self.about(kind)
        lines = np.frombuffer(self._numbers, np.int64)[about] - 1
        np.frombuffer(self._hashes, np.int64)[about] = hashes[lines]
        np.frombuffer(self._known, np.uint8)[about] = 0

    def known(self, numbers: Numbers) -> NDArray[np.bool_]:
        """Whether the directory has the fingerprints of some lines already."""
        return np.frombuffer(self._known, np.uint8)[numbers].astype(np.bool_)

    def __len__(self) -> int:
        return len(self._kinds)

    def about(self, kind: Kind) -> Numbers:
        """The lines about records of a kind."""
        kinds = np.frombuffer(self._kinds, np.uint8)
        return np.flatnonzero(kinds == KIND_ORDER[kind]).astype(np.int32)

    def ids(self, numbers: Numbers) -> Hashes:
        """The hashes of the ids that some lines are about."""
        return np.frombuffer(self._ids, np.uint64)[numbers]

    def record(self, number: int) -> str:
        """The id of the record that a line is about."""
        return self._text[self._ends[number] : self._ends[number + 1]].decode()

    def mark(self, number: int) -> Fingerprint:
        """The fingerprint of a line."""
        return Fingerprint(self._hashes[number], self._noted[number] or None)

    def marks(self, numbers: Numbers) -> Iterator[Mark]:
        """The fingerprints of some lines, nothing in the places of ``NO_LINE``."""
        if not len(self):
            return repeat((None, None), len(numbers))
        hashes = np.frombuffer(self._hashes, np.int64)[numbers].tolist()
        noted = np.frombuffer(self._noted, np.uint16)[numbers].tolist()
        for place in np.flatnonzero(numbers == NO_LINE).tolist():
            hashes[place], noted[place] = None, 0
        return zip(hashes, (note or None for note in noted), strict=True)
