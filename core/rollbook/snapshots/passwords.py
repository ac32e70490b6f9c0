"""Taking passwords out of a file that is kept."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from rollbook.owner_only import owner_only_text
from rollbook.sources.oneroster_csv.header import is_secret
from rollbook.sources.oneroster_csv.table import is_filled


def blank_passwords(file: Path) -> None:
    """Empty the columns of a file that may hold passwords, line by line as the reader reads it."""
    with file.open(encoding="utf-8-sig", newline="") as source:
        header = next((_cells(line) for line in source if is_filled(line)), [])
        secret = {position for position, name in enumerate(header) if is_secret(name)}
        if not secret:
            return
        temporary = file.with_suffix(".tmp")
        with owner_only_text(temporary) as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(header)
            for line in source:
                cells = _cells(line)
                if len(cells) != len(header):
                    cells = cells[:1]
                writer.writerow("" if i in secret else cell for i, cell in enumerate(cells))
    os.replace(temporary, file)


def _cells(line: str) -> list[str]:
    """The cells of a line; none of one that cannot be taken apart."""
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []
