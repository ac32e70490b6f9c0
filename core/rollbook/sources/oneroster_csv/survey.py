"""A quick look over a file for whose each line is, before any of it is read.

Ids are told by a hash of their bytes. What is damaged is told as far as it can be: the look
decides only which lines are read together.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import xxhash
from numpy.typing import NDArray

from rollbook.roster.kinds import Kind
from rollbook.sources.oneroster_csv.ids import own_id
from rollbook.sources.oneroster_csv.layouts import AGENT_IDS
from rollbook.sources.oneroster_csv.quoting import Splitter, Unclosed
from rollbook.sources.oneroster_csv.reading import Reading

Ids = NDArray[np.uint64]
Positions = NDArray[np.int64]

NOBODY = 0
"""Stands where it is not known whose a line is."""

_BUFFER = 1 << 20

_BLANKS = b"\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f "
"""What ``str.strip`` takes off of ASCII, as the reader does; ``bytes.strip`` leaves some of it."""

id_hash = xxhash.xxh3_64_intdigest
"""The hash of an id's UTF-8 bytes."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """Of each line of a file, the header among them, the hashes of its own id and of the person
    whom it is about; and pairs of people of whom one names the other."""

    ids: Ids
    people: Ids
    pairs: NDArray[np.uint64]


class OddLines(Exception):
    """A line holds a carriage return but at its end: where it ends depends on who asks."""


def survey_of(reading: Reading) -> Surveyed:
    """Look over the open file of people or of what belongs to them. Raises ``OddLines``."""
    matched, table = reading.matched, reading.table
    at = {column.field: position for position, column in matched.columns}
    person_at = at.get("user_id", matched.id_at)
    names_at = at.get(AGENT_IDS) if reading.layout.kind is Kind.USER else None
    return survey(table.path, table.first - 1, matched.id_at, person_at, names_at)


def survey(path: Path, first: int, id_at: int, person_at: int, names_at: int | None) -> Surveyed:
    """Look over the lines of a file from position ``first`` on (0 is the header).

    The columns are those of the line's own id, of the person, and of people between commas. Raises
    ``OddLines``.
    """
    own, people, pairs = array("Q", bytes(8 * first)), array("Q", bytes(8 * first)), array("Q")
    last = max(id_at, person_at, -1 if names_at is None else names_at)
    add_own, add_person = own.append, people.append
    for cells, odd in _cells(path, first, last):
        if len(cells) <= last:
            add_own(id_hash(cells[id_at].strip(_BLANKS)) if id_at == 0 else NOBODY)
            add_person(NOBODY)
            continue
        record = id_hash(_meant(cells[id_at]) if odd else cells[id_at].strip(_BLANKS))
        add_own(record)
        person = record if person_at == id_at else id_hash(cells[person_at].strip(_BLANKS))
        add_person(person)
        if names_at is not None and cells[names_at]:
            for name in cells[names_at].split(b","):
                pairs.extend((person, id_hash(name.strip(_BLANKS))))
    return Surveyed(
        np.frombuffer(own, np.uint64),
        np.frombuffer(people, np.uint64),
        np.frombuffer(pairs, np.uint64).reshape(-1, 2),
    )


def lines_of(reading: Reading, ids: Iterable[str]) -> Positions:
    """The positions (0 is the header) of the lines of the open file whose own id is one of ``ids``.

    Of lines that end with a line feed and hold no other line end.
    """
    wanted = {one.encode() for one in ids}
    at, first = reading.matched.id_at, reading.table.first - 1
    splitter, found = Splitter(), array("q")
    with reading.table.path.open("rb", buffering=_BUFFER) as file:
        for position, line in enumerate(islice(file, first, None), first):
            if b'"' not in line and line.isascii():
                cells = line.split(b",", at + 1)
                own = cells[at].strip(_BLANKS) if at < len(cells) else b""
            else:
                cells = _odd_cells(splitter, line, at)
                own = _meant(cells[at].strip(_BLANKS)) if at < len(cells) else b""
            if own in wanted:
                found.append(position)
    return np.frombuffer(found, np.int64)


def _cells(path: Path, first: int, last: int) -> Iterator[tuple[list[bytes], bool]]:
    """The cells of every line up to ``last`` at least, and whether it is not of plain letters:
    then outer space is taken off already, of what stands between commas too."""
    splitter = Splitter()
    with path.open("rb", buffering=_BUFFER) as file:
        for position, line in enumerate(file):
            if b"\r" in line and b"\r" in line.removesuffix(b"\n").removesuffix(b"\r"):
                raise OddLines
            if position < first:
                continue
            if b'"' not in line and line.isascii():
                cells = line.split(b",", last + 1)
                cells[-1] = cells[-1].rstrip(b"\r\n")
                yield cells, False
                continue
            yield _odd_cells(splitter, line, last), not line.isascii()


def _odd_cells(splitter: Splitter, line: bytes, last: int) -> list[bytes]:
    """The cells of a line with quotes, or not of plain letters."""
    text = unicodedata.normalize("NFC", line.decode(errors="replace"))
    try:
        found, _ = splitter.split(text)
    except Unclosed:
        found = text.split(",")
    if line.isascii():
        return [cell.encode() for cell in found]
    return [_trimmed(cell).encode() for cell in found[: last + 1]]


def _trimmed(cell: str) -> str:
    """A cell without the space around all that stands between its commas."""
    if "," not in cell:
        return cell.strip()
    return ",".join(part.strip() for part in cell.split(","))


def _meant(cell: bytes) -> bytes:
    """The id in a cell, or the one that is meant where it cannot be used as it stands."""
    text = cell.decode()
    bad = own_id(text)
    return (bad.meant if bad and bad.meant else text).encode()
