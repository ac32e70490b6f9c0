"""Opening the store: connections, transactions and the version of the schema.

On SQLite every write transaction begins ``IMMEDIATE``, so that two writers queue instead of
failing half-way, and every commit is durable (WAL with ``synchronous=FULL``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from rollbook.directory.audit import canonical
from rollbook.errors import ConfigInvalid, RollbookError

HEAD = "0002"
"""The newest migration; a test holds it against the migrations folder."""

_WRITES = "rollbook_writes"

_WRITE_ONCE = "Open it once without --read-only."


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. Safe to use from several threads: each transaction has its own connection."""

    engine: Engine
    url: str

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the store throughout and writes nothing."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits as a whole at the end of the block, or not at all."""
        writing = self.engine.connect().execution_options(**{_WRITES: True})
        with writing as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "busy_timeout=30000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def open_store(url: str, *, read_only: bool = False) -> Store:
    """Open the store at a SQLAlchemy URL, making or upgrading its tables where needed.

    With ``read_only`` nothing is made or upgraded. Raises ``ConfigInvalid`` for a URL that does not
    parse, a store of a newer rollbook, or one that would have to be made or upgraded first, and
    ``RollbookError`` when it cannot be opened.
    """
    try:
        parsed = make_url(url)
        is_sqlite = parsed.get_backend_name() == "sqlite"
        engine = create_engine(parsed, json_serializer=canonical)
        new_file = Path(parsed.database) if is_sqlite and parsed.database else None
        if new_file is not None and not new_file.exists():
            if read_only:
                raise ConfigInvalid(f"there is no store {new_file}.", remedy=_WRITE_ONCE)
            new_file.parent.mkdir(parents=True, exist_ok=True)
            new_file.touch(mode=0o600)
    except ConfigInvalid:
        raise
    except (ValueError, ImportError, OSError) as error:
        raise ConfigInvalid(f"cannot open the store: {error}.") from None
    except Exception as error:
        raise ConfigInvalid(f"not a store URL: {type(error).__name__}.") from None
    if is_sqlite:
        _prepare_sqlite(engine)
    store = Store(engine, url)
    try:
        _bring_up_to_date(store, read_only=read_only)
    except DatabaseError as error:
        engine.dispose()
        raise RollbookError(
            f"the store cannot be used: {error.orig}.",
            remedy="Is it a store of rollbook's, readable and writable, and on no network share?",
        ) from None
    return store


def schema_version(connection: Connection) -> str | None:
    """The migration that the store is at; ``None`` for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()
    return found


def _bring_up_to_date(store: Store, *, read_only: bool) -> None:
    with store.read() as connection:
        version = schema_version(connection)
    if version == HEAD:
        return
    if version is not None and version > HEAD:
        raise ConfigInvalid(
            f"the store is at version {version}, this rollbook knows {HEAD}.",
            remedy="Use the newer rollbook that wrote it.",
        )
    if read_only:
        raise ConfigInvalid(f"the store is at version {version}, not {HEAD}.", remedy=_WRITE_ONCE)
    from rollbook.directory.migrate import upgrade

    upgrade(store)


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{os.fspath(path.resolve())}"
