"""A copy of a SQLite store beside it, made before an upgrade and kept."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from urllib.parse import quote

from rollbook.errors import RollbookError


def back_up(store: Path, name: str) -> Path:
    """Copy a store as it was last committed to ``name`` beside it; the copy's path.

    The copy is for its owner alone, it is on the disk when this returns, and no earlier copy is
    written over. Raises ``RollbookError`` when there is no room, or no leave, for it.
    """
    partial = store.with_name(f"{name}.partial")
    try:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _copy(store, partial)
        copy = _free_name(store.with_name(name))
        os.rename(partial, copy)
        _to_disk(copy.parent)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise RollbookError(
            f"no copy of the store could be made ({error}), so it was not upgraded.",
            remedy=f"Make room in {store.parent} for another {store.stat().st_size:,} bytes.",
        ) from None
    return copy


def _copy(store: Path, to: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{quote(str(store))}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)
    _to_disk(to)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _free_name(wanted: Path) -> Path:
    names = (wanted.with_name(f"{wanted.name}.{number}") for number in count(2))
    return wanted if not wanted.exists() else next(name for name in names if not name.exists())
