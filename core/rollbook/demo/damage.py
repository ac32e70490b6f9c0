"""Written sets with something wrong in them, as they arrive from the field."""

from __future__ import annotations

import csv
import io
from pathlib import Path


def cut_in_half(folder: Path, file: str = "users.csv") -> Path:
    """Cut a file off in the middle of a row, as an upload that broke off leaves it."""
    path = folder / file
    content = path.read_bytes()
    start = content.rindex(b"\n", 0, len(content) // 2) + 1
    path.write_bytes(content[: start + (content.index(b"\n", start) - start) // 2])
    return path


def header_only(folder: Path, file: str = "users.csv") -> Path:
    """Leave the header and no rows."""
    path = folder / file
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"\n") + 1])
    return path


def empty(folder: Path, file: str = "users.csv") -> Path:
    """Leave a file of no bytes."""
    path = folder / file
    path.write_bytes(b"")
    return path


def wrong_delimiter(folder: Path, file: str = "users.csv", delimiter: str = ";") -> Path:
    """Write the file again with another delimiter, as a spreadsheet of another country does."""
    path = folder / file
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode())
    return path


def misspell_header(
    folder: Path, file: str = "users.csv", header: str = "sourcedId", wrong: str = "sourceId"
) -> Path:
    """Spell one header wrong. Raises ``ValueError`` when the file has no such header."""
    path = folder / file
    first, rest = path.read_bytes().split(b"\r\n", 1)
    headers = first.decode().split(",")
    headers[headers.index(header)] = wrong
    path.write_bytes(",".join(headers).encode() + b"\r\n" + rest)
    return path


def blank_cell(folder: Path, row: int, file: str = "users.csv", header: str = "role") -> Path:
    """Blank one cell; ``row`` counts the rows from 1, without the header.

    Raises ``ValueError`` when the file has no such header.
    """
    path = folder / file
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    rows[row][rows[0].index(header)] = ""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode())
    return path
