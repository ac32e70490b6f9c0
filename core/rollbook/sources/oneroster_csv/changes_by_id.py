"""The changes of a delta by the ids of their records: in memory, or on disk if there are many."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rollbook.sources.scratch_database import disk_told, scratch_database

AT_ONCE = 50_000
"""Changes of a file that are held in memory."""

_CACHE = 32 << 10
"""Kibibytes of the file that are kept in memory."""

_TABLES = (
    f"PRAGMA cache_size = -{_CACHE}",
    "CREATE TABLE change (line INTEGER PRIMARY KEY, cells TEXT, stamp TEXT)",
    "CREATE TABLE newest (record TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True)
class DeltaRow:
    """One change: its line in the delta, its cells (``None`` where the record is gone), and when
    it was made (ISO 8601, UTC)."""

    line: int
    cells: list[str] | None
    stamp: str


@dataclass(slots=True)
class ChangesById:
    """One change of each record. ``path`` is a file that there may be, until ``close``."""

    path: Path
    _rows: dict[str, DeltaRow] = field(default_factory=dict)
    _taken: bytearray = field(default_factory=bytearray)
    _on_disk: sqlite3.Connection | None = None

    def __bool__(self) -> bool:
        if self._on_disk is None:
            return bool(self._rows)
        return self._on_disk.execute("SELECT 1 FROM change LIMIT 1").fetchone() is not None

    def get(self, record: str) -> DeltaRow | None:
        """The change of a record, if there is one."""
        if self._on_disk is None:
            return self._rows.get(record)
        query = "SELECT line, cells, stamp FROM newest JOIN change USING (line) WHERE record = ?"
        found = self._on_disk.execute(query, (record,)).fetchone()
        return _read(*found) if found else None

    def put(self, record: str, row: DeltaRow, known: DeltaRow | None) -> None:
        """Take a change in, in the place of the one that is ``known`` of the same record."""
        if self._on_disk is None:
            self._rows[record] = row
            if len(self._rows) > AT_ONCE:
                self._on_disk = self._moved_out()
            return
        if known is not None:
            self.drop(record)
        _insert(self._on_disk, record, row)

    def drop(self, record: str) -> None:
        """Forget the change of a record."""
        if self._on_disk is None:
            del self._rows[record]
            return
        line = "(SELECT line FROM newest WHERE record = ?)"
        self._on_disk.execute(f"DELETE FROM change WHERE line = {line}", (record,))
        self._on_disk.execute("DELETE FROM newest WHERE record = ?", (record,))

    def keep_nobody_going(self) -> None:
        """Forget the changes that take records away."""
        if self._on_disk is None:
            self._rows = {i: row for i, row in self._rows.items() if row.cells is not None}
            return
        gone = "line IN (SELECT line FROM change WHERE cells IS NULL)"
        self._on_disk.execute(f"DELETE FROM newest WHERE {gone}")
        self._on_disk.execute("DELETE FROM change WHERE cells IS NULL")

    def take(self, row: DeltaRow) -> bool:
        """Whether a change is taken for the first time."""
        if row.line >= len(self._taken):
            self._taken.extend(bytes(row.line + 1))
        first = not self._taken[row.line]
        self._taken[row.line] = 1
        return first

    def left(self) -> Iterator[DeltaRow]:
        """The changes that have not been taken, in the order of their lines."""
        if self._on_disk is None:
            rows = iter(sorted(self._rows.values(), key=lambda row: row.line))
        else:
            query = "SELECT line, cells, stamp FROM change ORDER BY line"
            rows = (_read(*found) for found in self._on_disk.execute(query))
        yield from (row for row in rows if self.take(row))

    def close(self) -> None:
        """Let go of them all."""
        self._rows.clear()
        if self._on_disk is not None:
            self._on_disk.close()
            self.path.unlink()

    def _moved_out(self) -> sqlite3.Connection:
        """A file with all that was held in memory."""
        database = scratch_database(self.path, *_TABLES)
        for record, row in self._rows.items():
            _insert(database, record, row)
        self._rows.clear()
        return database


@contextmanager
def changes_at(path: Path) -> Iterator[ChangesById]:
    """Changes by id that are let go of in the end. Raises ``OSError`` where a disk fails."""
    with disk_told(), closing(ChangesById(path)) as changes:
        yield changes


def _insert(database: sqlite3.Connection, record: str, row: DeltaRow) -> None:
    cells = None if row.cells is None else json.dumps(row.cells)
    database.execute("INSERT INTO change VALUES (?, ?, ?)", (row.line, cells, row.stamp))
    database.execute("INSERT INTO newest VALUES (?, ?)", (record, row.line))


def _read(line: int, cells: str | None, stamp: str) -> DeltaRow:
    return DeltaRow(line, None if cells is None else json.loads(cells), stamp)
