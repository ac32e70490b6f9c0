"""One run of a district at a time. The lock is the process's own: it dies with it.

A store in a file is guarded by a lock file beside it. A store on PostgreSQL is used from several
machines, so there the database keeps the lock, for as long as the connection lives that took it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from rollbook.directory import runs
from rollbook.directory.store import Store
from rollbook.errors import Busy, RollbookError
from rollbook.roster.states import UNDER_WAY

_DISTRICTS = 0x726F6C6C
"""The first of the two numbers by which PostgreSQL knows the lock; the second is the district's."""

_NOTICE_A_LOST_MACHINE = (
    "SELECT set_config('tcp_keepalives_idle', '30', false), "
    "set_config('tcp_keepalives_interval', '10', false), "
    "set_config('tcp_keepalives_count', '3', false)"
)
"""A machine that lost its power says no goodbye: after a minute the server gives its lock away."""


@contextmanager
def district_lock(store: Store, folder: Path, district: str) -> Iterator[None]:
    """Hold the district's lock for the block; ``folder`` is that of the lock files.

    Raises ``Busy`` when another run holds it, and says whose run and since when.
    """
    with ExitStack() as held:
        try:
            held.enter_context(_lock(store, folder, district))
        except Busy:
            raise _busy(district, _whose(store, district)) from None
        yield


def _lock(store: Store, folder: Path, district: str) -> AbstractContextManager[None]:
    return _lock_in_database(store, district) if store.is_shared else _lock_file(folder, district)


def _whose(store: Store, district: str) -> str:
    """Who works on a district and since when, as far as a run says so already."""
    with store.read() as connection:
        running = runs.in_states(connection, district, UNDER_WAY)
    if not running:
        return ""
    run = running[-1]
    return f": {run.id}, by {run.created_by} at {run.created_at:%Y-%m-%d %H:%M} UTC"


def is_running(connection: Connection, folder: Path, district: str) -> bool:
    """Whether a process works on a district just now; ``connection`` reads the store."""
    if connection.dialect.name == "postgresql":
        return _is_locked_in_database(connection, district)
    if not (folder / f"{district}.lock").exists():
        return False
    try:
        with _lock_file(folder, district):
            return False
    except Busy:
        return True


@contextmanager
def _lock_file(folder: Path, district: str) -> Iterator[None]:
    handle = _open(folder / f"{district}.lock")
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy(district) from None
        except OSError as error:
            raise _unlockable(folder, error) from None
        yield
    finally:
        os.close(handle)


def _open(file: Path) -> int:
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _unlockable(file.parent, error) from None


@contextmanager
def _lock_in_database(store: Store, district: str) -> Iterator[None]:
    take = text("SELECT pg_try_advisory_lock(:group, :district)")
    give = text("SELECT pg_advisory_unlock(:group, :district)")
    with store.alone() as connection:
        connection.execute(text(_NOTICE_A_LOST_MACHINE))
        if not connection.execute(take, _numbers(district)).scalar_one():
            raise _busy(district)
        try:
            yield
        finally:
            # The server notices a closed connection in its own time; a lost one has let go anyway.
            with suppress(DBAPIError):
                connection.execute(give, _numbers(district))


def _is_locked_in_database(connection: Connection, district: str) -> bool:
    """Held by whatever session of this database, and in the form with two numbers."""
    query = text(
        "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON oid = database "
        "WHERE datname = current_database() AND locktype = 'advisory' AND granted "
        "AND objsubid = 2 AND classid::bigint = :group AND objid::bigint = :unsigned)"
    )
    numbers = _numbers(district)
    unsigned = numbers["district"] & 0xFFFFFFFF
    held: bool = connection.execute(
        query, {"group": numbers["group"], "unsigned": unsigned}
    ).scalar_one()
    return held


def _numbers(district: str) -> dict[str, int]:
    digest = hashlib.sha256(district.encode()).digest()
    return {"group": _DISTRICTS, "district": int.from_bytes(digest[:4], "big", signed=True)}


def _unlockable(folder: Path, error: OSError) -> RollbookError:
    return RollbookError(
        f"no district can be locked in {folder}: {error.strerror}; nothing was changed.",
        remedy="Make room there, and give this user leave to write.",
    )


def _busy(district: str, whose: str = "") -> Busy:
    return Busy(f"a run of {district} is under way{whose}.", remedy="Wait until it is done.")
