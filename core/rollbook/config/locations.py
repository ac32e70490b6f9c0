"""Where files are: a path on this machine, or a folder on an SFTP server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, unquote, urlsplit

from pydantic import BeforeValidator, PlainSerializer

_SCHEME = "sftp:"
_SHAPE = "write it as sftp://user@host:port/folder"
_PORT = 22


@dataclass(frozen=True, slots=True)
class SftpAddress:
    """A folder, or a zip, on a server. ``folder`` is from its root; ``/~/`` is the user's home."""

    user: str
    host: str
    port: int
    folder: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORT else f":{self.port}"
        return f"sftp://{quote(self.user)}@{host}{port}{quote(self.folder)}"

    @property
    def remote_folder(self) -> str:
        """The folder as the server is asked for it."""
        if self.folder == "/~" or self.folder.startswith("/~/"):
            return self.folder[3:] or "."
        return self.folder


def sftp_address(text: str) -> SftpAddress:
    """The address that a text names. Raises ``ValueError``, without the text: it may hold a
    password."""
    try:
        parts = urlsplit(text)
        port = parts.port or _PORT
    except ValueError:
        raise ValueError(_SHAPE) from None
    user, host, folder = unquote(parts.username or ""), parts.hostname or "", unquote(parts.path)
    if parts.password is not None:
        raise ValueError(
            "no password may stand in a path: name where it is with password under [source.sftp]"
        )
    if not user or not host or parts.query or parts.fragment:
        raise ValueError(_SHAPE)
    if not folder.startswith("/") or not (user + host + folder).isprintable():
        raise ValueError(_SHAPE)
    if ".." in folder.split("/"):
        raise ValueError("the folder leads upwards")
    return SftpAddress(user, host, port, folder.rstrip("/") or "/")


def _location(value: Any) -> Any:
    if isinstance(value, str) and value.lower().startswith(_SCHEME):
        return sftp_address(value)
    return value


Location = Annotated[
    Path | SftpAddress, BeforeValidator(_location), PlainSerializer(str, return_type=str)
]
"""``/srv/sis/northfield``, or ``sftp://user@host:port/folder``."""
