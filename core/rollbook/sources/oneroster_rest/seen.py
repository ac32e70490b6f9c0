"""Which rows of a list have come, in sixteen bytes a row."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence

import xxhash

from rollbook.sources.json_cells import Object, text


def digest_of(one: Object) -> int:
    """A digest of all that an object says, whatever the order of its fields."""
    return xxhash.xxh3_64_intdigest(json.dumps(one, sort_keys=True).encode())


class Seen:
    """Digests of the ids and of the contents of the rows that came, in their order."""

    def __init__(self) -> None:
        self._ids = array("Q")
        self._contents = array("Q")
        self._pages: set[int] = set()
        self.is_repeated = False

    def add(self, rows: Sequence[Object]) -> int:
        """Note a page; returns how many rows there are now."""
        whole = xxhash.xxh3_64()
        for one in rows:
            name = text(one.get("sourcedId")).encode("utf-8", "replace")
            digest = digest_of(one)
            whole.update(digest.to_bytes(8, "little"))
            self._ids.append(xxhash.xxh3_64_intdigest(name) if name else digest)
            self._contents.append(digest)
        page = whole.intdigest()
        self.is_repeated = page in self._pages
        self._pages.add(page)
        return len(self._ids)

    def repeated_ids(self) -> tuple[int, int]:
        """How many rows have an id that came before, and how many of them say something else."""
        import numpy as np

        ids = np.frombuffer(self._ids, dtype=np.uint64)
        contents = np.frombuffer(self._contents, dtype=np.uint64)
        order = np.lexsort((contents, ids))
        same = ids[order][1:] == ids[order][:-1]
        differ = contents[order][1:] != contents[order][:-1]
        return int(same.sum()), int((same & differ).sum())
