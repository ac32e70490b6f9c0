"""Split one line of CSV into cells, strictly (RFC 4180)."""

from __future__ import annotations

import csv
from collections.abc import Iterator

BAD_QUOTING = "bad-quoting"
CELL_TOO_LONG = "cell-too-long"

CELL_LIMIT = 131_072
"""Characters that a cell may have: what Python's ``csv`` takes."""


class Unclosed(Exception):
    """A quote was opened on the line and not closed there."""


class _OneLine:
    """Gives ``csv.reader`` one line, and notices when it asks for another."""

    line: str | None = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line, self.line = self.line, None
        if line is None:
            raise Unclosed
        return line


class Splitter:
    """Splits lines that may hold quotes."""

    def __init__(self) -> None:
        self._one = _OneLine()
        self._reader = csv.reader(self._one, strict=True)

    def split(self, line: str) -> tuple[list[str], str]:
        """The cells of a line, and '' or what is wrong with it; then only the first cell is told,
        and as many empty ones as there are commas. Raises ``Unclosed``."""
        self._one.line = line
        try:
            return next(self._reader), ""
        except csv.Error:
            first = line.split(",", 1)[0].rstrip("\r\n")
            if len(first) > 1 and first[0] == first[-1] == '"':
                first = first[1:-1]
            fault = CELL_TOO_LONG if len(line) > CELL_LIMIT else BAD_QUOTING
            return [first, *[""] * line.count(",")], fault
