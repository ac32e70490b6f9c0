"""Changes in a file: what they say, kept out of memory, block by block."""

from __future__ import annotations

import hashlib
import json
import marshal
import os
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from weakref import finalize

from rollbook.changes.columns import GROUP_CODES, GROUPS, KINDS, VERB_CODES, VERBS
from rollbook.changes.positions import Places
from rollbook.changes.texts import Named, change_text, named, record_text
from rollbook.roster.changes import Change
from rollbook.roster.kinds import KIND_ORDER
from rollbook.roster.records import Values

BLOCK = 256
"""Changes that are read and written together."""

_BUFFER = 1 << 20

Line = tuple[int, int, str, str | None, int, str, str | None, str | None, int | None, str | None]
"""A change as it stands in the file: codes of kind and verb, id, school, code of the role group,
label, before and after as JSON, the version before, and the successor."""


class Lines:
    """Changes on their way out of memory: makes a ``Line`` of each, once."""

    def __init__(self) -> None:
        self._named: dict[tuple[str, ...], Named] = {}

    def of(self, change: Change) -> Line:
        """A change with its records as JSON."""
        return (
            KIND_ORDER[change.kind],
            VERB_CODES[change.verb],
            change.id,
            change.school,
            GROUP_CODES[change.role],
            change.label,
            None if change.before is None else self._text(change.before),
            None if change.after is None else self._text(change.after),
            change.before_version,
            change.merged_into,
        )

    def _text(self, values: Values) -> str:
        names = tuple(values)
        fields = self._named.get(names)
        if fields is None:
            fields = self._named[names] = named(names)
        return record_text(values, fields)


def digested(lines: Iterable[Line], form: str) -> str:
    """``sha256:…`` over changes in order; ``form`` says what it is made of."""
    hasher = Digest(form)
    for line in lines:
        hasher.take(line)
    return hasher.text


class Digest:
    """A digest in the making."""

    def __init__(self, form: str) -> None:
        self._hasher = hashlib.sha256(form.encode())

    def take(self, line: Line) -> None:
        """Take in one more change."""
        kind, verb, record_id, _, _, _, before, after, _, merged = line
        text = change_text(KINDS[kind], VERBS[verb], record_id, before, after, merged)
        self._hasher.update(f"\n{text}".encode())

    @property
    def text(self) -> str:
        """``sha256:…`` of all that was taken in."""
        return f"sha256:{self._hasher.hexdigest()}"


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
        self._lines = Lines()
        self._block: list[Line] = []
        self._buffer = bytearray()
        self._starts = array("q", [0])
        self._length = 0
        # A descriptor, so that the file goes with the last who reads it.
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._close = finalize(self, _closed, self._file)

    def passing(self, changes: Iterable[Change]) -> Iterator[Change]:
        """The same changes, each written down when it is taken."""
        line_of, digest = self._lines.of, self.digest.take
        for change in changes:
            line = line_of(change)
            digest(line)
            self._block.append(line)
            if len(self._block) == BLOCK:
                self._end_block()
            yield change

    def done(self) -> Spool:
        """The spool, once everything has passed."""
        if self._block:
            self._end_block()
        self._write()
        self._close.detach()
        spool = Spool(self._file, self._starts, self._length)
        finalize(spool, _closed, self._file)
        return spool

    def _end_block(self) -> None:
        raw = marshal.dumps(self._block)
        self._length += len(self._block)
        self._starts.append(self._starts[-1] + len(raw))
        self._buffer += raw
        self._block = []
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


def change_on(line: Line) -> Change:
    """A line as a change."""
    kind, verb, record_id, school, group, label, before, after, version, merged = line
    return Change(
        kind=KINDS[kind],
        verb=VERBS[verb],
        id=record_id,
        before=None if before is None else json.loads(before),
        after=None if after is None else json.loads(after),
        school=school,
        role=GROUPS[group],
        label=label,
        before_version=version,
        merged_into=merged,
    )
