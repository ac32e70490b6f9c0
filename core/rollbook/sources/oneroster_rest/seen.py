"""Which rows of a list have come, in eight bytes a row."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence

import xxhash

from rollbook.sources.json_cells import Object, text

_encoded = json.JSONEncoder(sort_keys=True).encode


def digests_of(rows: Sequence[Object]) -> list[int]:
    """A digest of all that each object says, whatever the order of its fields."""
    return [xxhash.xxh3_64_intdigest(_encoded(one).encode()) for one in rows]


class Seen:
    """Digests of the ids that came. A row without one is not looked for."""

    def __init__(self) -> None:
        self.rows = 0
        self._ids = array("Q")
        self._pages: set[int] = set()
        self.is_repeated = False

    def add(self, rows: Sequence[Object]) -> None:
        """Note a page; ``is_repeated`` tells whether one of the same ids came before."""
        digest = xxhash.xxh3_64_intdigest
        ids = array("Q")
        for one in rows:
            if name := text(one.get("sourcedId")):
                ids.append(digest(name.encode("utf-8", "surrogatepass")))
        page = digest(ids.tobytes())
        self.is_repeated = bool(ids) and page in self._pages
        self._pages.add(page)
        self._ids.extend(ids)
        self.rows += len(rows)

    def repeated_ids(self) -> int:
        """How many rows have an id that came before."""
        import numpy as np

        ids = np.frombuffer(self._ids, dtype=np.uint64)
        return len(ids) - len(np.unique(ids))
