"""Fetching a secret from where its reference says it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import NoReturn

from rollbook.config.secrets.command import CommandFailed, said_by
from rollbook.config.secrets.private_file import FileUnfit, read_private
from rollbook.config.secrets.secret import Secret
from rollbook.errors import SourceUnreachable


def resolve(
    reference: str, *, purpose: str, environment: Mapping[str, str] | None = None
) -> Secret:
    """The secret that a reference names; ``purpose`` says what it is for, as in "password".

    A line end at its end is not part of it. Raises ``SourceUnreachable``, with where the secret
    should have been and never with anything of what was found there.
    """
    kind, _, rest = reference.partition(":")
    value = _WAYS[kind](rest, purpose, os.environ if environment is None else environment)
    value = value.removesuffix("\n").removesuffix("\r")
    if not value:
        _refuse(purpose, f"{_told(kind, rest)} is empty.", "Put the secret there.")
    return Secret(value)


def _from_environment(name: str, purpose: str, environment: Mapping[str, str]) -> str:
    if name not in environment:
        _refuse(
            purpose,
            f"the environment has no {name}.",
            f"Set {name} for the user and the service that run rollbook.",
        )
    return environment[name]


def _from_file(path: str, purpose: str, environment: Mapping[str, str]) -> str:
    try:
        return read_private(path, environment.get("CREDENTIALS_DIRECTORY"))
    except FileUnfit as unfit:
        _refuse(purpose, unfit.message, unfit.remedy)


def _from_keyring(name: str, purpose: str, environment: Mapping[str, str]) -> str:
    import keyring
    from keyring.errors import KeyringError

    service, _, user = name.partition("/")
    try:
        found = keyring.get_password(service, user)
    except (KeyringError, RuntimeError, OSError):
        # What a backend says is its own affair; it may tell more than it should.
        _refuse(
            purpose,
            "no keyring can be opened here.",
            "Unlock it, or use file: or cmd: on a machine that nobody logs in to.",
        )
    if found is None:
        _refuse(
            purpose,
            f"the keyring has no {service}/{user}.",
            f"Put it there: keyring set {service} {user}",
        )
    return found


def _from_command(command: str, purpose: str, environment: Mapping[str, str]) -> str:
    try:
        return said_by(command, environment)
    except CommandFailed as failed:
        _refuse(purpose, failed.message, failed.remedy)


_WAYS: dict[str, Callable[[str, str, Mapping[str, str]], str]] = {
    "env": _from_environment,
    "file": _from_file,
    "keyring": _from_keyring,
    "cmd": _from_command,
}


def _told(kind: str, rest: str) -> str:
    """A reference as it may be told: of a command nothing but that it is one."""
    return "what the command said" if kind == "cmd" else f"{kind}:{rest}"


def _refuse(purpose: str, message: str, remedy: str) -> NoReturn:
    raise SourceUnreachable(f"The {purpose} was not found: {message}", remedy=remedy) from None
