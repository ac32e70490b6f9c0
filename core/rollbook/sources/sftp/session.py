"""A session with a server that may stop answering at any moment."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import asyncssh


class Session:
    """An SFTP session that hangs up on a server that keeps it waiting for so many seconds."""

    def __init__(
        self, connection: asyncssh.SSHClientConnection, files: asyncssh.SFTPClient, seconds: float
    ) -> None:
        self.files = files
        self._connection = connection
        self._seconds = seconds

    @contextmanager
    def in_time(self) -> Iterator[None]:
        """Raise ``TimeoutError`` where what is asked within takes longer than it may.

        The connection is cut rather than the question taken back: taking it back asks too.
        """
        late = False

        def hang_up() -> None:
            nonlocal late
            late = True
            self._connection.abort()

        timer = asyncio.get_running_loop().call_later(self._seconds, hang_up)
        try:
            yield
        except asyncssh.Error:
            if late:
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()
