"""A copy of a store beside it, made before an upgrade and kept: a file, or a schema of tables."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, inspect, text
from sqlalchemy.schema import CreateSchema

from rollbook.errors import NotPermitted, RollbookError


def back_up(store: Path, name: str) -> Path:
    """Copy a store as it was last committed to ``name`` beside it; the copy's path.

    The copy is for its owner alone, it is on the disk when this returns, and no earlier copy is
    written over. Raises ``RollbookError`` when there is no room, or no leave, for it.
    """
    partial = store.with_name(f"{name}.partial")
    try:
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _copy(store, partial)
        copy = _free_name(store.with_name(name))
        os.rename(partial, copy)
        _to_disk(copy.parent)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise RollbookError(
            f"no copy of the store could be made ({error}), so it was not upgraded.",
            remedy=f"Make room in {store.parent} for another {store.stat().st_size:,} bytes.",
        ) from None
    return copy


def back_up_tables(connection: Connection, name: str) -> str:
    """Copy every table of a store on PostgreSQL into a new schema, in the caller's transaction.

    Returns the schema's name, which begins with ``name``. Only the role that makes it may look into
    it, and no earlier copy is written over. Raises ``NotPermitted`` where that role may make none.
    """
    allowed = text("SELECT has_database_privilege(current_database(), 'CREATE')")
    if not connection.execute(allowed).scalar_one():
        database = connection.engine.url.database
        raise NotPermitted(
            "no copy of the tables may be made, so the store was not upgraded.",
            remedy=f"Let the owner open it, or GRANT CREATE ON DATABASE {database} to this role.",
        )
    inspector = inspect(connection)
    known = set(inspector.get_schema_names())
    names = (f"{name}_{number}" if number > 1 else name for number in count(1))
    schema = next(free for free in names if free not in known)
    connection.execute(CreateSchema(schema))
    for table in inspector.get_table_names():
        connection.exec_driver_sql(f'CREATE TABLE "{schema}"."{table}" AS TABLE "{table}"')
    return schema


def _copy(store: Path, to: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{quote(str(store))}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)
    _to_disk(to)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _free_name(wanted: Path) -> Path:
    names = (wanted.with_name(f"{wanted.name}.{number}") for number in count(2))
    return wanted if not wanted.exists() else next(name for name in names if not name.exists())
