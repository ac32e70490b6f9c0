"""A file that holds a secret, and that its owner alone may read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

MAX_BYTES = 64 << 10
"""The longest private keys are a tenth of that."""

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class FileUnfit(Exception):
    """The file is not there, not private, or holds no secret."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def read_private(name: str, credentials: str | None) -> str:
    """The text of a file. A relative name is one in ``credentials``, systemd's folder for them.

    There the service manager looks after who may read; anywhere else nobody but the owner may.
    Raises ``FileUnfit``.
    """
    path = Path(name)
    if path.parts[0].startswith("~"):
        try:
            path = path.expanduser()
        except RuntimeError:
            raise FileUnfit(f"{name}: nobody of that name has a home here.", _WRITE) from None
    if not path.is_absolute():
        if not credentials:
            raise FileUnfit(
                f"{name} is relative, and there is no CREDENTIALS_DIRECTORY.",
                "Write its path out, or start rollbook as a service with LoadCredential=.",
            )
        path = Path(credentials) / path
    managed = credentials is not None and path.is_relative_to(credentials)
    if ".." in path.parts:
        raise FileUnfit(f"{name} leads upwards.", _WRITE)
    try:
        # A pipe would keep everything waiting.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            _check(path, os.fstat(handle), managed=managed)
            found = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileUnfit(
            f"{path} cannot be read: {error.strerror}.",
            "Put the secret there, and give this user alone leave to read it.",
        ) from None
    if len(found) > MAX_BYTES:
        raise FileUnfit(f"{path} is too large for a secret.", "Name the file that holds it.")
    try:
        return found.decode()
    except UnicodeDecodeError:
        raise FileUnfit(f"{path} is no text in UTF-8.", "Write it as plain text.") from None


def _check(path: Path, facts: os.stat_result, *, managed: bool) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise FileUnfit(f"{path} is no plain file.", _WRITE)
    if facts.st_mode & _OTHERS and not managed:
        raise FileUnfit(
            f"{path} may be read by others than its owner (mode {facts.st_mode & 0o777:03o}).",
            f"Do `chmod 600 {path}`, and change the secret if others had the time to read it.",
        )


_WRITE = "Write the path of the file out."
