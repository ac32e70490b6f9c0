"""A file that was cut off after a whole row: nothing in it is wrong, only its end is missing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

FEWEST = 10
"""Rows at the end of a file that must be missing: the last family or student may just have left."""

SHARE = 0.8
"""The share of all that is missing from a file that its end must be: people leave from anywhere."""

_LOOKED_AT = 20
"""Rows at the end of the newer file, one of which at least was in the older one as well."""

_PIECE = 1 << 16


def lost_end(older: Path, newer: Path, is_gone: Callable[[str], bool], missing: int) -> list[str]:
    """The ids of the last rows of an older set's file, where the newer one ends before them.

    ``missing`` are the ids of the file that are not there any more, and ``is_gone`` knows them.
    Empty where they are not, nearly all of them, the last rows of the older file. Rows begin with
    their ids. Reads no more of the files than their ends, by the number of the missing.
    """
    if missing < FEWEST:
        return []
    last = set(islice(_ids_from_the_end(newer), _LOOKED_AT))
    lost: list[str] = []
    for row in _ids_from_the_end(older):
        if row in last:
            break
        if not is_gone(row):
            return []
        lost.append(row)
    else:
        return []
    return lost if len(lost) >= max(FEWEST, SHARE * missing) else []


def _ids_from_the_end(file: Path) -> Iterator[str]:
    """The first cells of a file's rows, the last row's first. What is left over is the header."""
    with file.open("rb") as stream:
        position = stream.seek(0, os.SEEK_END)
        rest = b""
        while position:
            size = min(_PIECE, position)
            position -= size
            stream.seek(position)
            lines = (stream.read(size) + rest).splitlines()
            rest = lines.pop(0) if lines else b""
            yield from (_first_cell(line) for line in reversed(lines) if line)


def _first_cell(line: bytes) -> str:
    return line.split(b",", 1)[0].strip(b' "').decode(errors="replace")
