"""Bringing more changes into order than fit into memory: sorted pieces in a folder, then merged."""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Sequence
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, cast

from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup

_BLOCK = 200
"""Changes that are read from a piece at a time."""

Packed = tuple[str, str, object, object, str | None, str | None, str, int | None, str | None]
"""Id, verb, before, after, school, role, label, version before, merged into."""


class Sorter:
    """Takes changes in any order and gives them back by kind, then id."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is there, and nobody else's."""
        self._folder = folder
        self._pieces: dict[Kind, list[Path]] = {kind: [] for kind in Kind}

    def add(self, changes: Sequence[Change]) -> None:
        """Take some changes."""
        by_kind: dict[Kind, list[Packed]] = {}
        for change in changes:
            by_kind.setdefault(change.kind, []).append(_packed(change))
        for kind, packed in by_kind.items():
            packed.sort(key=itemgetter(0))
            path = self._folder / f"{kind}-{len(self._pieces[kind])}"
            with path.open("wb") as file:
                for start in range(0, len(packed), _BLOCK):
                    block = marshal.dumps(packed[start : start + _BLOCK])
                    file.write(len(block).to_bytes(8, "little"))
                    file.write(block)
            self._pieces[kind].append(path)

    def merged(self) -> Iterator[Change]:
        """Every change, in order."""
        for kind in Kind:
            pieces = [_read(path) for path in self._pieces[kind]]
            for packed in merge(*pieces, key=itemgetter(0)):
                yield _unpacked(kind, packed)


def _packed(change: Change) -> Packed:
    return (
        change.id,
        change.verb.value,
        change.before,
        change.after,
        change.school,
        None if change.role is None else change.role.value,
        change.label,
        change.before_version,
        change.merged_into,
    )


_VERBS = {verb.value: verb for verb in Verb}
_ROLES = {role.value: role for role in RoleGroup}


def _unpacked(kind: Kind, packed: Packed) -> Change:
    record, verb, before, after, school, role, label, version, merged_into = packed
    return Change(
        kind,
        _VERBS[verb],
        record,
        before,  # type: ignore[arg-type]
        after,  # type: ignore[arg-type]
        school,
        None if role is None else _ROLES[role],
        label,
        version,
        merged_into,
    )


def _read(path: Path) -> Iterator[Packed]:
    with path.open("rb") as file:
        while block := _block(file):
            yield from block


def _block(file: BinaryIO) -> list[Packed]:
    size = int.from_bytes(file.read(8), "little")
    return cast(list[Packed], marshal.loads(file.read(size))) if size else []
