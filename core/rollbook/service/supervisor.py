"""Telling systemd how the service is, over the socket that it names."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Who started the service and wants to know; nobody where ``address`` is empty."""

    address: str

    @classmethod
    def from_environment(cls) -> Supervisor:
        """The one that ``NOTIFY_SOCKET`` names."""
        return cls(os.environ.get("NOTIFY_SOCKET", ""))

    def say(self, words: str) -> None:
        """Say one thing, such as ``READY=1``; nobody has to listen."""
        if not self.address:
            return
        # A name that begins with @ is one without a file.
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(words.encode(), address)
