"""Connecting to the server that a district's file names, and to no other."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncssh

from rollbook.config.connections import Sftp
from rollbook.config.locations import SftpAddress
from rollbook.config.secrets import resolve
from rollbook.errors import SourceUnreachable
from rollbook.sources.sftp.session import Session

_FAMILIES = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"),
)
"""A server has a key of each kind, or of one. The last one of all is for old servers."""

_ANY = tuple(name for family in _FAMILIES for name in family)


class NotPinned(Exception):
    """The server showed a key that is not the one it should have."""

    def __init__(self, fingerprint: str) -> None:
        super().__init__()
        self.fingerprint = fingerprint


class HungUp(ConnectionError):
    """The server was there, but left before it had shown a key."""


class _Pinning(asyncssh.SSHClient):
    """Takes a server for what it says it is only if its key's fingerprint is among the pinned."""

    def __init__(self, pins: tuple[str, ...]) -> None:
        self._pins = pins
        self.shown = ""

    def validate_host_public_key(
        self, host: str, addr: str, port: int, key: asyncssh.SSHKey
    ) -> bool:
        self.shown = key.get_fingerprint("sha256")
        return self.shown in self._pins


@asynccontextmanager
async def connected(address: SftpAddress, settings: Sftp) -> AsyncIterator[Session]:
    """An SFTP session. Nothing of a password is sent before the server's key is found pinned.

    Raises ``SourceUnreachable``, and ``ConnectionError`` and ``TimeoutError`` where another try
    may help.
    """
    credentials = _credentials(settings)
    connection = await _with_a_pinned_key(address, settings, credentials)
    try:
        async with asyncio.timeout(settings.timeout_seconds):
            # Names as bytes: what a server calls its files need not be UTF-8.
            files = await connection.start_sftp_client(path_encoding=None)
        yield Session(connection, files, settings.timeout_seconds)
    finally:
        # Without a farewell: a server that stalls would not answer it either.
        connection.abort()
        await connection.wait_closed()


async def host_key(address: SftpAddress, settings: Sftp, wanted: str) -> str:
    """The fingerprint ``wanted`` if the server has a key with it, else that of the key it shows."""
    try:
        shown = await _shown(address, settings, (wanted,))
    except NotPinned as other:
        return other.fingerprint
    return shown


async def _shown(address: SftpAddress, settings: Sftp, pins: tuple[str, ...]) -> str:
    """The pinned fingerprint of which the server has the key; nobody logs in."""
    first: NotPinned | None = None
    for algorithms in (_ANY, *_FAMILIES):
        client = _Pinning(pins)
        try:
            # Without a user to be, the key is all that is exchanged.
            connection = await _open(address, settings, {}, algorithms, client)
            connection.abort()
            await connection.wait_closed()
        except NotPinned as other:
            first = first or other
        except asyncssh.KeyExchangeFailed:
            continue
        except HungUp:
            if first is None:
                raise
        except asyncssh.PermissionDenied:
            return client.shown
        else:
            return client.shown
    if first is None:
        raise _no_common(address)
    raise first


async def _with_a_pinned_key(
    address: SftpAddress, settings: Sftp, credentials: dict[str, Any]
) -> asyncssh.SSHClientConnection:
    first: NotPinned | None = None
    # Of the keys that a server has the pinned one need not be the one it shows by itself.
    for algorithms in (_ANY, *(_FAMILIES if settings.host_keys else ())):
        client = _Pinning(settings.host_keys)
        try:
            return await _open(address, settings, credentials, algorithms, client)
        except NotPinned as other:
            first = first or other
        except asyncssh.KeyExchangeFailed:
            continue
        except HungUp:
            # So do servers that have no key of the only kind they are asked for.
            if first is None:
                raise
        except asyncssh.PermissionDenied:
            what = "password" if settings.password else "key"
            raise SourceUnreachable(
                f"{_server(address)} does not accept the {what} of {address.user}.",
                remedy=f"Check the user, and where the {what} is kept.",
            ) from None
    if first is None:
        raise _no_common(address)
    raise _stranger(address, settings, first.fingerprint)


async def _open(
    address: SftpAddress,
    settings: Sftp,
    credentials: dict[str, Any],
    algorithms: tuple[str, ...],
    client: _Pinning,
) -> asyncssh.SSHClientConnection:
    # It is what old servers have, and better than not to encrypt at all.
    warnings.filterwarnings("ignore", message="Diffie-Hellman over finite fields")
    try:
        return await asyncio.wait_for(
            asyncssh.connect(
                address.host,
                address.port,
                username=address.user,
                client_factory=lambda: client,
                # Nothing of this user's own: no ~/.ssh, no agent, no tickets.
                known_hosts=([], [], []),
                config=None,
                agent_path=None,
                gss_kex=False,
                gss_auth=False,
                server_host_key_algs=list(algorithms),
                keepalive_interval=settings.timeout_seconds / 3,
                **{"client_keys": None, "password": None, **credentials},
            ),
            settings.timeout_seconds,
        )
    except asyncssh.HostKeyNotVerifiable:
        raise NotPinned(client.shown) from None
    except TimeoutError:
        raise
    except (
        asyncssh.ConnectionLost,
        asyncssh.ProtocolError,
        # What the server hung up on may still have been on its way to it.
        ConnectionResetError,
        BrokenPipeError,
    ):
        raise (ConnectionError if client.shown else HungUp) from None
    except OSError:
        raise ConnectionError from None


def _credentials(settings: Sftp) -> dict[str, Any]:
    if settings.password is not None:
        password = resolve(settings.password, purpose="password")
        return {
            "password": password.reveal(),
            "preferred_auth": ["password", "keyboard-interactive"],
        }
    assert settings.key is not None
    key = resolve(settings.key, purpose="private key")
    passphrase = (
        resolve(settings.passphrase, purpose="passphrase").reveal() if settings.passphrase else None
    )
    try:
        loaded = asyncssh.import_private_key(f"{key.reveal()}\n", passphrase)
    except asyncssh.KeyEncryptionError:
        raise SourceUnreachable(
            "The private key could not be opened with the passphrase.",
            remedy="Check where passphrase points.",
        ) from None
    except asyncssh.KeyImportError:
        raise SourceUnreachable(
            "The private key is none that can be read, or its passphrase is missing.",
            remedy="Use one that ssh-keygen made, and name its passphrase if it has one.",
        ) from None
    return {"client_keys": [loaded], "preferred_auth": ["publickey"]}


def _stranger(address: SftpAddress, settings: Sftp, shown: str) -> SourceUnreachable:
    if settings.host_keys:
        return SourceUnreachable(
            f"{_server(address)} shows another key than it should: {shown} instead of "
            f"{', '.join(settings.host_keys)}. Nothing was sent to it.",
            remedy="Ask who runs the server whether its key was changed; only then trust the new "
            "one with `rollbook district check ID --trust-host-key FINGERPRINT`.",
        )
    return SourceUnreachable(
        f"{_server(address)} is not known here; its key is {shown}. Nothing was sent to it.",
        remedy="Compare that with what its owner says, then trust it: "
        f"`rollbook district check ID --trust-host-key {shown}`.",
    )


def _no_common(address: SftpAddress) -> SourceUnreachable:
    return SourceUnreachable(
        f"{_server(address)} speaks no kind of encryption that is still safe enough.",
        remedy="Ask who runs the server to bring it up to date.",
    )


def _server(address: SftpAddress) -> str:
    return address.host if address.port == 22 else f"{address.host}, port {address.port},"
