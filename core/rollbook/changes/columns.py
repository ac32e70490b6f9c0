"""What the rules want to know of each change, as columns: fifty bytes a change.

Ids are hashed (xxh3, 64 bits): two records of one kind are taken for the same where the hashes of
their ids are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from rollbook.changes.positions import Mask, Places
from rollbook.changes.shapes import Shape, Trait
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import KIND_ORDER, SHAPES, Kind, RoleGroup

KINDS, VERBS = tuple(Kind), tuple(Verb)
GROUPS: tuple[RoleGroup | None, ...] = (None, *RoleGroup)

VERB_CODES = {verb: code for code, verb in enumerate(VERBS)}
GROUP_CODES = {group: code for code, group in enumerate(GROUPS)}

Hashes = NDArray[np.uint64]

Cell = tuple[Kind, Verb, str | None, RoleGroup | None]
"""Kind, verb, school and role group: what changes are counted by."""


def hash_of(record_id: str) -> int:
    """The hash of an id."""
    return xxh3_64_intdigest(record_id.encode())


def hashes_of(ids: Iterable[str]) -> Hashes:
    """The hashes of some ids."""
    return np.fromiter(map(hash_of, ids), np.uint64)


@dataclass(frozen=True, slots=True)
class Named:
    """Ids that have no column of their own: at which changes, of what kind, and which."""

    places: Places
    kinds: NDArray[np.uint8]
    hashes: Hashes


@dataclass(frozen=True)
class Columns:
    """For each change, by position: the number of its shape and its school, its role group, its
    traits, its id, and its references, slot by slot.

    A slot holds what the record refers to by the reference of that place in its kind's shape, as
    the change leaves it (a removal: as it is before); 0 where there is none. The last slot of a
    role is the person of whom its id speaks. ``more`` are references out of lists, ``given_up``
    the owners that updates turn away from, ``folded`` the ids in small letters, where they have
    others.
    """

    shapes: tuple[Shape, ...]
    schools: tuple[str | None, ...]
    shape: NDArray[np.int32]
    school: NDArray[np.int32]
    group: NDArray[np.uint8]
    traits: NDArray[np.uint8]
    id: Hashes
    slots: tuple[Hashes, Hashes, Hashes]
    more: Named
    given_up: Named
    folded: Named

    def __len__(self) -> int:
        return len(self.shape)

    @cached_property
    def kind(self) -> NDArray[np.uint8]:
        """The place of each change's kind among the kinds."""
        codes = [KIND_ORDER[shape.kind] for shape in self.shapes]
        return np.array(codes, np.uint8)[self.shape]

    @cached_property
    def verb(self) -> NDArray[np.uint8]:
        """The place of each change's verb among the verbs."""
        codes = [VERB_CODES[shape.verb] for shape in self.shapes]
        return np.array(codes, np.uint8)[self.shape]

    def of(self, kind: Kind | None = None, verb: Verb | None = None) -> Mask:
        """The changes of a kind, of a verb, or of both."""
        found = np.ones(len(self), np.bool_)
        if kind is not None:
            found &= self.kind == KIND_ORDER[kind]
        if verb is not None:
            found &= self.verb == VERB_CODES[verb]
        return found

    def has(self, trait: int) -> Mask:
        """The changes with one of some traits."""
        found: Mask = (self.traits & trait) != 0
        return found

    @cached_property
    def takes_away(self) -> Mask:
        """The changes that remove a record, disable a person or un-enroll one."""
        return self.of(verb=Verb.REMOVE) | self.has(Trait.DISABLES | Trait.UNENROLLS)

    def shaped(self, wanted: Iterable[bool]) -> Mask:
        """The changes whose shapes, in their order, are wanted."""
        return np.array([*wanted, False], np.bool_)[self.shape]

    @cached_property
    def places(self) -> dict[tuple[Kind, Verb], Places]:
        """Where the changes of each kind and verb stand."""
        codes = self.kind * np.uint8(len(VERBS)) + self.verb
        order = np.argsort(codes, kind="stable").astype(np.int32)
        both = [(kind, verb) for kind in KINDS for verb in VERBS]
        ends = np.cumsum(np.bincount(codes, minlength=len(both))).tolist()
        starts = [0, *ends]
        return {one: order[start:end] for one, start, end in zip(both, starts, ends, strict=False)}

    def small_ids(self, places: Places) -> Hashes:
        """The ids of some changes in small letters."""
        found = self.id[places]
        if len(places) and len(self.folded.places):
            at = np.searchsorted(places, self.folded.places).clip(max=len(places) - 1)
            here = places[at] == self.folded.places
            found[at[here]] = self.folded.hashes[here]
        return found

    def cells(self, places: Places | None = None) -> dict[Cell, int]:
        """How many changes, all or some, there are of each kind, verb, school and role group."""
        codes, number = self.codes(places), len(self.schools)
        found, counts = _counted(codes, len(KINDS) * len(VERBS) * number * len(GROUPS))
        cells: dict[Cell, int] = {}
        for code, count in zip(found.tolist(), counts.tolist(), strict=True):
            rest, group = divmod(code, len(GROUPS))
            rest, school = divmod(rest, number)
            kind, verb = divmod(rest, len(VERBS))
            cells[KINDS[kind], VERBS[verb], self.schools[school], GROUPS[group]] = count
        return cells

    def codes(self, places: Places | None = None) -> NDArray[np.int64]:
        """One number for kind, verb, school and role group."""
        at = slice(None) if places is None else places
        codes = self.kind[at].astype(np.int64)
        codes *= len(VERBS)
        codes += self.verb[at]
        codes *= len(self.schools)
        codes += self.school[at]
        codes *= len(GROUPS)
        codes += self.group[at]
        return codes

    def by_scope(self, places: Places) -> dict[tuple[Kind, str | None, RoleGroup | None], Places]:
        """Some changes by every scope in which they count: kind, school and role group, where
        ``None`` stands for all schools, or all groups, together."""
        found: dict[tuple[Kind, str | None, RoleGroup | None], Places] = {}
        kinds = self.kind[places]
        for code in np.unique(kinds).tolist():
            here = places[kinds == code]
            schools = self.school[here]
            groups = self.group[here]
            found[KINDS[code], None, None] = here
            for school, some in _chunks(schools, here, schools > 0):
                found[KINDS[code], self.schools[school], None] = some
            for group, some in _chunks(groups.astype(np.int32), here, groups > 0):
                found[KINDS[code], None, GROUPS[group]] = some
            both = (schools > 0) & (groups > 0)
            schools *= len(GROUPS)
            schools += groups
            for at, some in _chunks(schools, here, both):
                school, group = divmod(at, len(GROUPS))
                found[KINDS[code], self.schools[school], GROUPS[group]] = some
        return found


def _chunks(codes: NDArray[np.int32], places: Places, meant: Mask) -> Iterator[tuple[int, Places]]:
    """The places of each code, in order, as far as they are meant."""
    codes, places = codes[meant], places[meant]
    order = np.argsort(codes, kind="stable")
    codes, places = codes[order], places[order]
    starts = np.flatnonzero(np.diff(codes, prepend=-1)).tolist()
    for start, end in pairwise([*starts, len(codes)]):
        yield int(codes[start]), places[start:end]


def _counted(codes: NDArray[np.int64], space: int) -> tuple[NDArray[Any], NDArray[Any]]:
    if space > 10_000 + 2 * len(codes):
        return np.unique(codes, return_counts=True)
    counts = np.bincount(codes, minlength=1)
    found = np.flatnonzero(counts)
    return found, counts[found]


def target_kind(kind: Kind, slot: int) -> Kind | None:
    """What a slot of a kind refers to."""
    references = SHAPES[kind].references
    return references[slot].kind if slot < len(references) else None


_AT_ONCE = 1 << 20
"""Hashes that are looked up at a time, so that what this takes is not held for millions."""


def matched(wanted: Hashes, known: Hashes, places: Places) -> Places:
    """Where each of the wanted hashes stands: the place of the last known one like it, or -1."""
    found = np.full(len(wanted), -1, np.int32)
    if not len(known) or not len(wanted):
        return found
    order = np.argsort(known, kind="stable")
    known, places = known[order], places[order]
    del order
    for start in range(0, len(wanted), _AT_ONCE):
        # In order: from one to the next a search stays where it is at hand.
        by_hash = np.argsort(wanted[start : start + _AT_ONCE])
        part = wanted[start : start + _AT_ONCE][by_hash]
        at = np.searchsorted(known, part, side="right") - 1
        hit = (at >= 0) & (known[at] == part)
        found[start + by_hash[hit]] = places[at[hit]]
    return found


def joined(first: Hashes, second: Hashes) -> tuple[Places, Places]:
    """Every pair of places, one in each, at which the same hash stands."""
    order = np.argsort(second, kind="stable").astype(np.int32)
    found = second[order]
    begin = np.searchsorted(found, first, side="left")
    numbers = np.searchsorted(found, first, side="right") - begin
    ends = np.cumsum(numbers)
    at = np.arange(int(numbers.sum())) + np.repeat(begin - ends + numbers, numbers)
    return np.repeat(np.arange(len(first), dtype=np.int32), numbers), order[at]
