"""The head of the audit trail in a second place, which the store's writers need not reach.

A chain that was cut off, rewritten, or put back from an old backup is whole in itself. Held against
a head that was noted elsewhere it is found out.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from rollbook.config.audit_file import named_head
from rollbook.desk.desk import Desk
from rollbook.directory import audit as trail
from rollbook.directory.roles import Role
from rollbook.errors import ConfigInvalid, RollbookError
from rollbook.owner_only import owner_only_text

_LINE = re.compile(r"(0|[1-9][0-9]{0,17}) ([0-9a-f]{64}) (\S+)\n?")


@dataclass(frozen=True, slots=True)
class NotedHead:
    """The number and the hash of what was the newest entry, and when that was written."""

    seq: int
    hash: str
    at: datetime


def read_head(path: Path) -> NotedHead | None:
    """What a file has noted; ``None`` where there is none. Raises ``ConfigInvalid``."""
    try:
        found = _LINE.fullmatch(path.read_text(encoding="ascii"))
        if found is not None:
            return NotedHead(int(found[1]), found[2], datetime.fromisoformat(found[3]))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigInvalid(
            f"{path}: cannot be read: {error.strerror}.", remedy="Is that place mounted?"
        ) from None
    except ValueError:
        pass
    raise ConfigInvalid(
        f"{path}: this is not the head of a trail.",
        remedy="It is one line: a number, a hash and a time. Find out who wrote to it.",
    )


def note_head(desk: Desk) -> str | None:
    """Write the newest entry's number and hash where ``audit.toml`` says.

    Gives a sentence for the operator where that failed: work that is done stays done. What was
    noted is not written over by a trail that does not go on from it.
    """
    if desk.read_only or desk.role is Role.VIEWER:
        return None
    try:
        path = named_head(desk.home)
        if path is None:
            return None
        before = read_head(path)
        with desk.store.read() as connection:
            if before is not None and (why := departure(connection, before)) is not None:
                return f"{why} {path} is left as it was: `rollbook audit verify` looks closer."
            newest = next(trail.entries(connection, newest=1), None)
        if newest is not None and (before is None or newest.seq > before.seq):
            _replace(path, f"{newest.seq} {newest.hash} {newest.at.astimezone(UTC).isoformat()}\n")
    except OSError as error:
        return f"The head of the audit trail could not be written to {path}: {error.strerror}."
    except RollbookError as error:
        return f"The head of the audit trail was not written a second time: {error}"
    return None


def departure(connection: Connection, noted: NotedHead) -> str | None:
    """Why a trail cannot be the one whose head was noted; ``None`` where it goes on from there."""
    when = f"{noted.at:%Y-%m-%d %H:%M} UTC"
    found = trail.hash_of(connection, noted.seq)
    if found is None:
        last = trail.last_seq(connection)
        return (
            f"The trail has {last:,} entries, but at {when} it had {noted.seq:,}: "
            "the store was put back from an older copy, or entries were cut off."
        )
    if found != noted.hash:
        return (
            f"Entry {noted.seq:,} is not the one that was there at {when}: "
            "the trail was written anew."
        )
    return None


def _replace(path: Path, line: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with owner_only_text(temporary) as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
