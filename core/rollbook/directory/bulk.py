"""Putting many rows into a table at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table

_BATCH = 20_000


def insert_rows(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> int:
    """Insert rows with values in the order of ``columns``; returns how many there were."""
    binds = [table.c[name].type.dialect_impl(connection.dialect) for name in columns]
    processors = [bind.bind_processor(connection.dialect) for bind in binds]
    wanted = [(at, process) for at, process in enumerate(processors) if process is not None]
    marks = ", ".join("?" * len(columns))
    statement = (
        f"INSERT INTO {table.name} ({', '.join(_quoted(n) for n in columns)}) VALUES ({marks})"
    )
    written = 0
    rest = iter(rows)
    while batch := [_bound(row, wanted) for row in islice(rest, _BATCH)]:
        connection.exec_driver_sql(statement, batch)
        written += len(batch)
    return written


def _quoted(name: str) -> str:
    return '"' + name + '"'


def _bound(row: Sequence[object], wanted: Sequence[tuple[int, Any]]) -> tuple[object, ...]:
    values = list(row)
    for at, process in wanted:
        values[at] = process(values[at])
    return tuple(values)
