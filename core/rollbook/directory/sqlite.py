"""A store in one SQLite file: its connections, and what SQLite's refusals mean.

Every write transaction begins ``IMMEDIATE``, so that two writers queue instead of failing half-way,
and every commit is durable (WAL with ``synchronous=FULL``).
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Select, Table, create_engine, event
from sqlalchemy.exc import DBAPIError

from rollbook.directory.audit import canonical
from rollbook.errors import Busy, ConfigInvalid, RollbookError

WRITES = "rollbook_writes"
"""The execution option that makes a transaction one that writes."""

WRITE_ONCE = "Open it once without --read-only."
"""What to do about a store that is not there or of an older version, at a read-only desk."""

_ROW_BYTES = 150
"""What one of many rows that are written keeps in memory, so that no page is read and written many
times."""

_ROW_KIB, _MOST_ROOM_OF_FEW = 8, 1 << 17
"""What one of few rows does, which has pages of the table and of its indexes to itself, and KiB
that few rows keep at most."""

_MOST_ROOM = 1 << 20
_USUAL_ROOM = 2_000
"""KiB of a store that a connection may keep in memory."""

_ROOMY = "rollbook_roomy"

_STATEMENTS = 512
"""Prepared statements that a connection keeps: a sync has some 200 different ones."""

_SETTINGS = ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{os.fspath(path.resolve())}"


def sqlite_engine(url: URL, *, read_only: bool) -> Engine:
    """An engine on a file, which is made, for its owner alone, unless ``read_only``.

    Raises ``ConfigInvalid`` when there is none to read, and ``OSError`` when it cannot be made.
    """
    engine = create_engine(
        url,
        hide_parameters=True,
        json_serializer=canonical,
        connect_args={"cached_statements": _STATEMENTS},
    )
    path = Path(url.database) if url.database else None
    if path is not None and not path.exists():
        if read_only:
            raise ConfigInvalid(f"there is no store {path}.", remedy=WRITE_ONCE)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "invalidate")
    def _let_go(connection: Any, _record: object, _error: object) -> None:
        # Closed by ctrl+c within a statement, it would stay locked for as long as that lives.
        with suppress(sqlite3.Error):
            connection.rollback()

    @event.listens_for(engine, "checkin")
    def _usual_room(connection: Any, record: Any) -> None:
        if connection is not None and record.info.pop(_ROOMY, 0):
            connection.execute(f"PRAGMA cache_size=-{_USUAL_ROOM}")
            connection.execute("PRAGMA shrink_memory")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def give_room(connection: Connection, rows: int) -> None:
    """Let a transaction on SQLite that writes so many rows keep them in memory until it ends.

    Rows come in any order of an index: a page that had to go is soon wanted again. A GiB at most;
    what was given to the same transaction before is not taken back.
    """
    of_few = min(rows * _ROW_KIB, _MOST_ROOM_OF_FEW)
    room = max(of_few, min(rows * _ROW_BYTES >> 10, _MOST_ROOM))
    given: int = connection.info.get(_ROOMY, _USUAL_ROOM)
    if connection.dialect.name == "sqlite" and room > given:
        connection.exec_driver_sql(f"PRAGMA cache_size=-{room}")
        connection.info[_ROOMY] = room


def along_ids(connection: Connection, query: Select[Any], table: Table) -> Select[Any]:
    """A query for most rows of a district, on SQLite in the order of their ids.

    That is nearly the order in which they stand. By an index of anything else, which SQLite may
    take because the district stands first in it too, each row would be looked for on its own page.
    """
    return query.order_by(table.c.id) if connection.dialect.name == "sqlite" else query


def sqlite_refusal(error: DBAPIError) -> RollbookError | None:
    """What an error of SQLite means to an operator; ``None`` for one that only a fault explains."""
    if not isinstance(error.orig, sqlite3.Error):
        return None
    match getattr(error.orig, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return Busy("somebody else writes to the store.", remedy="Try again in a minute.")
        case sqlite3.SQLITE_FULL:
            return RollbookError(
                "the disk of the store is full; nothing was changed.", remedy="Make room there."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
            return RollbookError(
                "the store cannot be written; nothing was changed.",
                remedy="May this user write the file and the folder that it is in?",
            )
        case sqlite3.SQLITE_IOERR:
            return RollbookError(
                "the disk of the store failed; nothing was changed.",
                remedy="Look after the disk, then run `rollbook doctor`.",
            )
        case sqlite3.SQLITE_CORRUPT:
            return RollbookError(
                "the store could not be read whole; nothing was changed.",
                remedy="Look after the disk, then run `rollbook doctor`; if that fails too, the "
                "file is damaged and a backup has to take its place.",
            )
    return None
