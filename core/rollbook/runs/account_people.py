"""Whose accounts a run has to look at, and those people as the run will leave them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import Connection

from rollbook.accounts.person import FIELDS, Person, person_of
from rollbook.changes.columns import GROUP_CODES
from rollbook.changes.labels import person_name
from rollbook.changes.positions import Mask, Places, places_of
from rollbook.changes.sequence import Changes
from rollbook.changes.shapes import Trait
from rollbook.directory import accounts as accounts_store
from rollbook.roster.changes import Change, Verb
from rollbook.roster.grade_moves import Place
from rollbook.roster.kinds import Kind, RoleGroup, role_group
from rollbook.roster.records import Values
from rollbook.runs.account_classes import Seats
from rollbook.runs.account_year import Years, place_of

AT_ONCE = 2_000
"""People who are looked at together."""

NO_CHANGE = -1
"""Stands for the position of somebody whose record does not change."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A person with the label of their record and the position of its change, if it changes."""

    person: Person
    label: str
    position: int


@dataclass(frozen=True)
class Affected:
    """People by id, in order, with the positions of their changes.

    ``predecessors`` are the old ids of those who come back under new ones in this very run.
    """

    ids: Sequence[str]
    positions: Mapping[str, int]
    predecessors: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.ids)


def affected(
    connection: Connection,
    district: str,
    changes: Changes,
    today: date,
    *,
    everybody: bool,
    own_only: bool = False,
    seats: Seats | None = None,
) -> Affected:
    """Whose account may have to change: whose record does in what accounts hang on, who waits, who
    is due, who is at a school whose name changes; with ``everybody``, all who are here or have an
    account in use, and with ``own_only`` just those whose record changes, or whose ``seats`` do."""
    columns = changes.columns
    hangs = columns.of(Kind.USER) & columns.shaped(
        shape.verb is not Verb.UPDATE or bool(shape.touched & _FIELDS) for shape in columns.shapes
    )
    families = columns.group == GROUP_CODES[RoleGroup.GUARDIAN]
    families &= ~columns.shaped("primary_role" in shape.touched for shape in columns.shapes) | (
        columns.of(verb=Verb.ADD)
    )
    places = places_of(hangs & ~families)
    ids = list(changes.ids(places))
    positions = dict(zip(ids, places.tolist(), strict=True))
    more = seats.people() if seats is not None and not everybody else set()
    if own_only:
        return Affected(sorted(more.union(ids)), positions, _predecessors(changes))
    more.update(accounts_store.waiting(connection, district))
    more.update(accounts_store.to_suspend(connection, district, today))
    if schools := list(changes.ids(places_of(_renamed_orgs(changes)))):
        more.update(accounts_store.people_of_schools(connection, district, schools))
    if everybody:
        more.update(
            person
            for person, role in accounts_store.people_by_role(connection, district)
            if role is None or role_group(role) is not RoleGroup.GUARDIAN
        )
        # Who is to have none any more may have gone by while the account was to be left alone.
        more.update(accounts_store.people_left_with_one(connection, district))
    if more:
        ids = sorted(more.union(ids))
    return Affected(ids, positions, _predecessors(changes))


_FIELDS = frozenset(FIELDS)


def _renamed_orgs(changes: Changes) -> Mask:
    columns = changes.columns
    renamed = columns.shaped(bool(s.touched & {"name", "identifier"}) for s in columns.shapes)
    return columns.of(Kind.ORG, Verb.UPDATE) & renamed


def common_ground(changes: Changes, parts: Set[str]) -> Places:
    """The changes on which many accounts hang by the ``parts`` that templates name: of sessions in
    what a school year is told by, and of the names and codes of orgs."""
    columns = changes.columns
    found = np.zeros(len(columns), np.bool_)
    if "grad" in parts:
        dated = columns.shaped(
            shape.verb is not Verb.UPDATE or bool(shape.touched & _SESSION)
            for shape in columns.shapes
        )
        found |= columns.of(Kind.ACADEMIC_SESSION) & dated
    if parts & {"school_name", "school_code"}:
        found |= _renamed_orgs(changes)
    return places_of(found)


_SESSION = frozenset({"school_year", "start_date", "end_date", "type"})
"""The fields of a session that tell a school year."""


def grade_changes(changes: Changes) -> Places:
    """The changes of grades: when they are a roll-up, the accounts of those who stay where they
    were hang on them too."""
    columns = changes.columns
    graded = columns.shaped("grades" in shape.touched for shape in columns.shapes)
    return places_of(columns.of(Kind.USER, Verb.UPDATE) & graded)


def _predecessors(changes: Changes) -> dict[str, str]:
    """New ids of people with their old ones, where a removed record leads to an added one."""
    columns = changes.columns
    linked = places_of(columns.of(Kind.USER, Verb.REMOVE) & columns.has(Trait.LINKED))
    if not len(linked):
        return {}
    added = set(changes.ids(columns.places[Kind.USER, Verb.ADD]))
    return {
        change.merged_into: change.id
        for change in changes.at(linked)
        if change.merged_into is not None and change.merged_into in added
    }


def as_they_will_be(
    connection: Connection,
    district: str,
    changes: Changes,
    found: Affected,
    years: Years | None,
    seats: Seats | None = None,
) -> Iterator[list[Looked]]:
    """The affected people in order, some at a time. Who comes back under a new id is there once,
    under that."""
    handed_on = set(found.predecessors.values())
    for start in range(0, len(found.ids), AT_ONCE):
        ids = [i for i in found.ids[start : start + AT_ONCE] if i not in handed_on]
        places = np.array([found.positions[i] for i in ids if i in found.positions], np.int32)
        changed = {change.id: change for change in changes.at(np.sort(places))}
        stored = [i for i in ids if (c := changed.get(i)) is None or c.verb is Verb.UPDATE]
        held = accounts_store.users(connection, district, stored, FIELDS)
        former = years.former(connection, district, ids) if years else {}
        classes = seats.of(ids) if seats is not None else {}
        looked: list[Looked] = []
        for person in ids:
            change = changed.get(person)
            if change is None and person not in held:
                continue
            position = found.positions.get(person, NO_CHANGE)
            one = _looked(person, change, held, position, years, former)
            if person in classes:
                one = replace(one, person=one.person._replace(classes=classes[person]))
            looked.append(one)
        yield looked


def _looked(
    person: str,
    change: Change | None,
    held: Mapping[str, tuple[Values, bool, str | None]],
    position: int,
    years: Years | None,
    former: Mapping[str, Place | None],
) -> Looked:
    was: Place | None = None
    if change is not None and change.verb is not Verb.UPDATE:
        gone = change.verb is Verb.REMOVE
        values = (change.before if gone else change.after) or {}
        into = change.merged_into
    else:
        values, gone, into = held[person]
        was = place_of(values)
        if change is not None:
            before, after = change.before or {}, change.after or {}
            values = {name: value for name, value in values.items() if name not in before} | after
    year = years.of(former.get(person, was), values) if years is not None else None
    return Looked(
        person_of(person, values, gone=gone, merged_into=into if gone else None, year=year),
        person_name(values) or person,
        position,
    )
