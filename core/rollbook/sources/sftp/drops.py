"""What lies in a folder of a server, and whether it is complete."""

from __future__ import annotations

import posixpath
import stat
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import NoReturn, cast

import asyncssh

from rollbook.config.connections import Sftp
from rollbook.config.locations import SftpAddress
from rollbook.errors import InputRefused, NothingArrived, SourceUnreachable
from rollbook.sources.sftp.session import Session
from rollbook.sources.zip_archive import MAX_BYTES, MAX_FILES

MAX_ENTRIES = 10_000
"""Names in a folder; a drop has dozens."""

_WANTED = (b".csv", b".zip")
_LOOK_AGAIN = 5.0
"""Seconds between two looks for a marker."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a drop: its name as text, as the server has it, its bytes, and the second of its
    last change."""

    name: str
    raw: bytes
    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Drop:
    """The CSV files or the zip in a folder, and the time of the marker if it is there."""

    folder: bytes
    files: tuple[RemoteFile, ...]
    marked: int | None = field(default=None, compare=False)

    def path(self, file: RemoteFile) -> bytes:
        """Where a file is on the server."""
        return posixpath.join(self.folder, file.raw)


@dataclass(frozen=True, slots=True)
class Patience:
    """A clock in seconds that never goes back, and sleep."""

    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]


class NothingThere(SourceUnreachable):
    """Neither CSV files nor a zip."""


async def complete_drop(
    session: Session,
    address: SftpAddress,
    settings: Sftp,
    patience: Patience,
    *,
    put_away: bool = False,
) -> Drop:
    """What is there once it is all there.

    With a marker: once that is there and no older than any of the files. Without: once names, sizes
    and times have stayed the same for ``settle_seconds``. Raises ``SourceUnreachable`` when that
    takes longer than ``max_wait_minutes``, and ``InputRefused`` for names that play tricks and for
    more files or bytes than any roster has. Where the last drop was ``put_away`` from here, a place
    without any file raises ``NothingArrived``, and nothing is waited for.
    """
    deadline = patience.clock() + settings.max_wait_minutes * 60
    try:
        drop = await look(session, address, settings)
    except (NothingThere, asyncssh.SFTPNoSuchFile):
        if put_away and await _is_only_empty(session, address):
            raise NothingArrived("nothing new has arrived.") from None
        raise
    if put_away and not drop.files:
        raise NothingArrived("nothing new has arrived.")
    while True:
        if settings.marker is not None and is_marked(drop):
            return drop
        pause = settings.settle_seconds if settings.marker is None else _LOOK_AGAIN
        if patience.clock() + pause > deadline:
            _give_up(address, settings, drop)
        await patience.sleep(pause)
        before, drop = drop, await look(session, address, settings)
        if settings.marker is None and drop == before:
            return drop


async def _is_only_empty(session: Session, address: SftpAddress) -> bool:
    """Whether the folder is there, or the one in which a zip would be."""
    path = address.remote_folder.encode()
    if path.lower().endswith(_WANTED):
        path = posixpath.dirname(path) or b"."
    with session.in_time():
        return await session.files.isdir(path)


async def look(session: Session, address: SftpAddress, settings: Sftp) -> Drop:
    """What is there now: CSV files or, without any, one zip. The address may name the zip itself.

    Raises ``SourceUnreachable`` where there is neither, unless a marker is still to come, and
    ``TimeoutError``.
    """
    with session.in_time():
        return await _look(session.files, address, settings)


async def _look(session: asyncssh.SFTPClient, address: SftpAddress, settings: Sftp) -> Drop:
    path = address.remote_folder.encode()
    facts = await session.stat(path)
    if _is_file(facts):
        folder, raw = posixpath.split(path)
        return Drop(folder or b".", (_file(_name(raw), raw, facts),))
    files: list[RemoteFile] = []
    marked: int | None = None
    for raw in await _names(session, path):
        wanted = raw.lower().endswith(_WANTED)
        if not wanted and raw != (settings.marker or "").encode():
            continue
        name = _name(raw)
        # Links are the server's own affair: what counts is what they lead to.
        facts = await session.stat(posixpath.join(path, raw))
        if not _is_file(facts):
            continue
        if name == settings.marker:
            marked = facts.mtime or 0
        if wanted and name != settings.marker:
            files.append(_file(name, raw, facts))
    return Drop(path, _chosen(address, settings, files), marked)


async def _names(session: asyncssh.SFTPClient, path: bytes) -> list[bytes]:
    names: list[bytes] = []
    listing = cast(AsyncGenerator[asyncssh.SFTPName], session.scandir(path))
    async with aclosing(listing) as entries:
        async for entry in entries:
            name = entry.filename
            names.append(name if isinstance(name, bytes) else name.encode())
            if len(names) > MAX_ENTRIES:
                _refuse("too-many-files", f"The folder holds more than {MAX_ENTRIES:,} names.")
    return names


def _chosen(
    address: SftpAddress, settings: Sftp, files: list[RemoteFile]
) -> tuple[RemoteFile, ...]:
    """The CSV files by name, else the only zip."""
    tables = sorted((f for f in files if f.name.lower().endswith(".csv")), key=lambda f: f.raw)
    chosen = tables or files
    if not chosen and settings.marker is None:
        raise NothingThere(
            f"{address.folder} on {address.host} holds neither CSV files nor a zip.",
            remedy="Check the path in the district's file, and that the export has run.",
        )
    if not tables and len(files) > 1:
        _refuse(
            "several-archives",
            f"{address.folder} holds {len(files)} zips, and nobody can tell which one is meant.",
            "Name the one that is meant in the path, or keep only the newest there.",
        )
    if len({file.name.lower() for file in chosen}) != len(chosen):
        _refuse("name-twice", "Two files have names that differ in case only.", "Take one out.")
    if len(chosen) > MAX_FILES:
        _refuse("too-many-files", f"There are more than {MAX_FILES} CSV files.")
    if sum(file.size for file in chosen) > MAX_BYTES:
        _refuse("too-large", f"The files have more than {MAX_BYTES:,} bytes.")
    return tuple(chosen)


def _name(raw: bytes) -> str:
    """A name as text. Raises ``InputRefused`` for one that would lead elsewhere."""
    name = raw.decode(errors="backslashreplace")
    plain = raw.decode(errors="replace")
    if "/" in plain or "\\" in plain or not plain.isprintable() or plain in (".", ".."):
        _refuse(
            "odd-name",
            "The server has a file whose name leads out of its folder or cannot be printed.",
            "Do not read from this server until its owner has explained that.",
        )
    return name


def _file(name: str, raw: bytes, facts: asyncssh.SFTPAttrs) -> RemoteFile:
    return RemoteFile(name, raw, facts.size or 0, facts.mtime or 0)


def _is_file(facts: asyncssh.SFTPAttrs) -> bool:
    if facts.permissions is not None:
        return stat.S_ISREG(facts.permissions)
    return facts.type == asyncssh.FILEXFER_TYPE_REGULAR


def is_marked(drop: Drop) -> bool:
    """Whether the marker is there, with files, and no older than any of them."""
    if drop.marked is None or not drop.files:
        return False
    return all(file.changed <= drop.marked for file in drop.files)


def _give_up(address: SftpAddress, settings: Sftp, drop: Drop) -> NoReturn:
    minutes = f"{settings.max_wait_minutes:g} minutes"
    if settings.marker is None:
        raise SourceUnreachable(
            f"{address.folder} on {address.host} was still being written to after {minutes}.",
            remedy="Sync later, or have the export write a marker file and name it as marker.",
        )
    old = "is older than the files" if drop.marked is not None else "is not there"
    raise SourceUnreachable(
        f"The marker {settings.marker} {old} after {minutes}.",
        remedy="See whether the export has finished, then sync again.",
    )


def _refuse(
    code: str, message: str, remedy: str = "Keep the roster's files there alone."
) -> NoReturn:
    raise InputRefused(message, code=code, remedy=remedy)
