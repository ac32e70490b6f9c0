"""From connecting to the last byte, and again where the line broke."""

from __future__ import annotations

import asyncio
import os
import posixpath
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import asyncssh

from rollbook.config.connections import Sftp
from rollbook.config.locations import SftpAddress
from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.owner_only import owner_only
from rollbook.sources import zip_archive
from rollbook.sources.hashing import Digests, Hashing
from rollbook.sources.sftp.connecting import HungUp, connected, host_key
from rollbook.sources.sftp.drops import (
    Drop,
    Patience,
    RemoteFile,
    complete_drop,
    is_marked,
    look,
)
from rollbook.sources.sftp.session import Session

MAX_TRIES = 3
_PAUSE = 5.0
"""Seconds before a second try, and as many more before a third."""

_BLOCK = 4 << 20
_PACKED = ".fetched-archive"

_T = TypeVar("_T")

_PATIENCE = Patience(time.monotonic, asyncio.sleep)


def fetch(
    address: SftpAddress,
    settings: Sftp,
    into: Path,
    *,
    put_away: bool = False,
    patience: Patience = _PATIENCE,
) -> tuple[dict[str, Digests], Drop]:
    """Copy a complete drop into the folder ``into`` (made if need be); a zip is unpacked.

    Returns the digests of each file by its name, and what the drop was on the server.

    Raises ``SourceUnreachable`` when the server cannot be reached, is not the one that is known,
    does not let this user in or has no files, and ``InputRefused`` (``moved``) when a file changed
    meanwhile, or as ``zip_archive.fetch`` does; ``NothingArrived`` where the last drop was
    ``put_away`` from here and no other has come.
    """

    async def trip() -> Drop:
        async with connected(address, settings) as session:
            drop = await complete_drop(session, address, settings, patience, put_away=put_away)
            digests.clear()
            for file in drop.files:
                digests[file.name] = await _copy(session, drop, file, into)
            after = await look(session, address, settings)
        _refuse_moved(drop, after)
        return drop

    digests: dict[str, Digests] = {}
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    drop = _run(address, trip, patience)
    if not drop.files[0].name.lower().endswith(".csv"):
        packed = into / _PACKED
        os.replace(into / drop.files[0].name, packed)
        try:
            return zip_archive.fetch(packed, into), drop
        finally:
            packed.unlink()
    return digests, drop


def seen(address: SftpAddress, settings: Sftp) -> dict[str, tuple[int, int]]:
    """Size and second of change of the files of a drop as it lies there now, by name.

    Nothing as long as a marker is still to come. Raises ``SourceUnreachable`` as ``fetch``
    does, and ``InputRefused`` for names that play tricks.
    """

    async def trip() -> Drop:
        async with connected(address, settings) as session:
            return await look(session, address, settings)

    drop = _run(address, trip, _PATIENCE)
    if settings.marker is not None and not is_marked(drop):
        return {}
    return {file.name: (file.size, file.changed) for file in drop.files}


def shown_host_key(address: SftpAddress, settings: Sftp, wanted: str) -> str:
    """The fingerprint ``wanted`` if the server has a key with it, else that of the key it shows.

    Nobody logs in. Raises ``SourceUnreachable``.
    """
    return _run(address, lambda: host_key(address, settings, wanted), _PATIENCE)


def move_processed(address: SftpAddress, settings: Sftp, drop: Drop) -> None:
    """Move the files of a drop into ``processed_folder``, with the time of each in its name.

    Nothing is written over there, and what has changed on the server since it was fetched stays
    where it is. Raises ``SourceUnreachable``.
    """

    async def trip() -> None:
        async with connected(address, settings) as session:
            now = set((await look(session, address, settings)).files)
            kept = posixpath.join(drop.folder, (settings.processed_folder or "").encode())
            with session.in_time():
                if not await session.files.isdir(kept):
                    await session.files.mkdir(kept)
            for file in drop.files:
                if file in now:
                    with session.in_time():
                        await _move(session.files, drop.path(file), kept, file)

    _run(address, trip, _PATIENCE)


async def _move(session: asyncssh.SFTPClient, path: bytes, kept: bytes, file: RemoteFile) -> None:
    stem, dot, ending = file.raw.rpartition(b".")
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(file.changed)).encode()
    place = posixpath.join(kept, b"%b.%b%b%b" % (stem, stamp, dot, ending))
    again = 1
    while await session.exists(place):
        again += 1
        place = posixpath.join(kept, b"%b.%b-%d%b%b" % (stem, stamp, again, dot, ending))
    await session.rename(path, place)


async def _copy(session: Session, drop: Drop, file: RemoteFile, into: Path) -> Digests:
    """Copy a file's bytes; its owner alone may read the copy: it holds pupils' data."""
    hashing, left = Hashing(), file.size
    with owner_only(into / file.name) as writer:
        with session.in_time():
            reader = await session.files.open(drop.path(file), "rb")
        # One byte more than it should have: a file that grows is not read to its end.
        while left >= 0 and (block := await _read(session, reader, min(_BLOCK, left + 1))):
            left -= len(block)
            hashing.update(block)
            writer.write(block)
        with session.in_time():
            await reader.close()
    if left:
        raise _moved(file.name)
    return hashing.digests()


async def _read(session: Session, reader: asyncssh.SFTPClientFile, size: int) -> bytes:
    with session.in_time():
        block = await reader.read(size)
    # Text comes only of a file that was opened as one.
    assert isinstance(block, bytes)
    return block


def _refuse_moved(before: Drop, after: Drop) -> None:
    if before != after:
        changed = sorted({f.name for f in set(before.files) ^ set(after.files)})
        raise _moved(changed[0])


def _moved(name: str) -> InputRefused:
    return InputRefused(
        "The file changed while it was being fetched.",
        code="moved",
        file=name,
        remedy="Wait until the export has finished writing, then sync again.",
    )


def _run(address: SftpAddress, trip: Callable[[], Awaitable[_T]], patience: Patience) -> _T:
    return asyncio.run(_with_tries(address, trip, patience))


async def _with_tries(
    address: SftpAddress, trip: Callable[[], Awaitable[_T]], patience: Patience
) -> _T:
    """Begin anew where the connection broke; what the server refuses is said at once."""
    for tries in range(1, MAX_TRIES + 1):
        try:
            return await trip()
        except asyncssh.SFTPNoSuchFile:
            raise SourceUnreachable(
                f"There is no {address.folder} on {address.host}, or a file went meanwhile.",
                remedy="Check the path in the district's file, and that the export has run.",
            ) from None
        except asyncssh.SFTPPermissionDenied:
            raise SourceUnreachable(
                f"{address.user} may not read {address.folder} on {address.host}.",
                remedy="Have the server's owner give this user leave to.",
            ) from None
        except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection) as error:
            lost: Exception = error
        except asyncssh.SFTPError:
            raise SourceUnreachable(
                f"{address.host} could not do what it was asked in {address.folder}.",
                remedy="Sync again later; if it stays, ask who runs the server.",
            ) from None
        except (TimeoutError, ConnectionError, asyncssh.Error) as error:
            lost = error
        if tries < MAX_TRIES:
            await patience.sleep(_PAUSE * tries)
    raise _lost(address, lost) from None


def _lost(address: SftpAddress, error: Exception) -> SourceUnreachable:
    if isinstance(error, TimeoutError):
        return SourceUnreachable(
            f"{address.host}, port {address.port}, did not answer in time.",
            remedy="Sync again later, or raise timeout_seconds under [source.sftp].",
        )
    if isinstance(error, HungUp):
        return SourceUnreachable(
            f"{address.host}, port {address.port}, hung up before any encryption was agreed on.",
            remedy="Sync again later; if it stays, the server is too old, or no SFTP server.",
        )
    if isinstance(error, asyncssh.Error):
        return SourceUnreachable(
            f"The connection to {address.host}, port {address.port}, broke off.",
            remedy="Sync again later; if it stays, ask who runs the server.",
        )
    return SourceUnreachable(
        f"No connection to {address.host}, port {address.port}.",
        remedy="Check host and port, and that the server lets this machine in.",
    )
