"""Which changes cannot go because another one waits.

An added or changed record waits for what it refers to. A removal and the removals of what belongs
to the record go together or not at all: nobody loses their classes while their own removal is
held, and nothing is left behind that belongs to nobody. Who moves to another school keeps the old
role until the new one goes in, and gets it no sooner than the school. Who gets another primary role
gets and loses roles with it, sits in no class as staff before, and keeps guardians until then. A
guardian stays at a school as long as the child there. Who sits in a class stays until it is known
to be of another course.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from rollbook.changes.columns import Columns, joined, matched
from rollbook.changes.positions import Mask, Places, places_of
from rollbook.changes.sequence import Changes
from rollbook.changes.shapes import Trait
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import KIND_ORDER, SHAPES, Kind
from rollbook.roster.records import Values

Pair = tuple[Places, Places]
"""Positions, and for each the position of a change that waits for it."""

Causes = NDArray[np.int32]
"""For each position the number of what it waits for, or ``FREE``."""

FREE = -1


@dataclass(frozen=True, slots=True)
class Edges:
    """Who waits when a change waits: of position ``p`` those at ``others[starts[p]:starts[p+1]]``.

    Without any, ``starts`` is empty.
    """

    starts: NDArray[np.int32]
    others: Places

    @classmethod
    def of(cls, pairs: Iterable[Pair], among: int) -> Edges:
        """The edges from the first to the second of each pair."""
        found = [pair for pair in pairs if len(pair[0])]
        if not found:
            return NOBODY
        first = np.concatenate([one for one, _ in found])
        order = np.argsort(first, kind="stable")
        starts = np.zeros(among + 1, np.int32)
        np.cumsum(np.bincount(first, minlength=among), out=starts[1:])
        del first
        return cls(starts, np.concatenate([other for _, other in found])[order])

    def behind(self, places: Places) -> Pair:
        """Who waits for some changes, and for which of these: its place among them."""
        begin = self.starts[places]
        numbers = self.starts[places + 1] - begin
        ends = np.cumsum(numbers, dtype=np.int32)
        at = np.repeat(begin - ends + numbers, numbers)
        at += np.arange(len(at), dtype=np.int32)
        return self.others[at], np.repeat(np.arange(len(places), dtype=np.int32), numbers)


NOBODY = Edges(np.empty(0, np.int32), np.empty(0, np.int32))
"""Nobody waits for anybody."""


def dependents(changes: Sequence[Change], more: Iterable[Pair] = ()) -> Edges:
    """For each position in ``changes``, the positions that must wait when it waits; ``more`` are
    pairs that the changes themselves do not tell."""
    found = Changes.of(changes)
    return Edges.of(chain(_dependent_pairs(found), more), len(found))


def belongings(changes: Sequence[Change]) -> Edges:
    """For each removal, the removals of records that belong to the removed one."""
    found = Changes.of(changes)
    return Edges.of(_owned(found.columns), len(found))


def _dependent_pairs(changes: Changes) -> Iterator[Pair]:
    columns = changes.columns
    for owners, owned in _owned(columns):
        yield owners, owned
        yield owned, owners
    yield from _referring(columns)
    yield from _turning_away(columns)
    old, new = role_moves(changes)
    yield new, old
    for (kind, field), belongs in _GOES_WITH.items():
        yield from _along_with(columns, kind, field, belongs)
    yield from _places_of_guardians(columns)


def _owned(columns: Columns) -> Iterator[Pair]:
    """Removed owners with the removed records that belong to them."""
    for kind, shape in SHAPES.items():
        owned = columns.places[kind, Verb.REMOVE]
        for slot, reference in enumerate(shape.references):
            if reference.owner:
                yield _meeting(
                    columns, owned, columns.slots[slot][owned], reference.kind, Verb.REMOVE
                )
        if kind is Kind.DEMOGRAPHICS:
            yield _meeting(columns, owned, columns.id[owned], Kind.USER, Verb.REMOVE)


def _referring(columns: Columns) -> Iterator[Pair]:
    """Added records with what is added or changed and refers to them."""
    for kind, shape in SHAPES.items():
        for verb in (Verb.ADD, Verb.UPDATE):
            places = columns.places[kind, verb]
            for slot, reference in enumerate(shape.references):
                yield _meeting(
                    columns, places, columns.slots[slot][places], reference.kind, Verb.ADD
                )
            if kind is Kind.DEMOGRAPHICS:
                yield _meeting(columns, places, columns.id[places], Kind.USER, Verb.ADD)
    more = columns.more
    stays = ~columns.of(verb=Verb.REMOVE)[more.places]
    for kind in Kind:
        of = (more.kinds == KIND_ORDER[kind]) & stays
        yield _meeting(columns, more.places[of], more.hashes[of], kind, Verb.ADD)


def _turning_away(columns: Columns) -> Iterator[Pair]:
    """Updates that turn away from an owner, with its removal."""
    given_up = columns.given_up
    for kind in Kind:
        of = given_up.kinds == KIND_ORDER[kind]
        owners, updates = _meeting(
            columns, given_up.places[of], given_up.hashes[of], kind, Verb.REMOVE
        )
        yield updates, owners


_GUARDIAN_SLOT = 1

_ROLES = ((Kind.ROLE, Verb.ADD), (Kind.ROLE, Verb.REMOVE))
_SEATS = ((Kind.ENROLLMENT, Verb.ADD), (Kind.ENROLLMENT, Verb.REMOVE))

_GOES_WITH: Mapping[tuple[Kind, str], tuple[tuple[Kind, Verb], ...]] = {
    (Kind.USER, "primary_role"): (
        *_ROLES,
        (Kind.ENROLLMENT, Verb.ADD),
        (Kind.GUARDIAN, Verb.REMOVE),
    ),
    (Kind.USER, "primary_org_id"): _ROLES,
    (Kind.CLASS, "course_id"): _SEATS,
}
"""What comes or goes with another value in a field of a person or a class; of the seats that come
with a person's role, those of staff."""


def _along_with(
    columns: Columns, of: Kind, field: str, belongs: Sequence[tuple[Kind, Verb]]
) -> Iterator[Pair]:
    """Changes of a field with what comes or goes with it."""
    places = columns.places[of, Verb.UPDATE]
    touches = columns.shaped(field in shape.touched for shape in columns.shapes)
    updates = places[touches[places]]
    if not len(updates):
        return
    for kind, verb in belongs:
        places = columns.places[kind, verb]
        if of is Kind.USER and (kind, verb) == (Kind.ENROLLMENT, Verb.ADD):
            places = places[columns.has(Trait.STAFF)[places]]
        slot = next(n for n, r in enumerate(SHAPES[kind].references) if r.kind is of)
        found = matched(columns.slots[slot][places], columns.id[updates], updates)
        yield found[found != FREE], places[found != FREE]


def _places_of_guardians(columns: Columns) -> Iterator[Pair]:
    """Links that go with the roles of their guardians that go, and with their other schools."""
    links = columns.places[Kind.GUARDIAN, Verb.REMOVE]
    if not len(links):
        return
    guardians = columns.slots[_GUARDIAN_SLOT][links]
    roles = columns.places[Kind.ROLE, Verb.REMOVE]
    roles = roles[~columns.has(Trait.OF_STAFF)[roles]]
    moves = columns.places[Kind.USER, Verb.UPDATE]
    moves = moves[
        columns.shaped("primary_org_id" in shape.touched for shape in columns.shapes)[moves]
    ]
    for places, people in ((roles, columns.slots[0][roles]), (moves, columns.id[moves])):
        first, second = joined(guardians, people)
        yield links[first], places[second]


def _meeting(
    columns: Columns, places: Places, targets: NDArray[np.uint64], kind: Kind, verb: Verb
) -> Pair:
    """The changes of a kind and verb that are meant by references, with those who make them."""
    known = columns.places[kind, verb]
    found = matched(targets, columns.id[known], known)
    meant = (found != FREE) & (found != places)
    return found[meant], places[meant]


def role_moves(changes: Sequence[Change]) -> Pair:
    """Removed roles whose person gets the same role elsewhere: a move, not a loss.

    The positions of the removals, and for each that of the addition.
    """
    sequence = Changes.of(changes)
    columns = sequence.columns
    gained, lost = columns.places[Kind.ROLE, Verb.ADD], columns.places[Kind.ROLE, Verb.REMOVE]
    people = columns.slots[0]
    gained, lost = (
        gained[np.isin(people[gained], people[lost])],
        lost[np.isin(people[lost], people[gained])],
    )
    holders = dict(
        zip((_holder(c.after) for c in sequence.at(gained)), gained.tolist(), strict=True)
    )
    found = np.fromiter(
        (holders.get(_holder(c.before), FREE) for c in sequence.at(lost)), np.int32, len(lost)
    )
    return lost[found != FREE], found[found != FREE]


def _holder(values: Values | None) -> tuple[object, object]:
    return (values or {}).get("user_id"), (values or {}).get("role")


def spread(edges: Edges, direct: Causes) -> Causes:
    """What every position waits for, directly or because of another.

    A direct cause stays what it is; a derived one is that of the first change in order that
    reaches it.
    """
    waiting = direct.copy()
    reached = places_of(direct != FREE)
    while len(reached) and len(edges.starts):
        others, of = edges.behind(reached)
        fresh = waiting[others] == FREE
        others, of = others[fresh], of[fresh]
        new, first = np.unique(others, return_index=True)
        waiting[new] = waiting[reached[of[first]]]
        reached = new[np.argsort(first)]
    return waiting


def along(edges: Edges, places: Places, among: int) -> Mask:
    """Some positions of ``among``, and all that wait when they wait."""
    causes = np.full(among, FREE, np.int32)
    causes[places] = 0
    found: Mask = spread(edges, causes) != FREE
    return found
