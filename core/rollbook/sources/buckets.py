"""Rows gathered by their id on disk, so that no more than a small part is in memory at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

import xxhash

from rollbook.owner_only import owner_only

BUCKETS = 128
"""Files that the rows are spread over; one of them at a time is read into memory."""


class Buckets:
    """Takes rows with their ids in any order, and gives them back id by id."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._paths = [folder / f"{name}-{number}" for number in range(BUCKETS)]
        self._streams: dict[int, BinaryIO] = {}

    def add(self, record_id: str, *row: Any) -> None:
        """Put a row, of what JSON knows, to those of its id."""
        number = xxhash.xxh3_64_intdigest(record_id.encode("utf-8", "replace")) % BUCKETS
        stream = self._streams.get(number)
        if stream is None:
            stream = self._streams[number] = owner_only(self._paths[number])
        stream.write(json.dumps([record_id, *row], separators=(",", ":")).encode())
        stream.write(b"\n")

    def groups(self) -> Iterator[tuple[str, list[list[Any]]]]:
        """Every id with its rows, in an order that hangs on the ids alone; rows as they came."""
        for stream in self._streams.values():
            stream.close()
        for number in sorted(self._streams):
            with self._paths[number].open("rb") as stream:
                rows = sorted(map(json.loads, stream), key=lambda row: row[0])
            self._paths[number].unlink()
            for record_id, group in groupby(rows, key=lambda row: row[0]):
                yield record_id, [row[1:] for row in group]
        self._streams.clear()

    def close(self) -> None:
        """Let go of the files."""
        for stream in self._streams.values():
            stream.close()
