"""Bringing a source's files into the house: fetched as a whole, hashed, then kept or dropped."""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rollbook.errors import RollbookError, SourceUnreachable
from rollbook.sources.folder import csv_files
from rollbook.sources.location import fetch
from rollbook.sources.oneroster_csv.header import is_secret
from rollbook.sources.oneroster_csv.table import is_filled

KEEP = 5
"""Snapshots of a district that are kept; older ones are removed."""

_STAGING = "staging-"
_MANIFEST = "manifest.csv"


@dataclass(frozen=True, slots=True)
class Staged:
    """A fetched input. ``sha256`` is over the names and digests of its files, in name order."""

    folder: Path
    sha256: str
    files: dict[str, str]

    @property
    def sizes(self) -> dict[str, int]:
        """Bytes of each file."""
        return {name: (self.folder / name).stat().st_size for name in self.files}


def stage(path: Path, folder: Path) -> Staged:
    """Fetch the files at ``path`` into the empty ``folder`` and hash them.

    Raises ``SourceUnreachable`` and ``InputRefused`` as ``rollbook.sources.location.fetch``, and
    ``SourceUnreachable`` too where the copy cannot be written.
    """
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True, mode=0o700)
        files = dict(sorted(fetch(path, folder).items()))
    except OSError as error:
        raise SourceUnreachable(
            f"The input could not be copied into {folder.parent}: {error.strerror}.",
            remedy="Make room there, give this user leave to write, and sync again.",
        ) from None
    return Staged(folder, _together(files), files)


def is_the_same(path: Path, sha256: str, sizes: Mapping[str, int]) -> bool:
    """Whether a folder holds, file by file and byte by byte, what was staged before.

    Nothing is copied, and nothing is read but where every file has the size that it had. False for
    whatever is no folder, cannot be read, or changes meanwhile.
    """
    try:
        if not path.is_dir():
            return False
        before = csv_files(path)
        if {name: size for name, (size, _) in before.items()} != sizes:
            return False
        files = {name: _sha256(path / name) for name in sorted(before)}
        return _together(files) == sha256 and csv_files(path) == before
    except OSError:
        return False


def _together(files: Mapping[str, str]) -> str:
    whole = hashlib.sha256()
    for name, digest in files.items():
        whole.update(f"{name}\0{digest}\n".encode())
    return whole.hexdigest()


def drop(staged: Path) -> None:
    """Remove what was staged."""
    shutil.rmtree(staged, ignore_errors=True)


def staging_folder(folder: Path, run: str) -> Path:
    """Where a run stages its input; what runs that were killed left behind is removed."""
    clear_staging(folder)
    return folder / f"{_STAGING}{run}"


@contextmanager
def pieces_folder(staged: Staged) -> Iterator[Path]:
    """A folder beside a staged input for what does not fit into memory; it goes when it is left."""
    folder = staged.folder.with_name(f"{staged.folder.name}-pieces")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear_staging(folder: Path) -> None:
    """Remove what killed runs left in the snapshots folder of a district."""
    for left in folder.glob(f"{_STAGING}*"):
        drop(left)


def districts_with_staging(snapshots: Path) -> list[str]:
    """The districts in whose folders something is staged just now, or was left by a killed run."""
    return sorted({left.parent.name for left in snapshots.glob(f"*/{_STAGING}*")})


def keep(staged: Staged, place: Path, read: Mapping[str, bool]) -> None:
    """Move the files of a staged input that were ``read``, and the manifest, to their kept place.

    ``read`` says of each file whether it may hold passwords: these are taken out. The oldest
    snapshots are removed. Raises ``RollbookError`` where the disk refuses.
    """
    try:
        for file in staged.folder.iterdir():
            if file.name in read or file.name.lower() == _MANIFEST:
                if read.get(file.name, True):
                    _blank_passwords(file)
            else:
                file.unlink()
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.rmtree(place, ignore_errors=True)
        os.replace(staged.folder, place)
        _keep_newest(place.parent)
    except OSError as error:
        raise RollbookError(
            f"The input was compared, but could not be kept in {place.parent}: "
            f"{error.strerror}; nothing was applied.",
            remedy="Make room there, give this user leave to write, and sync again.",
        ) from None


def _keep_newest(snapshots: Path) -> None:
    kept = sorted(
        (folder for folder in snapshots.iterdir() if folder.name[1:].isdigit()),
        key=lambda folder: int(folder.name[1:]),
    )
    for folder in kept[:-KEEP]:
        shutil.rmtree(folder, ignore_errors=True)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _blank_passwords(file: Path) -> None:
    """Empty the columns of a file that may hold passwords, line by line as the reader reads it."""
    with file.open(encoding="utf-8-sig", newline="") as source:
        header = next((_cells(line) for line in source if is_filled(line)), [])
        secret = {position for position, name in enumerate(header) if is_secret(name)}
        if not secret:
            return
        temporary = file.with_suffix(".tmp")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(header)
            for line in source:
                cells = _cells(line)
                if len(cells) != len(header):
                    cells = cells[:1]
                writer.writerow("" if i in secret else cell for i, cell in enumerate(cells))
    os.replace(temporary, file)


def _cells(line: str) -> list[str]:
    """The cells of a line; none of one that cannot be taken apart."""
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []
