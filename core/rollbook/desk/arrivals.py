"""Whether files have arrived for a district, without reading them."""

from __future__ import annotations

import hashlib

from rollbook.config.district import District
from rollbook.config.locations import SftpAddress
from rollbook.config.sources import FileSource
from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.sources.folder import csv_files


def is_remote(district: District) -> bool:
    """Whether looking means to log in to a server."""
    source = district.source
    return isinstance(source, FileSource) and isinstance(source.path, SftpAddress)


def look(district: District) -> str | None:
    """A digest of the names, sizes and times of the files that lie ready for a district.

    ``None`` where there are none, where they cannot be reached now, or where a server's marker
    does not say yet that they are complete; and for a source that has no files. What a sync would
    refuse has a digest too: a sync has to say so.
    """
    source = district.source
    if not isinstance(source, FileSource):
        return None
    try:
        if isinstance(source.path, SftpAddress):
            # Most districts have their files here, and need nothing that speaks SFTP.
            from rollbook.sources import sftp

            assert source.sftp is not None
            found = sftp.seen(source.path, source.sftp)
        elif source.path.is_dir():
            found = csv_files(source.path)
        else:
            facts = source.path.stat()
            found = {source.path.name: (facts.st_size, facts.st_mtime_ns)}
    except InputRefused as refused:
        return _digest(refused.code)
    except (OSError, SourceUnreachable):
        return None
    return _digest(sorted(found.items())) if found else None


def _digest(seen: object) -> str:
    return hashlib.sha256(repr(seen).encode()).hexdigest()
