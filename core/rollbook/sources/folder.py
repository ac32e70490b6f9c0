"""Fetch the CSV files of a folder, and notice when somebody writes there meanwhile."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.owner_only import owner_only
from rollbook.sources.hashing import Digests, Hashing

_BLOCK = 1 << 18
"""Bytes at a time: what a core keeps at hand while it copies and hashes them."""

_Seen = dict[str, tuple[int, int]]


def fetch(source: Path, into: Path) -> dict[str, Digests]:
    """Copy every ``*.csv`` file of ``source`` into the folder ``into`` (made if need be).

    Returns the digests of each file by its name: what is copied is hashed on its way.

    A copy's name is always text, even where the file's own is in another encoding than UTF-8.

    Raises ``SourceUnreachable`` when the folder cannot be read or holds no CSV file, and
    ``InputRefused`` (``moved``) when a file came, went or changed in size or time meanwhile.
    """
    try:
        before = csv_files(source)
        if not before:
            raise SourceUnreachable(f"{source} holds no CSV file.", remedy=_other_places(source))
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        digests: dict[str, Digests] = {}
        for name in before:
            try:
                copy = _readable(name)
                digests[copy] = _copy(source / name, into / copy)
            except FileNotFoundError:
                _refuse_moved(name)
        after = csv_files(source)
    except OSError as error:
        raise SourceUnreachable(
            f"{_readable(str(error.filename or source))} could not be copied: {error.strerror}.",
            remedy="Check that the folder can be read and that there is room for a copy.",
        ) from None
    for name in sorted(before.keys() | after.keys()):
        copied = (into / _readable(name)).stat().st_size if name in before else None
        if before.get(name) != after.get(name) or copied != before[name][0]:
            _refuse_moved(name)
    return digests


def _refuse_moved(name: str) -> NoReturn:
    raise InputRefused(
        "The file changed while it was being copied.",
        code="moved",
        file=_readable(name),
        remedy="Wait until the export has finished writing, then sync again.",
    ) from None


def _readable(name: str) -> str:
    """A file's name as text that can be kept: a byte that is no UTF-8 as ``\\xe9``."""
    return os.fsencode(name).decode(errors="backslashreplace")


def csv_files(folder: Path) -> _Seen:
    """Size and time of change (ns) of the CSV files in a folder, by name."""
    seen: _Seen = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ".csv" and path.is_file():
            facts = path.stat()
            seen[path.name] = (facts.st_size, facts.st_mtime_ns)
    return seen


def _copy(source: Path, target: Path) -> Digests:
    """Copy bytes into a new file that its owner alone may read: it holds pupils' data."""
    hashing = Hashing()
    buffer = memoryview(bytearray(_BLOCK))
    with source.open("rb", buffering=0) as reader, owner_only(target) as writer:
        while read := reader.readinto(buffer):
            block = buffer[:read]
            hashing.update(block)
            writer.write(block)
    return hashing.digests()


def _other_places(source: Path) -> str:
    """Where the files may be instead: in an archive or a folder right here."""
    entries = sorted(source.iterdir())
    if archive := next((e for e in entries if e.suffix.lower() == ".zip"), None):
        return f"There is an archive {_readable(archive.name)} in it: name that instead."
    for entry in entries:
        if entry.is_dir() and any(entry.glob("*.csv")):
            return f"There are CSV files in {_readable(entry.name)}: name that folder instead."
    return "Check the path in the district's file, and that the export has run."
