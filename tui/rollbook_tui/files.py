"""Files that the console writes itself: short lists and checklists, whole or not at all."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rollbook.errors import RollbookError

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_lines(path: Path, lines: Iterable[str]) -> int:
    """Write lines to a file that only its owner may read; gives how many.

    Raises ``RollbookError`` where the file cannot be written; then nothing is there.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    count = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            for line in lines:
                stream.write(line)
                count += 1
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        remedy = "Choose another place."
        raise RollbookError(f"cannot write {path}: {error.strerror}.", remedy=remedy) from None
    return count


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A header and rows as lines of CSV in which no cell is taken for a formula."""
    line = io.StringIO(newline="")
    writer = csv.writer(line, lineterminator="\n")
    for row in [header, *rows]:
        writer.writerow([_cell(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
