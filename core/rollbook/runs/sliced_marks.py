"""The fingerprints that a comparison in slices brings, in a few numbers a line."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rollbook.directory.changesets import Fingerprint
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import KIND_ORDER, Kind
from rollbook.roster.records import text
from rollbook.runs.marks import Key, Placed
from rollbook.runs.said import Said

_NONE = -1
_PEOPLE = {Kind.ROLE: ("user_id",), Kind.GUARDIAN: ("student_id", "guardian_id")}
_KINDS = tuple(KIND_ORDER)


class SlicedMarks:
    """Lines that say just what their records will hold, and the changes that make it true.

    Changes are known by the numbers that they were given as they came up.
    """

    def __init__(self) -> None:
        self.lapsed: list[Key] = []
        self._kind = array("B")
        self._line = array("l")
        self._noted = array("l")
        self._own = array("l")
        self._involved = array("l")
        self._of_mark = array("l")
        self._unchanged: dict[int, str] = {}
        self._hashes: Mapping[Kind, NDArray[np.int64]] = {}
        self._known: Mapping[Kind, NDArray[np.bool_]] = {}
        self._place: NDArray[np.int64] = np.empty(0, np.int64)

    def add(self, said: Said, changes: Sequence[Change], first: int) -> None:
        """Take up what some lines say, and the changes that came of them and of others of the same
        people, numbered from ``first`` on."""
        own: dict[Kind, dict[str, int]] = {kind: {} for kind in Kind}
        along: dict[str, list[int]] = {}
        for number, change in enumerate(changes, first):
            kind, verb, record = change[:3]
            if verb is not Verb.REMOVE:
                own[kind][record] = number
            if kind is Kind.ROLE or kind is Kind.GUARDIAN:
                values = change.after or change.before or {}
                for side in _PEOPLE[kind]:
                    along.setdefault(text(values, side) or "", []).append(number)
            elif verb is Verb.REMOVE and record in said.lines.get(kind, ()):
                along.setdefault(record, []).append(number)
        for kind, lines in said.lines.items():
            numbers = own[kind]
            mark = len(self._line)
            self._kind.extend([KIND_ORDER[kind]] * len(lines))
            self._line.extend([line for line, _ in lines.values()])
            self._noted.extend([noted for _, noted in lines.values()])
            self._own.extend([numbers.get(record, _NONE) for record in lines])
            for number, record in enumerate(lines, mark):
                mine = numbers.get(record)
                if mine is None:
                    self._unchanged[number] = record
                else:
                    self._involved.append(mine)
                    self._of_mark.append(number)
                if kind is Kind.USER:
                    for other in along.get(record, ()):
                        self._involved.append(other)
                        self._of_mark.append(number)
        self.lapsed += said.lapsed

    def settle(
        self,
        hashes: Mapping[Kind, NDArray[np.int64]],
        known: Mapping[Kind, NDArray[np.bool_]],
        place: NDArray[np.int64],
    ) -> None:
        """Tell what only the end tells: the hashes of all lines by kind of file, whether the
        directory has them already, and the position of every change in order, by its number."""
        self._hashes, self._known, self._place = hashes, known, place

    def placed(self, changes: Sequence[Change], lanes: Sequence[int]) -> Placed:
        """As ``Marks.placed``."""
        kinds, lines = np.frombuffer(self._kind, np.uint8), np.frombuffer(self._line, np.int64)
        own, noted = np.frombuffer(self._own, np.int64), np.frombuffer(self._noted, np.int64)
        found = np.zeros(len(lines), np.int64)
        known = np.zeros(len(lines), np.bool_)
        for kind, hashes in self._hashes.items():
            these = kinds == KIND_ORDER[kind]
            found[these] = hashes[lines[these] - 1]
            known[these] = self._known[kind][lines[these] - 1]
        of_mark = np.frombuffer(self._of_mark, np.int64)
        lane = np.asarray(lanes, np.int64)[self._place[np.frombuffer(self._involved, np.int64)]]
        lowest = np.full(len(lines), np.iinfo(np.int64).max)
        highest = np.full(len(lines), _NONE)
        np.minimum.at(lowest, of_mark, lane)
        np.maximum.at(highest, of_mark, lane)
        placed = Placed()
        together = (lowest == highest) & (own != _NONE)
        for mark in np.flatnonzero(together).tolist():
            placed.with_change[int(self._place[own[mark]])] = Fingerprint(
                int(found[mark]), int(noted[mark]) or None
            )
        for mark, record in self._unchanged.items():
            print_ = Fingerprint(int(found[mark]), int(noted[mark]) or None)
            kind = _KINDS[kinds[mark]]
            if highest[mark] == _NONE:
                if not known[mark]:
                    placed.at_once.append((kind, record, print_))
            elif lowest[mark] == highest[mark]:
                placed.with_lane.append((int(lowest[mark]), kind, record, print_))
        return placed
