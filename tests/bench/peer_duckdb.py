"""DuckDB as a peer: a district's files stored as tables, and another day's files against them.

    python -m bench.peer_duckdb load DATABASE FOLDER
    python -m bench.peer_duckdb compare DATABASE FOLDER

``compare`` reads every column of every file as text, joins each file in full with its stored table
on ``sourcedId``, keeps the rows that were added, removed or differ in any field, with all their
fields before and after, and prints how many these are.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

_READ = "read_csv(?, header = true, all_varchar = true, delim = ',', quote = '\"')"


MANIFEST = "manifest.csv"


def files_of(folder: Path) -> list[str]:
    """The files of a set without the manifest, by name."""
    return sorted(file.stem for file in folder.glob("*.csv") if file.name != MANIFEST)


def load(connection: Any, folder: Path) -> dict[str, int]:
    """Store every file as a table; rows by file."""
    rows: dict[str, int] = {}
    for name in files_of(folder):
        file = str(folder / f"{name}.csv")
        connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM {_READ}', [file])
        rows[name] = _number(connection, f'SELECT count(*) FROM "{name}"')
    return rows


def compare(connection: Any, folder: Path) -> dict[str, int]:
    """Keep what differs in tables of its own; rows by file."""
    differing: dict[str, int] = {}
    for name in files_of(folder):
        found = connection.execute(f'SELECT * FROM "{name}" LIMIT 0').description
        columns = [f'"{column[0]}"' for column in found if column[0] != "sourcedId"]
        before = ", ".join(f"o.{column} AS {column}" for column in columns)
        after = ", ".join(f'n.{column} AS {column[:-1]} after"' for column in columns)
        differs = " OR ".join(f"o.{column} IS DISTINCT FROM n.{column}" for column in columns)
        connection.execute(
            f"""
            CREATE TEMP TABLE "{name} differing" AS
            SELECT coalesce(o."sourcedId", n."sourcedId") AS id,
                   CASE WHEN o."sourcedId" IS NULL THEN 'added'
                        WHEN n."sourcedId" IS NULL THEN 'removed' ELSE 'changed' END AS what,
                   {before}, {after}
            FROM "{name}" o FULL JOIN {_READ} n ON o."sourcedId" = n."sourcedId"
            WHERE o."sourcedId" IS NULL OR n."sourcedId" IS NULL OR {differs}
            """,
            [str(folder / f"{name}.csv")],
        )
        differing[name] = _number(connection, f'SELECT count(*) FROM "{name} differing"')
    return differing


def _number(connection: Any, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])


def main() -> None:
    """The command."""
    act, database, folder = sys.argv[1:]
    # Found by name: the types and the tests are checked where DuckDB is not installed.
    duckdb: Any = importlib.import_module("duckdb")
    connection = duckdb.connect(database, read_only=act == "compare", config={"threads": 2})
    does = load if act == "load" else compare
    print(json.dumps(does(connection, Path(folder))))
    connection.close()


if __name__ == "__main__":
    main()
