"""Account changes that are planned and have no lane yet: a few in memory, many in a file."""

from __future__ import annotations

import hashlib
import json
import marshal
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple
from weakref import finalize

from rollbook.roster.accounts import AccountVerb

VERBS = tuple(AccountVerb)

NO_PAUSE = -1
"""Stands for the number of a pause where none keeps an account change back."""

_json = json.JSONEncoder(separators=(",", ":")).encode
_BLOCK = 500
_BLOCKS_IN_MEMORY = 40


class Planned(NamedTuple):
    """An account change before it has a lane: with its person's role, school and label, the
    position of the record's change, and the number of the pause that keeps it back by itself.
    See ``Cell`` for the rest."""

    verb: int
    account: str
    person: str
    role: str
    school: str | None
    label: str
    before: str | None
    after: str
    position: int
    pause: int
    expected: bool
    renamed: bool
    sudden: bool


VERBS = tuple(AccountVerb)


class PlannedChanges:
    """Account changes in order, with a digest; what is many is in a file that nobody else sees."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._blocks: list[list[tuple[object, ...]]] = [[]]
        self._in_file = 0
        self._digest = hashlib.sha256(b"rollbook account changes 1")
        self.length = 0

    def add(self, planned: Planned) -> None:
        """One more."""
        what = (VERBS[planned.verb].value, planned.account, planned.person)
        line = _json([*what, planned.before, planned.after])
        self._digest.update(f"\n{line}".encode())
        self._blocks[-1].append(tuple(planned))
        self.length += 1
        if len(self._blocks[-1]) == _BLOCK:
            if len(self._blocks) == _BLOCKS_IN_MEMORY:
                self._to_file()
            self._blocks.append([])

    def _to_file(self) -> None:
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115
            finalize(self, self._file.close)
        for block in self._blocks:
            marshal.dump(block, self._file)
        self._in_file += len(self._blocks)
        self._blocks = []

    @property
    def digest(self) -> str:
        """The SHA-256 of all that was added, in order."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[Planned]:
        """All of them; nothing is added meanwhile or afterwards."""
        if self._file is not None:
            self._file.seek(0)
            for _ in range(self._in_file):
                block: list[Any] = marshal.load(self._file)
                yield from map(Planned._make, block)
        for held in self._blocks:
            found: list[Any] = held
            yield from map(Planned._make, found)
