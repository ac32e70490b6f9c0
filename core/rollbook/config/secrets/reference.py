"""How a district's file names a secret without holding it."""

from __future__ import annotations

import re
import shlex
from typing import Annotated

from pydantic import AfterValidator

FORMS = "env:NAME, file:PATH, keyring:SERVICE/NAME or cmd:PROGRAM ARGUMENTS"

_ENVIRONMENT = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*")
_KEYRING = re.compile(r"keyring:[^/\s]+/\S.*")
_SPEAKERS = ("echo", "printf")
"""Programs that say what they were called with: the secret would stand in the district's file."""


def _is_one(value: str) -> str:
    """The reference as it is. Raises ``ValueError`` in words that do not repeat it: what stands
    there may be the secret itself."""
    if _ENVIRONMENT.fullmatch(value) or _KEYRING.fullmatch(value):
        return value
    kind, _, rest = value.partition(":")
    if kind == "file" and rest.strip() and "\0" not in rest:
        return value
    if kind == "cmd":
        words = words_of(rest)
        if words[0].rpartition("/")[2] in _SPEAKERS:
            raise ValueError(f"cmd: names a program that only repeats what stands here: {_SAY}")
        return value
    raise ValueError(f"no secret may stand in this file: {_SAY}")


_SAY = f"say where it is instead, as {FORMS}"


def words_of(command: str) -> list[str]:
    """The words of a command, as a shell would part them; nothing in them is put in or run.

    Raises ``ValueError`` for one without a word, or with a quote that is not closed.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        raise ValueError("the command after cmd: has a quote that is not closed") from None
    if not words:
        raise ValueError("there is no command after cmd:")
    return words


SecretReference = Annotated[str, AfterValidator(_is_one)]
"""Where a secret is: ``env:NAME``, ``file:PATH``, ``keyring:SERVICE/NAME`` or ``cmd:…``."""
