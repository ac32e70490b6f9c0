"""Taking passwords out of a file that is kept."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from rollbook.owner_only import owner_only_text
from rollbook.sources.oneroster_csv.header import is_secret
from rollbook.sources.oneroster_csv.quoting import Splitter, Unclosed
from rollbook.sources.oneroster_csv.table import is_filled

_DAMAGED = "?"


def blank_passwords(file: Path) -> None:
    """Empty the columns of a file that may hold passwords, line by line as the reader reads it.

    Of a damaged row nobody knows which cell is a password: its first cell stays, where its id is,
    and of the others only that they were there. Changes are put into what is kept, and the reader
    has to find the same rows damaged in it.
    """
    splitter = Splitter()
    with file.open(encoding="utf-8-sig", newline="") as source:
        header = next((_cells(splitter, line)[0] for line in source if is_filled(line)), [])
        secret = {position for position, name in enumerate(header) if is_secret(name)}
        if not secret:
            return
        temporary = file.with_suffix(".tmp")
        with owner_only_text(temporary) as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(header)
            for line in source:
                cells, fault = _cells(splitter, line)
                if fault or len(cells) != len(header):
                    cells = _damaged(cells, len(header))
                writer.writerow("" if i in secret else cell for i, cell in enumerate(cells))
    os.replace(temporary, file)


def _cells(splitter: Splitter, line: str) -> tuple[list[str], str]:
    try:
        return splitter.split(line)
    except Unclosed:
        return [_DAMAGED], "unclosed"


def _damaged(cells: list[str], width: int) -> list[str]:
    """A row that is as damaged: not of the header's width, but as wide as it was if it can be."""
    if not any(cell.strip() for cell in cells):
        return [""] * len(cells)
    return [cells[0], *[_DAMAGED] * (len(cells) - (len(cells) != width))]
