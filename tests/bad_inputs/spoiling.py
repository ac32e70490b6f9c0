"""Ways to spoil a written set."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

from bad_inputs.corpus import Spoil


def raw(change: Callable[[bytes], bytes], file: str = "users") -> Spoil:
    """Change the bytes of a file."""

    def spoil(folder: Path) -> None:
        path = folder / f"{file}.csv"
        path.write_bytes(change(path.read_bytes()))

    return spoil


def text(change: Callable[[str], str], file: str = "users") -> Spoil:
    """Change the text of a file."""
    return raw(lambda content: change(content.decode()).encode(), file)


def line(record: str, change: Callable[[str], str], file: str = "users") -> Spoil:
    """Change the line of a record, its line end left out."""

    def changed(content: str) -> str:
        lines = content.split("\r\n")
        at = lines.index(next(one for one in lines if one.split(",")[0] == record))
        lines[at] = change(lines[at])
        return "\r\n".join(lines)

    return text(changed, file)


def cell(record: str, header: str, value: str, file: str = "users") -> Spoil:
    """Change one cell; the file is written anew as before."""

    def changed(rows: list[list[str]]) -> None:
        row = next(row for row in rows if row[0] == record)
        row[rows[0].index(header)] = value

    return table(changed, file)


def header(name: str, other: str, file: str = "users") -> Spoil:
    """Call a column something else."""

    def changed(rows: list[list[str]]) -> None:
        rows[0][rows[0].index(name)] = other

    return table(changed, file)


def table(change: Callable[[list[list[str]]], object], file: str = "users") -> Spoil:
    """Change the rows of a file in place, the header being the first."""

    def changed(content: str) -> str:
        rows = list(csv.reader(io.StringIO(content, newline="")))
        change(rows)
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
        return out.getvalue()

    return text(changed, file)


def both(*spoils: Spoil) -> Spoil:
    """One after the other."""

    def spoil(folder: Path) -> None:
        for one in spoils:
            one(folder)

    return spoil


def line_of(folder: Path, record: str, file: str) -> int:
    """The line on which a record stands; the header is line 1."""
    lines = (folder / file).read_bytes().decode().split("\r\n")
    return 1 + next(at for at, one in enumerate(lines) if one.split(",")[0] == record)
