"""A secret that a program says, such as ``sops -d FILE`` or ``pass show NAME``."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

from rollbook.config.secrets.reference import words_of

TIMEOUT = 30.0
"""Seconds that a program has: time to ask a server, not time to ask a person."""

MAX_BYTES = 64 << 10


class CommandFailed(Exception):
    """The program is not there, failed, took too long or said no text."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def said_by(command: str, environment: Mapping[str, str], *, timeout: float = TIMEOUT) -> str:
    """What a program writes to its output. No shell sees the command.

    Its errors are told nobody, for they may say too much, and neither are its arguments.
    Raises ``CommandFailed``.
    """
    words = words_of(command)
    program = words[0]
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            timeout=timeout,
            check=False,
        )
    except OSError as error:
        raise CommandFailed(
            f"{program} cannot be started: {error.strerror}.",
            "Install it, or write its path out after cmd:.",
        ) from None
    except subprocess.TimeoutExpired:
        raise CommandFailed(
            f"{program} had not finished after {timeout:g} s.",
            "Run it by hand as this user: it may wait for somebody to type.",
        ) from None
    if done.returncode:
        raise CommandFailed(
            f"{program} ended with {done.returncode}.", "Run it by hand as this user and see why."
        )
    if len(done.stdout) > MAX_BYTES:
        raise CommandFailed(f"{program} said too much for a secret.", "Have it say the secret.")
    try:
        return done.stdout.decode()
    except UnicodeDecodeError:
        raise CommandFailed(
            f"{program} said something that is no text in UTF-8.", "Have it say the secret."
        ) from None
