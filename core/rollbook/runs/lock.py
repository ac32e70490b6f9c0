"""One run of a district at a time. The lock is the process's own: it dies with it.

A store in a file is guarded by a lock file beside it. A store on PostgreSQL is used from several
machines, so there the database keeps the lock, for as long as the connection lives that took it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
import time
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

_SETTINGS = (
    "SELECT set_config('tcp_keepalives_idle', '30', false), "
    "set_config('tcp_keepalives_interval', '10', false), "
    "set_config('tcp_keepalives_count', '3', false), "
    "set_config('application_name', :signature, false)"
)
"""A machine that lost its power says no goodbye: after a minute the server gives its lock away.
Others are shown where it was taken."""

_PATIENCE = 0.1
"""Seconds for which a lock file may be held by somebody who only looks whether it is."""

_SIGNATURE = 200
"""Bytes of a lock file that say who holds it."""


@contextmanager
def district_lock(store: Store, folder: Path, district: str) -> Iterator[None]:
    """Hold the district's lock for the block; ``folder`` is that of the lock files.

    Raises ``Busy`` when another run holds it, and says whose run and since when.
    """
    with ExitStack() as held:
        try:
            held.enter_context(_lock(store, folder, district))
        except Busy:
            raise Busy(
                f"a run of {district} is under way{_whose(store, folder, district)}.",
                remedy="Wait until it is done.",
            ) from None
        yield


def _lock(store: Store, folder: Path, district: str) -> AbstractContextManager[None]:
    if store.is_shared:
        return _lock_in_database(store, district)
    return _lock_file(_file(folder, district))


def _file(folder: Path, district: str) -> Path:
    return folder / f"{district}.lock"


def _whose(store: Store, folder: Path, district: str) -> str:
    """Who works on a district and since when, as far as a run says so already, and where."""
    with store.read() as connection:
        running = runs.in_states(connection, district, UNDER_WAY)
        if store.is_shared:
            holder = "".join(_holders(connection, district))
        else:
            holder = _signed(_file(folder, district))
    told = [f"{r.id}, by {r.created_by} at {r.created_at:%Y-%m-%d %H:%M} UTC" for r in running[-1:]]
    words = ", ".join(filter(None, (*told, holder)))
    return f": {words}" if words else ""


def _signature() -> str:
    return f"process {os.getpid()} on {socket.gethostname()}"


def is_running(connection: Connection, folder: Path, district: str) -> bool:
    """Whether a process works on a district just now; ``connection`` reads the store."""
    if connection.dialect.name == "postgresql":
        return bool(_holders(connection, district))
    file = _file(folder, district)
    if not file.exists():
        return False
    handle = _open(file)
    try:
        # Several may look at the same moment.
        return not _taken(handle, fcntl.LOCK_SH, file.parent)
    finally:
        os.close(handle)


@contextmanager
def _lock_file(file: Path) -> Iterator[None]:
    handle = _open(file)
    try:
        until = time.monotonic() + _PATIENCE
        while not _taken(handle, fcntl.LOCK_EX, file.parent):
            if time.monotonic() > until:
                raise Busy("")
            time.sleep(_PATIENCE / 10)
        with suppress(OSError):  # A full disk keeps nobody from working: it is only told.
            os.ftruncate(handle, 0)
            os.pwrite(handle, _signature().encode(), 0)
        yield
        with suppress(OSError):
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _taken(handle: int, how: int, folder: Path) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise _unlockable(folder, error) from None
    return True


def _signed(file: Path) -> str:
    """What the holder of a lock file has written into it, if it could."""
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            return stream.read(_SIGNATURE)
    except OSError:
        return ""


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
        connection.execute(text(_SETTINGS), {"signature": _signature()})
        if not connection.execute(take, _numbers(district)).scalar_one():
            raise Busy("")
        try:
            yield
        finally:
            # The server notices a closed connection in its own time; a lost one has let go anyway.
            with suppress(DBAPIError):
                connection.execute(give, _numbers(district))


def _holders(connection: Connection, district: str) -> list[str]:
    """How the session calls itself that holds a district's lock, whosever it is: of this database,
    and in the form with two numbers."""
    query = text(
        "SELECT coalesce(application_name, '') FROM pg_locks "
        "JOIN pg_database ON pg_database.oid = database "
        "LEFT JOIN pg_stat_activity ON pg_stat_activity.pid = pg_locks.pid "
        "WHERE pg_database.datname = current_database() AND locktype = 'advisory' AND granted "
        "AND objsubid = 2 AND classid::bigint = :group AND objid::bigint = :unsigned"
    )
    numbers = _numbers(district)
    unsigned = numbers["district"] & 0xFFFFFFFF
    found = connection.execute(query, {"group": numbers["group"], "unsigned": unsigned})
    return [str(name) for (name,) in found]


def _numbers(district: str) -> dict[str, int]:
    digest = hashlib.sha256(district.encode()).digest()
    return {"group": _DISTRICTS, "district": int.from_bytes(digest[:4], "big", signed=True)}


def _unlockable(folder: Path, error: OSError) -> RollbookError:
    return RollbookError(
        f"no district can be locked in {folder}: {error.strerror}; nothing was changed.",
        remedy="Make room there, and give this user leave to write.",
    )
