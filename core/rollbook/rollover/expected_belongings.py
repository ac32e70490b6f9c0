"""What comes and goes with the students of whom a plan knows: roles, seats, families."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from rollbook.changes.columns import GROUP_CODES, Columns, Hashes
from rollbook.changes.positions import Mask, Places, places_of
from rollbook.changes.sequence import Changes
from rollbook.changes.shapes import Trait
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import text

GUARDIANS_EACH = 3
"""Guardians of a student who may go to another school with them."""

_USER_SLOT, _STUDENT_SLOT, _GUARDIAN_SLOT = 0, 0, 1


def with_belongings(
    columns: Columns, leaving: Places, arriving: Places, moving: Places, rising: Places
) -> Mask:
    """These changes of students, and those of what belongs to them alone.

    Of who moves to another school, the old role and the old seats go and new ones come. A guardian
    goes with the last child of whom the plan knows, never with one who stays or leaves otherwise.
    """
    found = np.zeros(len(columns), np.bool_)
    for places in (leaving, arriving, rising):
        found[places] = True
    movers = columns.id[moving]
    for verb, people in ((Verb.REMOVE, leaving), (Verb.ADD, arriving)):
        ids = columns.id[people]
        families = _families(columns, verb, ids)
        found |= families
        both = np.concatenate([ids, movers])
        _mark(found, columns, Kind.ENROLLMENT, verb, both, but=Trait.STAFF)
        _mark(found, columns, Kind.ROLE, verb, both, but=_OF_STAFF)
        guardians = columns.id[families & columns.of(Kind.USER)]
        _mark(found, columns, Kind.ROLE, verb, guardians, but=_OF_STAFF)
        own = columns.places[Kind.DEMOGRAPHICS, verb]
        found[own[np.isin(columns.id[own], ids)]] = True
    return found


def guardians_moving(changes: Changes, moving: Places, origins: Sequence[str]) -> Mask:
    """Guardians whose school, and nothing else, becomes another as that of students does who are
    ``moving`` from their ``origins``, with the roles that come and go by it.

    Where there are more than a few for each of these students, it is none of theirs.
    """
    columns = changes.columns
    found = np.zeros(len(columns), np.bool_)
    codes = columns.school[moving].tolist()
    ways = Counter(zip(origins, (columns.schools[code] for code in codes), strict=True))
    if not ways:
        return found
    only = columns.shaped(shape.touched == {"primary_org_id"} for shape in columns.shapes)
    guardian = columns.group == GROUP_CODES[RoleGroup.GUARDIAN]
    places = places_of(columns.of(Kind.USER, Verb.UPDATE) & guardian & only)
    by_way: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for place, change in zip(places.tolist(), changes.at(places), strict=True):
        origin = text(change.before or {}, "primary_org_id")
        if origin is not None:
            by_way[origin, text(change.after or {}, "primary_org_id")].append(place)
    for way, own in by_way.items():
        if len(own) <= GUARDIANS_EACH * ways[way]:
            found[own] = True
    ids = columns.id[places_of(found)]
    for verb in (Verb.ADD, Verb.REMOVE):
        _mark(found, columns, Kind.ROLE, verb, ids, but=_OF_STAFF)
    return found


_OF_STAFF = Trait.STAFF | Trait.OF_STAFF | Trait.ADMINISTERS


def _mark(
    found: Mask, columns: Columns, kind: Kind, verb: Verb, people: Hashes, *, but: int
) -> None:
    """Mark, in place, what of a kind names one of these people, less what has a trait."""
    places = columns.places[kind, verb]
    mine = np.isin(columns.slots[_USER_SLOT][places], people) & ~columns.has(but)[places]
    found[places[mine]] = True


def _families(columns: Columns, verb: Verb, students: Hashes) -> Mask:
    """The guardian links of some students, and the guardians who have no others here."""
    found = np.zeros(len(columns), np.bool_)
    links = columns.places[Kind.GUARDIAN, verb]
    theirs = np.isin(columns.slots[_STUDENT_SLOT][links], students)
    found[links[theirs]] = True
    guardians = columns.slots[_GUARDIAN_SLOT][links]
    people = columns.places[Kind.USER, verb]
    people = people[columns.group[people] == GROUP_CODES[RoleGroup.GUARDIAN]]
    ids = columns.id[people]
    only = np.isin(ids, guardians[theirs]) & ~np.isin(ids, guardians[~theirs])
    found[people[only]] = True
    return found
