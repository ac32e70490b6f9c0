"""Bringing a source's files into the house: fetched as a whole, hashed, then kept or dropped."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from rollbook.sources.location import fetch

KEEP = 5
"""Snapshots of a district that are kept; older ones are removed."""

_SECRET_COLUMN = "password"


@dataclass(frozen=True, slots=True)
class Staged:
    """A fetched input. ``sha256`` is over the names and digests of its files, in name order."""

    folder: Path
    sha256: str
    files: dict[str, str]


def stage(path: Path, folder: Path) -> Staged:
    """Fetch the files at ``path`` into the empty ``folder`` and hash them.

    Raises ``SourceUnreachable`` and ``InputRefused`` as ``rollbook.sources.location.fetch``.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    fetch(path, folder)
    files = {file.name: _sha256(file) for file in sorted(folder.iterdir())}
    whole = hashlib.sha256()
    for name, digest in files.items():
        whole.update(f"{name}\0{digest}\n".encode())
    return Staged(folder, whole.hexdigest(), files)


def drop(staged: Path) -> None:
    """Remove what was staged."""
    shutil.rmtree(staged, ignore_errors=True)


def keep(staged: Staged, place: Path) -> None:
    """Move a staged input to its kept place, without passwords, and remove the oldest ones."""
    for file in staged.folder.glob("*.csv"):
        _blank_passwords(file)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.rmtree(place, ignore_errors=True)
    os.replace(staged.folder, place)
    kept = sorted(
        (folder for folder in place.parent.iterdir() if folder.name[1:].isdigit()),
        key=lambda folder: int(folder.name[1:]),
    )
    for folder in kept[:-KEEP]:
        shutil.rmtree(folder, ignore_errors=True)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _blank_passwords(file: Path) -> None:
    """Empty the password column of a file that has one."""
    with file.open(encoding="utf-8-sig", newline="") as source:
        first = source.readline()
        header = next(csv.reader([first]), [])
        secret = [i for i, name in enumerate(header) if name.strip().lower() == _SECRET_COLUMN]
        if not secret:
            return
        temporary = file.with_suffix(".tmp")
        with temporary.open("w", encoding="utf-8", newline="") as target:
            target.write(first)
            writer = csv.writer(target, lineterminator="\n")
            for line in source:
                row = next(csv.reader(io.StringIO(line, newline="")), [])
                for position in secret:
                    if position < len(row):
                        row[position] = ""
                writer.writerow(row)
    os.replace(temporary, file)
