"""Stores as older rollbooks left them: made by the migrations of their time, filled by SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, MetaData, Table, make_url, select

from rollbook.directory.migrate import run_migrations
from rollbook.directory.postgresql import postgresql_engine
from rollbook.directory.sqlite import sqlite_engine
from rollbook.directory.store import Store

Contents = dict[str, list[dict[str, Any]]]
"""The rows of each table."""

_WORDS = {
    **{"district": "north", "run": "north.1", "hold": "north.1.h1", "kind": "user", "verb": "add"},
    **{"state": "APPLIED", "created_at": "2026-03-02 12:00:00", "at": "2026-03-02 12:00:00"},
    **{"decided_at": "2026-03-02 12:00:00", "expires_at": "2026-03-02 12:00:00"},
}
_IDS = {"runs": "north.1", "holds": "north.1.h1", "districts": "north"}
_BY_TYPE = {"TEXT": "x", "INTEGER": "1", "BOOLEAN": "false", "JSON": '["x"]', "FLOAT": "0.5"}


def unopened(url: str) -> Store:
    """A store that is taken as it is, neither made nor upgraded."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Store(sqlite_engine(parsed, read_only=False), url)
    return Store(postgresql_engine(parsed), url)


def make_older(url: str, revision: str) -> Contents:
    """Make a store of a revision with a row in each of its tables; what is in it."""
    store = unopened(url)
    with store.write_as_it_is() as connection:
        run_migrations(connection, revision)
        for table in _tables(connection):
            values = {column.name: _value(table, column.name) for column in table.columns}
            names = ", ".join(f'"{name}"' for name in values)
            connection.exec_driver_sql(
                f"INSERT INTO {table.name} ({names}) VALUES ({', '.join(values.values())})"
            )
    found = contents(store)
    store.close()
    return found


def contents(store: Store) -> Contents:
    """Everything in a store, table by table, as the tables are by now."""
    with store.read() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(select(table))]
            for table in _tables(connection)
        }


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _value(table: Table, column: str) -> str:
    kind = str(table.c[column].type).split("(")[0].replace("DOUBLE PRECISION", "FLOAT")
    if column == "id":
        return f"'{_IDS.get(table.name, 'x')}'"
    word = _WORDS.get(column) or _BY_TYPE.get(kind, "2026-03-02 12:00:00")
    return word if kind in ("INTEGER", "BOOLEAN", "FLOAT") else f"'{word}'"
