"""Cutting a district into slices of people with all that belongs to them.

People who are linked as student and guardian, or taken as one, are in one slice, with their roles,
enrollments and demographics, those that are sent and those that the directory holds. So a slice
can be compared by itself, in memory, however large the district.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rollbook.changes.resolve import Merge
from rollbook.directory.whose import Held
from rollbook.roster.kinds import Kind
from rollbook.sources.oneroster_csv.survey import NOBODY, Surveyed, id_hash

Numbers = NDArray[np.int64]

OF_PEOPLE = (Kind.USER, Kind.ROLE, Kind.ENROLLMENT, Kind.GUARDIAN, Kind.DEMOGRAPHICS)
"""The kinds that are cut into slices; all of them refer to people."""

SLICE_ROWS = 150_000
"""Rows that a slice is to have, those of the snapshot and of the directory together."""

MOST = 400
"""Slices at most: each is a file while the snapshot is cut."""


@dataclass(frozen=True, slots=True)
class Slices:
    """The slice of every line by kind of file, and of every row of the directory by kind."""

    number: int
    lines: Mapping[Kind, NDArray[np.uint16]]
    rows: Mapping[Kind, NDArray[np.uint16]]


def cut(
    surveyed: Mapping[Kind, Surveyed],
    held: Mapping[Kind, Held],
    merges: Sequence[Merge],
) -> Slices:
    """Cut a district whose files were surveyed and whose directory holds ``held``."""
    sides: dict[Kind, list[Surveyed | Held]] = {
        kind: [side for side in (surveyed.get(kind), held.get(kind)) if side is not None]
        for kind in OF_PEOPLE
    }
    pairs = [side.pairs for both in sides.values() for side in both]
    pairs += [_same_id(both) for both in sides.values()]
    pairs.append(np.array([_hashes(m) for m in merges], np.uint64).reshape(-1, 2))
    linked = np.concatenate(pairs)
    people = _each_once(
        np.concatenate([linked.ravel(), *(s.people for both in sides.values() for s in both)])
    )
    families = _components(len(people), *(_where(people, linked[:, i]) for i in (0, 1)))
    whose = {kind: [_where(people, side.people) for side in both] for kind, both in sides.items()}
    load = np.zeros(len(people), np.int64)
    for found in whose.values():
        for side in found:
            load += np.bincount(families[side], minlength=len(people))
    total = int(load.sum())
    size = max(SLICE_ROWS, -(-total // MOST))
    roots = np.flatnonzero(load)
    used, packed = np.unique(((np.cumsum(load) - load) // size)[roots], return_inverse=True)
    numbers = np.zeros(len(people), np.uint16)
    numbers[roots] = packed
    placed: dict[Kind, list[NDArray[np.uint16]]] = {
        kind: _placed(both, [numbers[families[one]] for one in whose[kind]])
        for kind, both in sides.items()
    }
    return Slices(
        max(1, len(used)),
        {kind: placed[kind][0] for kind in surveyed},
        {kind: placed[kind][-1] for kind in held},
    )


def _each_once(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hashes in order, each once; of millions numpy's ``unique`` takes twenty times as long."""
    ordered = np.sort(hashes)
    once = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=once[1:])
    return ordered[once]


def _where(known: NDArray[np.uint64], wanted: NDArray[np.uint64]) -> Numbers:
    """Where hashes stand among those that are known; looked for in order, which a core likes."""
    order = np.argsort(wanted)
    found = np.empty(len(wanted), np.int64)
    found[order] = np.searchsorted(known, wanted[order])
    return found


def _hashes(merge: Merge) -> tuple[int, int]:
    return id_hash(merge.keep.encode()), id_hash(merge.lose.encode())


def _same_id(sides: Sequence[Surveyed | Held]) -> NDArray[np.uint64]:
    """Pairs of people of whom records with one and the same id are."""
    ids = np.concatenate([np.empty(0, np.uint64), *(side.ids for side in sides)])
    people = np.concatenate([np.empty(0, np.uint64), *(side.people for side in sides)])
    known = people != NOBODY
    ids, people = ids[known], people[known]
    order = np.argsort(ids)
    ids, people = ids[order], people[order]
    same = (ids[1:] == ids[:-1]) & (people[1:] != people[:-1])
    return np.stack([people[1:][same], people[:-1][same]], axis=1)


def _placed(
    sides: Sequence[Surveyed | Held], found: Sequence[NDArray[np.uint16]]
) -> list[NDArray[np.uint16]]:
    """The slices of records; those of nobody go to where one of the same id is, else anywhere."""
    if not any((side.people == NOBODY).any() for side in sides):
        return list(found)
    ids = np.concatenate([side.ids for side in sides])
    people = np.concatenate([side.people for side in sides])
    slices = np.concatenate(found)
    lost = np.flatnonzero(people == NOBODY)
    slices[lost] = 0
    lost = lost[ids[lost] != NOBODY]
    known = np.flatnonzero(people != NOBODY)
    if len(lost) and len(known):
        order = known[np.argsort(ids[known], kind="stable")]
        at = np.minimum(np.searchsorted(ids[order], ids[lost]), len(order) - 1)
        same = ids[order][at] == ids[lost]
        slices[lost[same]] = slices[order[at[same]]]
    return np.split(slices, np.cumsum([len(side.ids) for side in sides])[:-1])


def _components(number: int, one: Numbers, other: Numbers) -> Numbers:
    """The connected components of a graph: of each node the lowest node that it hangs together
    with. Each round joins the trees of neighbours and flattens them."""
    lowest = np.arange(number)
    while True:
        roots, others = lowest[one], lowest[other]
        apart = roots != others
        if not apart.any():
            return lowest
        roots, others = roots[apart], others[apart]
        np.minimum.at(lowest, np.maximum(roots, others), np.minimum(roots, others))
        while True:
            flat = lowest[lowest]
            if np.array_equal(flat, lowest):
                break
            lowest = flat
