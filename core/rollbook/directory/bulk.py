"""Putting many rows into a table at once: COPY on PostgreSQL, slices of one INSERT on SQLite."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

SLICE = 5_000
"""Rows that SQLite is handed at a time; they are all that is held in memory."""

_Row = Sequence[object]
_Processors = list[tuple[int, Callable[[Any], object]]]


def insert_rows(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Iterable[_Row],
    as_they_are: Collection[str] = (),
) -> int:
    """Insert ``rows``, each a sequence of values in the order of ``columns``; returns how many.

    The rows are taken one after another and never all held. Values are what the columns' types
    take elsewhere (JSON as plain data, times with a zone), those of ``as_they_are`` what the
    database takes; a column that is not named is NULL or has its default. Raises SQLAlchemy's
    ``IntegrityError`` and the like; then nothing of the caller's transaction can be kept.
    """
    processors = _processors(connection, table, columns, as_they_are)
    values = (_processed(row, processors) for row in rows) if processors else iter(rows)
    if connection.dialect.name == "postgresql":
        return _copy(connection, table, columns, values)
    return _insert(connection, table, columns, values)


def _processors(
    connection: Connection, table: Table, columns: Sequence[str], as_they_are: Collection[str]
) -> _Processors:
    found: _Processors = []
    for position, name in enumerate(columns):
        dialect = connection.dialect
        processor = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if processor is not None and name not in as_they_are:
            found.append((position, processor))
    return found


def _processed(row: _Row, processors: _Processors) -> _Row:
    values = list(row)
    for position, processor in processors:
        values[position] = processor(values[position])
    return values


def _names(connection: Connection, table: Table, columns: Sequence[str]) -> tuple[str, str]:
    quote = connection.dialect.identifier_preparer
    return quote.format_table(table), ", ".join(quote.quote(name) for name in columns)


def _insert(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterator[_Row]
) -> int:
    name, names = _names(connection, table, columns)
    statement = f"INSERT INTO {name} ({names}) VALUES ({', '.join('?' * len(columns))})"
    inserted = 0
    while batch := [tuple(row) for row in islice(rows, SLICE)]:
        connection.exec_driver_sql(statement, batch)
        inserted += len(batch)
    return inserted


def _copy(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterator[_Row]
) -> int:
    import psycopg

    name, names = _names(connection, table, columns)
    statement = f"COPY {name} ({names}) FROM STDIN"
    inserted = 0
    raw: Any = connection.connection.driver_connection
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
                inserted += 1
    except psycopg.Error as error:
        raise DBAPIError.instance(
            statement, None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
    return inserted
