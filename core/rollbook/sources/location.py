"""Fetch from a path, whether a folder or a zip archive stands there."""

from __future__ import annotations

from pathlib import Path

from rollbook.errors import SourceUnreachable
from rollbook.sources import folder
from rollbook.sources.hashing import Digests


def fetch(path: Path, into: Path) -> dict[str, Digests]:
    """Copy the CSV files at ``path`` into the folder ``into`` (made if need be).

    Returns the digests of each file by its name.

    Raises ``SourceUnreachable`` when there is neither a folder nor a zip archive to read, and
    ``InputRefused`` as ``folder.fetch`` and ``zip_archive.fetch`` do.
    """
    try:
        if path.is_dir():
            return folder.fetch(path, into)
        if path.is_file():
            # Most districts have their files in a folder.
            from rollbook.sources import zip_archive

            if path.suffix.lower() == ".zip" or zip_archive.looks_like_zip(path):
                return zip_archive.fetch(path, into)
        found = path.exists()
    except PermissionError:
        raise SourceUnreachable(
            f"{path} may not be read.", remedy="Give this user leave to read it."
        ) from None
    if not found:
        raise SourceUnreachable(
            f"There is nothing at {path}.",
            remedy="Check the path in the district's file, and that the export has run.",
        )
    raise SourceUnreachable(
        f"{path} is neither a folder nor a zip archive.",
        remedy="Name the folder that holds the CSV files, or the zip of them.",
    )
