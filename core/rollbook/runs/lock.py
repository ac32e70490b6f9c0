"""One run of a district at a time. The lock is the process's own: it dies with it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rollbook.errors import Busy


@contextmanager
def district_lock(folder: Path, district: str) -> Iterator[None]:
    """Hold the district's lock for the block. Raises ``Busy`` when another run holds it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / f"{district}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(
                f"a run of {district} is under way.", remedy="Wait until it is done."
            ) from None
        yield
    finally:
        os.close(handle)


def is_running(folder: Path, district: str) -> bool:
    """Whether a process works on a district just now."""
    if not (folder / f"{district}.lock").exists():
        return False
    try:
        with district_lock(folder, district):
            return False
    except Busy:
        return True
