"""The least that writing may cost: the rows that a run wrote, inserted once more and nothing else.

    python -m bench.bare_insert NEW AFTER [BEFORE]

takes the rows of the store ``AFTER`` that are not in the store ``BEFORE`` just so (all of them
without it) and inserts them, by executemany in one transaction, into the new store ``NEW``, which
has the same tables, indexes and guards. Prints the rows, and the CPU and wall seconds of inserting
and committing alone: of the records, and of everything that the run wrote.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from rollbook.directory.store import open_store, sqlite_url
from rollbook.directory.tables import RECORD_TABLE_NAMES

RECORDS, EVERYTHING = "records", "everything"

_SLICE = 20_000
_SETTINGS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
"""Those of the store."""


@dataclass(slots=True)
class Inserted:
    """Rows, and the seconds that went into them."""

    rows: int = 0
    cpu: float = 0.0
    wall: float = 0.0


def insert(new: Path, after: Path, before: Path | None, tables: Sequence[str]) -> Inserted:
    """Insert the rows of some tables into a new store."""
    for file in new.parent.glob(f"{new.name}*"):
        file.unlink()
    open_store(sqlite_url(new)).close()
    with closing(sqlite3.connect(after)) as reader, closing(sqlite3.connect(new)) as writer:
        reader.execute("ATTACH ? AS before", (str(before or new),))
        writer.isolation_level = None
        for setting in _SETTINGS:
            writer.execute(f"PRAGMA {setting}")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("PRAGMA defer_foreign_keys=ON")
        inserted = Inserted()
        for table in tables:
            _insert_table(reader, writer, table, inserted)
        _timed(inserted, writer, "COMMIT", [])
        return inserted


def _insert_table(
    reader: sqlite3.Connection, writer: sqlite3.Connection, table: str, inserted: Inserted
) -> None:
    columns = list(reader.execute(f"PRAGMA main.table_info({table})"))
    names = [column[1] for column in columns]
    key = _key(reader, table, {column[5]: column[1] for column in columns if column[5]})
    on = " AND ".join(f'a."{name}" = b."{name}"' for name in key)
    order = ", ".join(f'a."{name}"' for name in key)
    same = " AND ".join(f'a."{name}" IS b."{name}"' for name in names)
    found = reader.execute(
        f"SELECT a.* FROM main.{table} a LEFT JOIN before.{table} b ON {on} "
        f'WHERE b."{key[0]}" IS NULL OR NOT ({same}) ORDER BY {order}'
    )
    statement = f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})"
    while rows := found.fetchmany(_SLICE):
        _timed(inserted, writer, statement, rows)
        inserted.rows += len(rows)


def _key(reader: sqlite3.Connection, table: str, primary: dict[int, str]) -> list[str]:
    """What tells the rows of a table apart, in the order in which they were written."""
    [without_rowid] = [
        without
        for schema, name, _, _, without, _ in reader.execute(f"PRAGMA table_list({table})")
        if (schema, name) == ("main", table)
    ]
    return [primary[place] for place in sorted(primary)] if without_rowid else ["rowid"]


def _timed(
    inserted: Inserted, writer: sqlite3.Connection, statement: str, rows: list[tuple[object, ...]]
) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    if rows:
        writer.executemany(statement, rows)
    else:
        writer.execute(statement)
    inserted.cpu += time.process_time() - cpu
    inserted.wall += time.perf_counter() - wall


def _written_tables(store: Path) -> list[str]:
    with closing(sqlite3.connect(store)) as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid"
        names = [name for (name,) in connection.execute(query)]
    return [name for name in names if not name.startswith(("sqlite_", "alembic_"))]


def main() -> None:
    """The command."""
    new, after, *rest = map(Path, sys.argv[1:])
    before = rest[0] if rest else None
    chosen = {RECORDS: tuple(RECORD_TABLE_NAMES.values()), EVERYTHING: _written_tables(after)}
    found = {what: insert(new, after, before, tables) for what, tables in chosen.items()}
    print(json.dumps({what: asdict(inserted) for what, inserted in found.items()}))


if __name__ == "__main__":
    main()
