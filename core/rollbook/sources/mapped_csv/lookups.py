"""Values of other files by a key, kept on disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path

from rollbook.sources.mapped_csv.cell_spec import Lookup
from rollbook.sources.scratch_database import disk_told, scratch_database

_AT_ONCE = 1 << 16
"""Keys whose value is kept in memory."""

_TABLES = (
    "CREATE TABLE found (lookup INTEGER, key TEXT, value TEXT, "
    "PRIMARY KEY (lookup, key)) WITHOUT ROWID",
)


class Lookups:
    """Tables of keys and values in one file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._database = scratch_database(path, *_TABLES)
        self._numbers: dict[Lookup, int] = {}

    def begin(self, lookup: Lookup) -> Callable[[str, str], None]:
        """A new table; what is put into it first under a key stays."""
        number = self._numbers.setdefault(lookup, len(self._numbers))
        insert = "INSERT OR IGNORE INTO found VALUES (?, ?, ?)"

        def put(key: str, value: str) -> None:
            self._database.execute(insert, (number, key, value))

        return put

    def find(self, lookup: Lookup) -> Callable[[str], str]:
        """What a key stands for; blank for one that is not there."""
        number, database = self._numbers[lookup], self._database

        @lru_cache(maxsize=_AT_ONCE)
        def found(key: str) -> str:
            query = "SELECT value FROM found WHERE lookup = ? AND key = ?"
            row = database.execute(query, (number, key)).fetchone()
            return str(row[0]) if row else ""

        return found

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


@contextmanager
def lookups_at(path: Path) -> Iterator[Lookups]:
    """Tables in a file that is let go of in the end. Raises ``OSError`` where a disk fails."""
    with disk_told(), closing(Lookups(path)) as lookups:
        yield lookups
