"""Putting what has changed into a normal set that was kept: all else stays on its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from rollbook.roster.findings import Finding
from rollbook.sources.base import Base
from rollbook.sources.normal_form.columns import FILES
from rollbook.sources.normal_form.normal_set import NormalSet, Origin, Touched, origins_of

_BUFFER = 1 << 20

_CELL = re.compile(r'(?:^|,)("(?:[^"]|"")*"|[^,]*)')
"""A cell as a normal set has it, however long: quotes are doubled in it, and it is on one line."""

Placed = tuple[bytes, Origin, int, Finding | None]
"""A line, the place that it came from, its number there, and why it cannot be read, if so."""


def merge(base: Base, came: Path, touched: Mapping[str, Touched], whole: NormalSet) -> bool:
    """Write into ``whole`` the set of ``base``, with what ``came`` in the place of all rows that
    were ``touched``.

    False, and nothing of use written, where the two do not go together: a file or a column is in
    one and not in the other.
    """
    origins = origins_of(came)
    for file in FILES:
        before, changed = base.folder / file, came / file
        if not before.exists():
            if changed.exists():
                return False
            continue
        header = _header(before)
        if changed.exists() and _header(changed) != header:
            return False
        whole.open(file, header)
        about = touched.get(file) or Touched("sourcedId", set())
        at = header.index(about.column)
        new: dict[str, list[Placed]] = {key: [] for key in sorted(about.keys)}
        for number, line in _lines(changed) if changed.exists() else ():
            origin, row = origins.of(file, number) or (0, 0)
            named = whole.origin(origins.names[origin], origins.headers[origin])
            fault = origins.fault(file, number)
            new.setdefault(_key(line, at), []).append((line, named, row, fault))
        kept = whole.origin(f"snapshot {base.snapshot}, {file}")
        for number, line in _lines(before):
            key = _key(line, at) if about.keys else ""
            if key in about.keys:
                _put(whole, file, new.pop(key, []))
            else:
                whole.put(file, line, kept, number)
        for lines in new.values():
            _put(whole, file, lines)
    return True


def _put(whole: NormalSet, file: str, lines: list[Placed]) -> None:
    for line, origin, number, fault in lines:
        whole.put(file, line, origin, number, fault)


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as file:
        return file.readline().rstrip("\n").split(",")


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The rows of a file with the numbers of their lines."""
    with path.open("rb", buffering=_BUFFER) as file:
        file.readline()
        yield from enumerate(file, 2)


def _key(line: bytes, at: int) -> str:
    text = line.decode().rstrip("\n")
    cells = _CELL.findall(text) if '"' in text else text.split(",")
    cell = cells[at] if at < len(cells) else ""
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell
