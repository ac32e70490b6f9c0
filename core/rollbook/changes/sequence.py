"""The changes of a changeset: a few in memory, or millions in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import overload

from rollbook.changes.columns import Columns
from rollbook.changes.gathering import Gathering, columns_of
from rollbook.changes.grouping import portions
from rollbook.changes.lines import Digest, Line, change_on, in_lines, in_places
from rollbook.changes.nothing import DIGEST_FORMAT
from rollbook.changes.positions import Places
from rollbook.changes.spool import BLOCK, Spool, Writing
from rollbook.roster.changes import Change


class Changes(Sequence[Change]):
    """Changes in order, with columns for the rules.

    Made by ``of`` they are held as they are; made by ``spooled`` they are in a file, of which they
    are read anew each time, and equal to what was written.
    """

    def __init__(
        self,
        held: tuple[Change, ...] | Spool,
        columns: Columns | None = None,
        digest: str | None = None,
    ) -> None:
        self._held = held
        self._columns, self._digest = columns, digest
        self._block: tuple[int, list[Line]] = (-1, [])

    @classmethod
    def of(cls, changes: Iterable[Change]) -> Changes:
        """Changes in memory. What is made like this already stays as it is."""
        return changes if isinstance(changes, Changes) else cls(tuple(changes))

    @classmethod
    def spooled(cls, path: Path, changes: Iterable[Change]) -> Changes:
        """Changes in a file at ``path``, which may be deleted while they are used.

        They are taken in one pass and never all held. Raises ``OSError`` when there is no room.
        """
        writing, gathering = Writing(path, DIGEST_FORMAT), Gathering()
        for portion in portions(changes):
            writing.add(in_places(gathering.add(portion), len(portion)))
        return cls(writing.done(), gathering.columns(), writing.digest.text)

    @cached_property
    def columns(self) -> Columns:
        """What the rules want to know of each change."""
        return self._columns or columns_of(self)

    @cached_property
    def digest(self) -> str:
        """``sha256:…`` over the changes in order.

        It depends on what changes and on nothing else: not on the order of rows, columns or files,
        not on the clock, not on labels or versions.
        """
        if self._digest is None:
            digest = Digest(DIGEST_FORMAT)
            for lines in portions(self.lines()):
                digest.take(lines)
            self._digest = digest.text
        return self._digest

    def lines(self) -> Iterator[Line]:
        """All changes as they are saved."""
        if isinstance(self._held, Spool):
            return self._held.lines()
        return iter(self._written)

    @cached_property
    def _written(self) -> list[Line]:
        """What is held, as it is saved: the digest takes it in, and so does the store."""
        return [] if isinstance(self._held, Spool) else list(in_lines(self._held))

    def at(self, places: Places) -> Iterator[Change]:
        """The changes at some places, in order."""
        if isinstance(self._held, Spool):
            return map(change_on, self._held.at(places))
        return map(self._held.__getitem__, places.tolist())

    def ids(self, places: Places) -> Iterator[str]:
        """The ids at some places, in order."""
        if isinstance(self._held, Spool):
            return (line[2] for line in self._held.at(places))
        return (change.id for change in self.at(places))

    @overload
    def __getitem__(self, at: int) -> Change: ...
    @overload
    def __getitem__(self, at: slice) -> Changes: ...
    def __getitem__(self, at: int | slice) -> Change | Changes:
        if isinstance(at, slice):
            return Changes(tuple(map(self.__getitem__, range(*at.indices(len(self))))))
        if not isinstance(self._held, Spool):
            return self._held[at]
        position = at + len(self) if at < 0 else at
        if not 0 <= position < len(self):
            raise IndexError(at)
        number = position // BLOCK
        if self._block[0] != number:
            self._block = number, self._held.block(number)
        return change_on(self._block[1][position % BLOCK])

    def __iter__(self) -> Iterator[Change]:
        if isinstance(self._held, Spool):
            return map(change_on, self._held.lines())
        return iter(self._held)

    def __len__(self) -> int:
        return self._held.length if isinstance(self._held, Spool) else len(self._held)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]
