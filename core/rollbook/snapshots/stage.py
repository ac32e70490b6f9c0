"""Bringing a source's files into the house: fetched as a whole, hashed, then kept or dropped."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rollbook.errors import RollbookError, SourceUnreachable
from rollbook.sources.folder import csv_files
from rollbook.sources.hashing import quick_digest
from rollbook.sources.location import fetch

KEEP = 5
"""Snapshots of a district that are kept; older ones are removed."""

_STAGING = "staging-"
_MANIFEST = "manifest.csv"


@dataclass(frozen=True, slots=True)
class Staged:
    """A fetched input. ``sha256`` is over the names and digests of its files, in name order;
    ``files`` has the SHA-256 of each file, ``quick`` the digest by which it is known again."""

    folder: Path
    sha256: str
    files: dict[str, str]
    quick: dict[str, str]

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
        fetched = dict(sorted(fetch(path, folder).items()))
    except OSError as error:
        raise SourceUnreachable(
            f"The input could not be copied into {folder.parent}: {error.strerror}.",
            remedy="Make room there, give this user leave to write, and sync again.",
        ) from None
    files = {name: digests.sha256 for name, digests in fetched.items()}
    quick = {name: digests.quick for name, digests in fetched.items()}
    return Staged(folder, _together(files), files, quick)


def is_the_same(path: Path, sizes: Mapping[str, int], quick: Mapping[str, str]) -> bool:
    """Whether a folder holds what was staged before, by the sizes and quick digests of the files.

    Nothing is copied, and nothing is read but where every file has the size that it had. False for
    whatever is no folder, cannot be read, or changes meanwhile.
    """
    try:
        if not path.is_dir():
            return False
        before = csv_files(path)
        if {name: size for name, (size, _) in before.items()} != sizes:
            return False
        if any(quick_digest(path / name) != quick.get(name) for name in before):
            return False
        return csv_files(path) == before
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
    # With it comes the reader, which an input that was not new does not need.
    from rollbook.snapshots.passwords import blank_passwords

    try:
        for file in staged.folder.iterdir():
            if file.name in read or file.name.lower() == _MANIFEST:
                if read.get(file.name, True):
                    blank_passwords(file)
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
