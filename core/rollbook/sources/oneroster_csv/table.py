"""The physical side of a CSV file: bytes to rows of cells, with no damage passed over.

A row of OneRoster is one line, for line breaks inside a field are not allowed. So each line is
split by itself, and a quote that stays open is found on the line where it was opened instead of
swallowing the rows below it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from rollbook.errors import InputRefused
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.encoding import check_width, not_utf8
from rollbook.sources.oneroster_csv.quoting import (
    BAD_QUOTING,
    CELL_LIMIT,
    CELL_TOO_LONG,
    Splitter,
    Unclosed,
)

LINE_LIMIT = 1 << 20
"""Characters that a line may have, its end included."""

Row = tuple[int, list[str], str]
"""Line (1 is the header), cells, and what is wrong with the line: a key of ``DAMAGE``, or ''."""

DAMAGE: dict[str, tuple[str, str]] = {
    "cell-count": (
        "The row has {cells} cells where the header has {width}.",
        "Look for a comma or a quote that the export did not escape, or a row that was cut.",
    ),
    BAD_QUOTING: (
        "A quoted cell goes on after its closing quote.",
        'Have the export double the quotes inside a cell ("").',
    ),
    "nul-character": (
        "The row holds a NUL character.",
        "Have the export write the file anew: it was damaged.",
    ),
    CELL_TOO_LONG: (
        f"A cell is longer than {CELL_LIMIT:,} characters.",
        "Look for what does not belong there.",
    ),
}
"""What can be wrong with a line by itself, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Picked:
    """Some lines of a file as they stand there, with their numbers, and the number of the last
    line of all. Only where no line holds a carriage return but at its end."""

    lines: Iterable[tuple[int, bytes]]
    last: int


_MARK = "\ufeff"
_MOJIBAKE = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201a\u201c-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
"""A letter whose two UTF-8 bytes were taken for two letters of Windows-1252."""


def is_filled(line: str) -> bool:
    """Whether a cell of a line holds anything but blanks. An open quote is something, too."""
    bare = line.strip(", \t\r\n" + _MARK)
    if not bare.startswith('"'):
        return bool(bare)
    try:
        cells, _ = Splitter().split(line.lstrip(_MARK))
    except Unclosed:
        return True
    return any(cell.strip() for cell in cells)


class Table:
    """One CSV file, open from ``with`` on: its ``header``, then its ``rows``.

    ``first`` is the number of the first line with data; ``last``, known after all rows, that of
    the last line.
    """

    def __init__(self, path: Path, findings: Findings) -> None:
        self.path = path
        self.name = path.name
        self.header: list[str] = []
        self._findings = findings
        self._splitter = Splitter()
        self._end = "\n"
        self._number = 0
        self._line = ""
        self.last = 0

    def __enter__(self) -> Table:
        """Open the file and read its header.

        Raises ``InputRefused`` for a file that is empty (``empty-file``), holds only its header
        (``header-only``), or is UTF-16 or UTF-32 (``utf-16``).
        """
        check_width(self.path)
        self._facts = self._size_and_time()
        self._file = self.path.open(encoding="utf-8", newline="")
        try:
            self._read_header()
        except BaseException:
            self._file.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    def rows(self, picked: Picked | None = None) -> Iterator[Row]:
        """Every data row once, or just those ``picked``; blank lines are skipped and counted.

        Raises ``InputRefused``: ``truncated``, ``open-quote``, ``line-break``, ``line-too-long``,
        ``byte-order-mark``, ``not-utf8``, and ``moved`` when the file changed meanwhile.
        """
        width = len(self.header)
        try:
            for number, line in self._all() if picked is None else self._picked(picked):
                fault = ""
                if not line.isascii():
                    line = self._composed(line, number)
                if '"' in line:
                    cells, fault = self._quoted(line, number)
                else:
                    cells = line.rstrip("\r\n").split(",")
                if "\0" in line:
                    fault = "nul-character"
                if len(line) > CELL_LIMIT and self._overlong(line, number, cells):
                    fault = CELL_TOO_LONG
                if not fault and (len(cells) != width or not cells[0]):
                    if not any(cell.strip() for cell in cells):
                        self._findings.note("blank-line", self.name, number)
                        continue
                    if len(cells) != width:
                        self._refuse_if_broken_off(line, number, len(cells))
                        fault = "cell-count"
                yield number, cells, fault
        except UnicodeDecodeError:
            raise not_utf8(self.path) from None
        if self._size_and_time() != self._facts:
            self._refuse(
                "moved",
                "The file changed while it was being read.",
                "Wait until the export has finished writing, then sync again.",
            )

    @property
    def first(self) -> int:
        """The number of the first line with data."""
        return self._number

    def _all(self) -> Iterator[tuple[int, str]]:
        """The lines from the first one with data on, with their numbers."""
        line, number, readline = self._line, self._number, self._file.readline
        while line:
            yield number, line
            line, number = readline(LINE_LIMIT), number + 1
        self.last = number - 1

    def _picked(self, picked: Picked) -> Iterator[tuple[int, str]]:
        self.last = picked.last
        for number, raw in picked.lines:
            yield number, raw.decode()[:LINE_LIMIT]

    def _goes_on(self, number: int) -> bool:
        """Whether anything stands below a line."""
        return number < self.last or bool(self.last == 0 and self._file.readline(1))

    def _read_header(self) -> None:
        """Take in the header and go on to the first line with data."""
        try:
            line = unicodedata.normalize("NFC", self._next_filled().removeprefix(_MARK))
            if not line:
                self._refuse(
                    "empty-file",
                    "The file is empty, not even a header is in it.",
                    "Have the export write it again; mark it absent if there is nothing to send.",
                    1,
                )
            self._end = line[len(line.rstrip("\r\n")) :]
            header_line = self._number
            self.header, fault = self._quoted(line, header_line)
            if fault:
                self._refuse("bad-header", *DAMAGE[fault], header_line)
            self._line = self._next_filled()
        except UnicodeDecodeError:
            raise not_utf8(self.path) from None
        if not self._line:
            self._refuse(
                "header-only",
                "The file has a header and no rows: that is no way to say that all are gone.",
                "Mark the file absent if there is nothing to send; otherwise mend the export.",
                header_line,
            )

    def _next_filled(self) -> str:
        """The next line that holds anything, or '' at the end of the file."""
        while True:
            self._number += 1
            line = self._file.readline(LINE_LIMIT)
            self._overlong(line, self._number, [])
            if not line or is_filled(line):
                return line
            self._findings.note("blank-line", self.name, self._number)

    def _quoted(self, line: str, number: int) -> tuple[list[str], str]:
        """The cells of a line that holds quotes, and its fault. Refuses one that stays open."""
        try:
            return self._splitter.split(line)
        except Unclosed:
            if self._goes_on(number):
                self._refuse(
                    "open-quote",
                    "A quote is opened and not closed on its line: it would swallow the rows "
                    "below, and OneRoster allows no line break inside a cell.",
                    'Double the quotes inside a cell ("") and take line breaks out of cells.',
                    number,
                )
            self._refuse(
                "truncated",
                "The file ends inside a quoted cell: it was cut off, or a quote is not closed.",
                "Transfer the file again, or have the export write it anew.",
                number,
            )

    def _composed(self, line: str, number: int) -> str:
        """The line in Unicode's composed form, after a look for what encodings leave behind."""
        if _MARK in line:
            start = line.lstrip('"')
            if start.startswith(_MARK) or f"{_MARK}{self.header[0]}" in line:
                self._refuse(
                    "byte-order-mark",
                    "A byte order mark stands in the middle of the file: two files were joined.",
                    "Send one file with one header.",
                    number,
                )
        if "\ufffd" in line:
            self._findings.note("replacement-character", self.name, number)
        elif _MOJIBAKE.search(line):
            self._findings.note("mojibake", self.name, number)
        composed = unicodedata.normalize("NFC", line)
        if composed != line:
            self._findings.note("normalised-text", self.name, number)
        return composed

    def _overlong(self, line: str, number: int, cells: list[str]) -> bool:
        """Whether a cell is too long. Refuses a line that is."""
        if len(line) >= LINE_LIMIT and not line.endswith(("\n", "\r")):
            self._refuse(
                "line-too-long",
                f"The line is longer than {LINE_LIMIT:,} characters.",
                "Check that this is a CSV file with line ends.",
                number,
            )
        return any(len(cell) > CELL_LIMIT for cell in cells)

    def _refuse_if_broken_off(self, line: str, number: int, cells: int) -> None:
        """Refuse the short row that a file ends with when it was cut, and a row with another line
        end than the header: the line break belongs to a cell."""
        if cells > len(self.header):
            return
        end = line[len(line.rstrip("\r\n")) :]
        if not end:
            self._refuse(
                "truncated",
                f"The file ends after {cells} of {len(self.header)} cells: it was cut off.",
                "Transfer the file again, or have the export write it anew.",
                number,
            )
        if end != self._end:
            self._refuse(
                "line-break",
                "The row breaks off with another line end than the header has: there is a line "
                "break inside a cell.",
                "Take line breaks out of cells: OneRoster allows none.",
                number,
            )

    def _size_and_time(self) -> tuple[int, int]:
        facts = self.path.stat()
        return facts.st_size, facts.st_mtime_ns

    def _refuse(self, code: str, message: str, remedy: str, line: int | None = None) -> NoReturn:
        raise InputRefused(message, code=code, file=self.name, line=line, remedy=remedy) from None
