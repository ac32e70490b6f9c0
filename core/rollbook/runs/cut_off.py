"""R9: a set of which the end of a file is missing, as an upload leaves it that broke off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rollbook.changes.columns import Columns, Hashes, hashes_of
from rollbook.changes.positions import Places
from rollbook.changes.sequence import Changes
from rollbook.roster.changes import Verb
from rollbook.roster.kind_words import PLURALS
from rollbook.roster.kinds import SHAPES, Kind
from rollbook.snapshots.cut_off import FEWEST, Ends, ids_from_the_end, lost_end
from rollbook.snapshots.stage import KEPT_ORIGINS

if TYPE_CHECKING:
    from rollbook.sources.normal_form import Origins

_FILES = {
    Kind.CLASS: "classes.csv",
    Kind.USER: "users.csv",
    Kind.ENROLLMENT: "enrollments.csv",
}
"""Files whose rows have the ids of their records."""

_OWNERS = 2
"""What belongs to fewer people, or classes, may just have ended."""


def why_cut_off(
    changes: Changes,
    older: Path,
    newer: Path,
    origins: Origins | None = None,
    *,
    but: Set[Kind] = frozenset(),
) -> str:
    """Why the files of a set look cut off beside those of the one before, in words; else empty.

    ``older`` and ``newer`` are folders of OneRoster sets; the older one need not be there any more.
    Of sets that were made of a source's own files ``origins`` are the newer one's: it is these
    files that are cut off. Of the kinds in ``but`` changes came, which name what is gone.
    """
    columns = changes.columns
    for kind, name in _FILES.items():
        places = columns.places[kind, Verb.REMOVE]
        if kind in but or len(places) < FEWEST:
            continue
        gone = _Gone(columns.id[places])
        for ends in _ends(older, newer, origins, name, len(places)):
            lost = lost_end(ends.older, ends.newer, gone.all_of, len(places))
            if lost and _of_many(columns, kind, places[np.isin(gone.ids, hashes_of(lost))]):
                return (
                    f"The last {len(lost):,} {PLURALS[kind]} of {ends.source} of the set before "
                    "are missing, and this one ends where they began: it may have been cut off."
                )
    return ""


def _ends(
    older: Path, newer: Path, origins: Origins | None, name: str, missing: int
) -> Iterator[Ends]:
    before, now = (_named(folder, name) for folder in (older, newer))
    if before is None or now is None:
        return
    if origins is None or not (older / KEPT_ORIGINS).is_dir():
        yield Ends(name, ids_from_the_end(before), ids_from_the_end(now))
        return
    # Only where files are translated is what translates them there already.
    from rollbook.snapshots.source_order import ends_of
    from rollbook.sources.normal_form import Origins

    then = Origins.load(older / KEPT_ORIGINS)
    yield from ends_of((before, then), (now, origins), missing)


def _named(folder: Path, name: str) -> Path | None:
    if not folder.is_dir():
        return None
    return next((file for file in folder.iterdir() if file.name.casefold() == name), None)


class _Gone:
    """Ids that are gone, hashed; they are sorted once anybody asks."""

    def __init__(self, ids: Hashes) -> None:
        self.ids = ids

    @cached_property
    def _sorted(self) -> Hashes:
        return np.sort(self.ids)

    def all_of(self, records: Sequence[str]) -> bool:
        """Whether all of some records are among them."""
        wanted = hashes_of(records)
        at = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        return bool((self._sorted[at] == wanted).all())


def _of_many(columns: Columns, kind: Kind, lost: Places) -> bool:
    """Whether enough is lost of which the owners stay, and several of each kind."""
    owners = [
        (columns.slots[slot], reference.kind)
        for slot, reference in enumerate(SHAPES[kind].references)
        if reference.owner
    ]
    for slot, of in owners:
        lost = lost[~np.isin(slot[lost], columns.id[columns.places[of, Verb.REMOVE]])]
    if len(lost) < FEWEST:
        return False
    return all(len(np.unique(slot[lost])) >= _OWNERS for slot, of in owners if of is not Kind.ORG)
