"""An SFTP server in this process, which behaves as badly as a test wants."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import asyncssh

USER, PASSWORD = "northfield", "canary-sftp-password"


@dataclass
class Behaviour:
    """What goes wrong. ``on_read`` is awaited with the number of each read, from 1 on."""

    host_keys: tuple[asyncssh.SSHKey, ...]
    extra_names: list[bytes] = field(default_factory=list)
    on_read: Callable[[int, asyncssh.SSHServerChannel[bytes]], Awaitable[None]] | None = None
    on_list: Callable[[int], None] | None = None
    denied: bool = False
    reads: int = 0
    lists: int = 0
    logins: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def fingerprints(self) -> list[str]:
        """Of the server's keys."""
        return [key.get_fingerprint("sha256") for key in self.host_keys]


class _Login(asyncssh.SSHServer):
    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._behaviour.logins.append(username)
        return (username, password) == (USER, PASSWORD)


class _Files(asyncssh.SFTPServer):
    def __init__(
        self, channel: asyncssh.SSHServerChannel[bytes], behaviour: Behaviour, root: Path
    ) -> None:
        super().__init__(channel, chroot=os.fsencode(root))
        self._behaviour = behaviour

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        behaviour = self._behaviour
        behaviour.lists += 1
        if behaviour.on_list is not None:
            behaviour.on_list(behaviour.lists)
        if behaviour.denied:
            raise asyncssh.SFTPPermissionDenied("no")
        async for entry in super().scandir(path):
            yield entry
        for name in behaviour.extra_names:
            yield asyncssh.SFTPName(name, attrs=asyncssh.SFTPAttrs(permissions=0o100644, size=1))

    async def read(self, file_obj: object, offset: int, size: int) -> bytes:
        behaviour = self._behaviour
        behaviour.reads += 1
        if behaviour.on_read is not None:
            await behaviour.on_read(behaviour.reads, self.channel)
        found = super().read(file_obj, offset, size)
        return found if isinstance(found, bytes) else await found


@cache
def _keys() -> tuple[asyncssh.SSHKey, ...]:
    """Making one of RSA takes a while."""
    kinds = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa")
    return tuple(asyncssh.generate_private_key(kind) for kind in kinds)


@contextmanager
def running_sftp_server(root: Path) -> Iterator[Behaviour]:
    """A server on a free port of this machine that serves a folder as its root."""
    behaviour = Behaviour(_keys())
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: _Login(behaviour),
            server_host_keys=list(behaviour.host_keys),
            sftp_factory=lambda channel: _Files(channel, behaviour, root),
        )
        behaviour.port = server.get_port()
        ready.set()
        await stop.wait()
        server.close()
        await server.wait_closed()
        # What is still being answered closes its files when it finds nobody there.
        if left := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(left, timeout=5)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield behaviour
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
