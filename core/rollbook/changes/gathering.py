"""The columns of changes, put together shape by shape while the changes come and go."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from xxhash import xxh3_64_intdigest

from rollbook.changes.columns import GROUP_CODES, Columns, Hashes, Named, hash_of
from rollbook.changes.grouping import Group, Shapes, portions
from rollbook.changes.positions import Places
from rollbook.changes.shapes import SLOTS, role_parts, traits_of
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import KIND_ORDER, SHAPES, Kind

_Number = TypeVar("_Number", bound=np.generic)
_Meant = TypeVar("_Meant")

_SHAPE, _SCHOOL, _GROUP, _TRAITS, _ID, _SLOT = range(6)
_TYPES = ("i", "i", "B", "B", "Q", *"Q" * SLOTS)


class Gathering:
    """Takes changes, keeps their columns, and gives these away once."""

    def __init__(self) -> None:
        self._shapes = Shapes()
        self._schools: dict[str | None, int] = {None: 0}
        self._columns = [array(code) for code in _TYPES]
        self._more, self._given_up, self._folded = _Named(), _Named(), _Named()

    def __len__(self) -> int:
        return len(self._columns[_SHAPE])

    def add(self, changes: Sequence[Change]) -> list[Group]:
        """Take some more changes; returns them by shape."""
        groups = self._shapes.groups(changes)
        schools = self._schools
        found = [np.zeros(len(changes), code) for code in _TYPES]
        found[_SCHOOL][:] = [schools.setdefault(c.school, len(schools)) for c in changes]
        found[_GROUP][:] = [GROUP_CODES[c.role] for c in changes]
        for group in groups:
            found[_SHAPE][group.places] = group.number
            found[_TRAITS][group.places] = np.frombuffer(
                traits_of(group.changes, group.shape), np.uint8
            )
            self._refer(group, found)
        for kept, new in zip(self._columns, found, strict=True):
            kept.frombytes(new.tobytes())
        return groups

    def _refer(self, group: Group, found: list[NDArray[np.generic]]) -> None:
        """The ids of the changes of a group, and what they refer to."""
        shape, changes = group.shape, group.changes
        positions = group.places + len(self)
        ids = [change.id for change in changes]
        found[_ID][group.places] = _hashes(ids)
        small = list(map(str.casefold, ids))
        if small != ids:
            for position, one, other in zip(positions.tolist(), small, ids, strict=True):
                if one != other:
                    self._folded.add(position, shape.kind, one)
        values = [(c.before if shape.verb is Verb.REMOVE else c.after) or {} for c in changes]
        for slot, name in enumerate(shape.slots):
            if name is None:
                continue
            named = [value[name] for value in values]
            try:
                found[_SLOT + slot][group.places] = _hashes(named)
            except TypeError:
                to = SHAPES[shape.kind].references[slot].kind
                found[_SLOT + slot][group.places] = [
                    self._hash(*one, to) for one in zip(positions.tolist(), named, strict=True)
                ]
        if shape.kind is Kind.ROLE:
            people = [role_parts(change)[0] for change in changes]
            found[_SLOT + SLOTS - 1][group.places] = _hashes(people)
        for name, of in shape.given_up:
            for position, change in zip(positions.tolist(), changes, strict=True):
                owner = (change.before or {})[name]
                if isinstance(owner, str):
                    self._given_up.add(position, of, owner)

    def _hash(self, position: int, value: object, to: Kind) -> int:
        """What goes into a slot; the items of a list are kept apart."""
        if isinstance(value, str):
            return hash_of(value)
        for item in value if isinstance(value, list) else ():
            self._more.add(position, to, item)
        return 0

    def columns(self, order: Places | None = None) -> Columns:
        """The columns of everything that was added, as it came or in another ``order``; nothing can
        be added after that. Shapes and schools are numbered as they come in that order."""
        rank: Places | None = None
        if order is not None:
            rank = np.empty(len(order), np.int32)
            rank[order] = np.arange(len(order), dtype=np.int32)
        shape, shapes = _numbered(self._taken(_SHAPE, np.int32, order), self._shapes.found)
        schools = list(self._schools)
        school, named = _numbered(self._taken(_SCHOOL, np.int32, order), schools, kept=1)
        return Columns(
            shapes=tuple(shapes),
            schools=tuple(named),
            shape=shape,
            school=school,
            group=self._taken(_GROUP, np.uint8, order),
            traits=self._taken(_TRAITS, np.uint8, order),
            id=self._taken(_ID, np.uint64, order),
            slots=(
                self._taken(_SLOT, np.uint64, order),
                self._taken(_SLOT + 1, np.uint64, order),
                self._taken(_SLOT + 2, np.uint64, order),
            ),
            more=self._more.named(rank),
            given_up=self._given_up.named(rank),
            folded=self._folded.named(rank),
        )

    def _taken(self, column: int, of: type[_Number], order: Places | None) -> NDArray[_Number]:
        """A column, which is let go of here: two of all of them would be too much."""
        found = np.frombuffer(self._columns[column], of)
        self._columns[column] = array(_TYPES[column])
        return found if order is None else found[order]


def columns_of(changes: Iterable[Change]) -> Columns:
    """The columns of some changes, which are taken one after another and not kept."""
    gathering = Gathering()
    for portion in portions(changes):
        gathering.add(portion)
    return gathering.columns()


def _hashes(ids: Sequence[object]) -> Hashes:
    """The hashes of some ids. Raises ``TypeError`` where one is no text."""
    encoded = map(str.encode, cast(Sequence[str], ids))
    return np.fromiter(map(xxh3_64_intdigest, encoded), np.uint64, len(ids))


def _numbered(
    codes: NDArray[np.int32], meant: Sequence[_Meant], kept: int = 0
) -> tuple[NDArray[np.int32], list[_Meant]]:
    """Number what codes mean in the order in which they come, but for the first few to be
    ``kept``; what does not come is left out."""
    first = np.full(len(meant), len(codes), np.int32)
    first[codes[::-1]] = np.arange(len(codes), dtype=np.int32)[::-1]
    first[:kept] = -1
    order = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(codes))]
    if np.array_equal(order, np.arange(len(meant))):
        return codes, list(meant)
    numbers = np.zeros(len(meant), np.int32)
    numbers[order] = np.arange(len(order))
    return numbers[codes], [meant[code] for code in order.tolist()]


class _Named:
    """References on their way into ``Named``."""

    def __init__(self) -> None:
        self._places, self._kinds, self._hashes = array("i"), array("B"), array("Q")

    def add(self, position: int, kind: Kind, target: str) -> None:
        """One more reference."""
        self._places.append(position)
        self._kinds.append(KIND_ORDER[kind])
        self._hashes.append(hash_of(target))

    def named(self, rank: Places | None) -> Named:
        """All of them in the order of their changes, which stand where their ``rank`` is."""
        places = np.frombuffer(self._places, np.int32)
        if rank is not None:
            places = rank[places]
        order = np.argsort(places, kind="stable")
        return Named(
            places[order],
            np.frombuffer(self._kinds, np.uint8)[order],
            np.frombuffer(self._hashes, np.uint64)[order],
        )
