"""The fingerprints of lines that were read, forty bytes a line: a first load has millions."""

from __future__ import annotations

from array import array
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rollbook.changes.columns import Hashes, hash_of
from rollbook.directory.changesets import Fingerprint
from rollbook.roster.kinds import KIND_ORDER, Kind

Numbers = NDArray[np.int32]
"""Numbers of lines, in the order in which they were added."""

Key = tuple[Kind, str]


class Lines:
    """Fingerprints by the record that a line is about, each record once."""

    def __init__(self) -> None:
        self._kinds, self._ids = array("B"), array("Q")
        self._hashes, self._noted = array("q"), array("H")
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

    def add(self, kind: Kind, record_id: str, mark: Fingerprint) -> None:
        """One more line. Whoever adds sees to it that no record has two."""
        self._kinds.append(KIND_ORDER[kind])
        self._ids.append(hash_of(record_id))
        self._hashes.append(mark.hash)
        self._noted.append(mark.noted or 0)
        self._text += record_id.encode()
        self._ends.append(len(self._text))

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
