"""A database for what does not fit into memory; nothing in it outlives its file."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTINGS = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF")


def scratch_database(path: Path, *statements: str) -> sqlite3.Connection:
    """A new database at ``path``, for its owner alone, after ``statements``.

    Nothing is ever committed: what breaks off is thrown away with its folder.
    """
    path.touch(mode=0o600)
    database = sqlite3.connect(path, isolation_level=None)
    for statement in (*_SETTINGS, *statements, "BEGIN"):
        database.execute(statement)
    return database


@contextmanager
def disk_told() -> Iterator[None]:
    """A block that uses such databases; raises ``OSError`` where a disk fails."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, str(error)) from error
