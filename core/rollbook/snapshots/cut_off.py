"""A file that was cut off after a whole row: nothing in it is wrong, only its end is missing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

FEWEST = 10
"""Rows at the end of a file that must be missing: the last family or student may just have left."""

SHARE = 0.8
"""The share of all that is missing from a file that its end must be: people leave from anywhere."""

LOOKED_AT = 20
"""Rows at the end of the newer file, one of which at least was in the older one as well."""

_PIECE = 1 << 16

_MOST = 5_000
"""Rows that are looked at together, once it takes long."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The ids of the rows of a file in two sets, the last row's first. ``source`` is its name."""

    source: str
    older: Iterable[str]
    newer: Iterable[str]


def lost_end(
    older: Iterable[str],
    newer: Iterable[str],
    are_gone: Callable[[Sequence[str]], bool],
    missing: int,
) -> list[str]:
    """The ids of the last rows of an older set's file, where the newer one ends before them.

    ``older`` and ``newer`` are the ids of the two files' rows, the last row's first; of both no
    more is taken than it needs. ``missing`` ids of the file are not there any more, and
    ``are_gone`` knows of some rows whether all of them are among these. Empty where they are not,
    nearly all of them, the last rows of the older file.
    """
    if missing < FEWEST:
        return []
    last = set(islice(newer, LOOKED_AT))
    lost: list[str] = []
    rows = iter(older)
    while portion := list(islice(rows, min(_MOST, LOOKED_AT + len(lost)))):
        stays = None if last.isdisjoint(portion) else next(filter(last.__contains__, portion))
        ended = portion if stays is None else portion[: portion.index(stays)]
        if not are_gone(ended):
            return []
        lost += ended
        if stays is not None:
            return lost if len(lost) >= max(FEWEST, SHARE * missing) else []
    return []


def ids_from_the_end(file: Path) -> Iterator[str]:
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
            yield from (first_cell(line) for line in reversed(lines) if line)


def first_cell(line: bytes) -> str:
    """The first cell of a row: an id, in which no comma is."""
    return line.split(b",", 1)[0].strip(b' "').decode(errors="replace")
