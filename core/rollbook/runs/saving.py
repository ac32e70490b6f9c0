"""The rows of a changeset as the store takes them, one after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from rollbook.changes.columns import GROUPS, KINDS, VERBS, hashes_of
from rollbook.changes.sequence import Changes
from rollbook.directory.changesets import Mark, SavedChange
from rollbook.directory.records import BATCH, departed_versions, is_new
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

_AT_ONCE = 10_000

# The database takes a plain text sooner than a member of an enumeration.
_KINDS = tuple(kind.value for kind in KINDS)
_VERBS = tuple(verb.value for verb in VERBS)
_GROUPS = tuple(group.value if group else None for group in GROUPS)


def returning(connection: Connection, district: str, changes: Changes) -> dict[int, int]:
    """The positions of additions of records that were here before, each with the version that the
    record left with."""
    columns = changes.columns
    found: dict[int, int] = {}
    for kind in Kind:
        places = columns.places[kind, Verb.ADD]
        # Many come at once where the directory has had none of them: then there is nothing to ask.
        if not len(places) or (len(places) > BATCH and is_new(connection, district, kind)):
            continue
        versions = departed_versions(connection, district, kind, changes.ids(places))
        back = places[np.isin(columns.id[places], hashes_of(versions))]
        for position, record_id in zip(back.tolist(), changes.ids(back), strict=True):
            if record_id in versions:
                found[position] = versions[record_id]
    return found


def saved_rows(
    run: str,
    changes: Changes,
    lanes: NDArray[np.int32],
    versions: Mapping[int, int],
    marks: Iterable[Mark],
) -> Iterator[SavedChange]:
    """A row for each change of a run, with its lane and the fingerprint that it brings.

    An addition of a record that was here before builds on the version that it left with.
    """
    rows = zip(changes.lines(), _each(lanes), marks, strict=True)
    return (
        (
            run,
            seq,
            lane,
            _KINDS[kind],
            _VERBS[verb],
            record_id,
            school,
            _GROUPS[group],
            label,
            before,
            after,
            versions.get(seq, version),
            merged,
            *mark,
        )
        for seq, (
            (kind, verb, record_id, school, group, label, before, after, version, merged),
            lane,
            mark,
        ) in enumerate(rows)
    )


def _each(numbers: NDArray[np.int32]) -> Iterator[int]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield from numbers[start : start + _AT_ONCE].tolist()
