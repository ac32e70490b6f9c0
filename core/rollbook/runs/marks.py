"""Where the fingerprints of the lines that were read go, once it is known what they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rollbook.changes.columns import Columns, Hashes, matched
from rollbook.changes.sequence import Changes
from rollbook.directory.changesets import Fingerprint, Mark
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.runs.lines import NO_LINE, Lines, Numbers

Key = tuple[Kind, str]


@dataclass(frozen=True, slots=True)
class Placed:
    """Fingerprints by the position of the change that brings them, by lane where the record itself
    does not change, and those that are true already.

    ``with_change`` has the number of a line for each position, or ``NO_LINE``.
    """

    lines: Lines
    with_change: Numbers
    with_lane: list[tuple[int, Kind, str, Fingerprint]]
    at_once: list[tuple[Kind, str, Fingerprint]]

    def marks(self) -> Iterator[Mark]:
        """The fingerprint that each change brings, in order."""
        for start in range(0, len(self.with_change), _AT_ONCE):
            yield from self.lines.marks(self.with_change[start : start + _AT_ONCE])


_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Marks:
    """The fingerprints of lines that say just what their records are to hold, by record.

    ``lapsed`` are the records whose line says that no more, though it may be the line it was: a
    person whom it names has become somebody else.
    """

    lines: Mapping[Key, Fingerprint] | Lines
    lapsed: frozenset[Key] = frozenset()

    def placed(self, changes: Sequence[Change], lanes: NDArray[np.int32]) -> Placed:
        """A line is held when everything that it changes has gone in, so it goes with one lane.

        A line whose changes wait for different things gets no fingerprint: it is read again.
        """
        lines, columns = Lines.of(self.lines), Changes.of(changes).columns
        with_change = np.full(len(columns), NO_LINE, np.int32)
        placed = Placed(lines, with_change, [], [])
        for kind in Kind:
            numbers = lines.about(kind)
            if not len(numbers):
                continue
            ids = lines.ids(numbers)
            involved = _Involved.of(kind, columns, lanes)
            there = involved.find(ids)
            for number in numbers[(there < 0) & ~lines.known(numbers)].tolist():
                placed.at_once.append((kind, lines.record(number), lines.mark(number)))
            settled = there >= 0
            settled[settled] = (involved.first == involved.last)[there[settled]]
            numbers, ids, there = numbers[settled], ids[settled], there[settled]
            stays = np.concatenate([columns.places[kind, verb] for verb in _STAYS])
            own = matched(ids, columns.id[stays], stays)
            with_change[own[own >= 0]] = numbers[own >= 0]
            for number, at in zip(numbers[own < 0].tolist(), there[own < 0].tolist(), strict=True):
                lane = int(involved.first[at])
                placed.with_lane.append((lane, kind, lines.record(number), lines.mark(number)))
        return placed


_STAYS = (Verb.ADD, Verb.UPDATE)


@dataclass(frozen=True, slots=True)
class _Involved:
    """The ids on which changes hang, each with its first and its last lane."""

    ids: Hashes
    first: NDArray[np.int32]
    last: NDArray[np.int32]

    @classmethod
    def of(cls, kind: Kind, columns: Columns, lanes: NDArray[np.int32]) -> _Involved:
        """The lines of people are about their roles and families as well."""
        own = columns.of(kind)
        ids, in_lanes = columns.id[own], lanes[own]
        if kind is not Kind.USER:
            return cls(ids, in_lanes, in_lanes)
        found = [(ids, in_lanes)]
        for other, sides in ((Kind.ROLE, 1), (Kind.GUARDIAN, 2)):
            belongs = columns.of(other)
            for slot in columns.slots[:sides]:
                found.append((slot[belongs], lanes[belongs]))
        ids = np.concatenate([some for some, _ in found])
        order = np.argsort(ids)
        ids, in_lanes = ids[order], np.concatenate([some for _, some in found])[order]
        starts = np.flatnonzero(np.diff(ids, prepend=ids[:1] + np.uint64(1)))
        if not len(starts):
            return cls(ids, in_lanes, in_lanes)
        return cls(
            ids[starts],
            np.minimum.reduceat(in_lanes, starts),
            np.maximum.reduceat(in_lanes, starts),
        )

    def find(self, ids: Hashes) -> Numbers:
        """Where some ids stand here, or -1."""
        return matched(ids, self.ids, np.arange(len(self.ids), dtype=np.int32))
