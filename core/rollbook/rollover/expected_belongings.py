"""What comes and goes with the students of whom a plan knows: roles, seats, families."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rollbook.changes.columns import GROUP_CODES, Columns, Hashes, matched
from rollbook.changes.positions import NO_PLACES, Mask, Places, places_of
from rollbook.changes.sequence import Changes
from rollbook.changes.shapes import Trait
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import text


class Families(NamedTuple):
    """Links of guardians: the hashes of student and guardian, link by link."""

    students: Hashes
    guardians: Hashes


NO_FAMILIES = Families(np.empty(0, np.uint64), np.empty(0, np.uint64))
"""No links."""

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


def guardians_elsewhere(columns: Columns) -> Places:
    """Guardians whose school, and nothing else, becomes another."""
    only = columns.shaped(shape.touched == {"primary_org_id"} for shape in columns.shapes)
    guardian = columns.group == GROUP_CODES[RoleGroup.GUARDIAN]
    return places_of(columns.of(Kind.USER, Verb.UPDATE) & guardian & only)


def guardians_moving(
    changes: Changes, moving: Places, origins: Sequence[str], families: Families
) -> Mask:
    """Guardians whose school, and nothing else, becomes another as that of a child of theirs does
    who is ``moving`` from one of the ``origins``, with the roles that come and go by it.

    ``families`` are the links of these guardians in the directory; new ones count as well.
    """
    columns = changes.columns
    found = np.zeros(len(columns), np.bool_)
    places = guardians_elsewhere(columns) if len(moving) else NO_PLACES
    if not len(places):
        return found
    numbers: dict[tuple[str | None, str | None], int] = {}
    codes = columns.school[moving].tolist()
    ways = np.array(
        [
            numbers.setdefault((origin, columns.schools[code]), len(numbers))
            for origin, code in zip(origins, codes, strict=True)
        ]
    )
    own_ways = np.array([numbers.get(_way(change), -1) for change in changes.at(places)])
    links = columns.places[Kind.GUARDIAN, Verb.ADD]
    students = np.concatenate([families.students, columns.slots[_STUDENT_SLOT][links]])
    guardians = np.concatenate([families.guardians, columns.slots[_GUARDIAN_SLOT][links]])
    child = matched(students, columns.id[moving], np.arange(len(moving), dtype=np.int32))
    own = matched(guardians, columns.id[places], np.arange(len(places), dtype=np.int32))
    known = (child >= 0) & (own >= 0)
    child, own = child[known], own[known]
    found[places[own[ways[child] == own_ways[own]]]] = True
    ids = columns.id[places_of(found)]
    for verb in (Verb.ADD, Verb.REMOVE):
        _mark(found, columns, Kind.ROLE, verb, ids, but=_OF_STAFF)
    return found


def _way(change: Change) -> tuple[str | None, str | None]:
    """From which school somebody goes to which."""
    return text(change.before or {}, "primary_org_id"), text(change.after or {}, "primary_org_id")


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
