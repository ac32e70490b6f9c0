"""Who takes an id that somebody else had: neither their record nor their account is the former
person's."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection

from rollbook.accounts.same_person import identity_of, is_another_by_now, is_somebody_else
from rollbook.changes.columns import hashes_of
from rollbook.changes.positions import NO_PLACES, Places, places_of
from rollbook.changes.sequence import Changes
from rollbook.directory import accounts as accounts_store
from rollbook.directory.records import load_some
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import text

_NAMES = frozenset({"given_name", "family_name"})
_FIELDS = (*sorted(_NAMES), "identifier")


class Strangers(NamedTuple):
    """The positions of the people under used ids: of ``all`` who are not known to be the person who
    had the id before, and of those who are ``quite`` others, by both names and by birthday or
    number."""

    all: frozenset[int] = frozenset()
    quite: Places = NO_PLACES


def strangers(
    connection: Connection, district: str, changes: Changes, returning: Collection[int]
) -> Strangers:
    """Whose record becomes somebody else's: it is one of those ``returning``, and is compared with
    the one that left, whose row is kept; or it changes both its names."""
    columns = changes.columns
    renamed = columns.shaped(shape.touched >= _NAMES for shape in columns.shapes)
    renamed &= columns.of(Kind.USER, Verb.UPDATE)
    people = columns.of(Kind.USER, Verb.ADD)
    back = [position for position in returning if people[position]]
    places = np.array(sorted({*back, *places_of(renamed).tolist()}), np.int32)
    if not len(places):
        return Strangers()
    ids = list(changes.ids(places))
    held = accounts_store.users(connection, district, ids, _FIELDS)
    born = {
        person: text(record.values, "birth_date")
        for removed in (True, False)
        for person, record in load_some(
            connection, district, Kind.DEMOGRAPHICS, ids, removed=removed
        ).items()
    }
    born_now = _births_in(changes, ids)
    found: list[int] = []
    quite: list[int] = []
    for position, change in zip(places.tolist(), changes.at(places), strict=True):
        values, after = held[change.id][0], change.after or {}
        was = identity_of(values, born.get(change.id))
        if change.verb is Verb.ADD:
            now = identity_of(after, born_now.get(change.id))
            if is_somebody_else(was, now):
                found.append(position)
        else:
            now = identity_of(values | after, born_now.get(change.id) or born.get(change.id))
        if is_another_by_now(was, now):
            quite.append(position)
    return Strangers(frozenset((*found, *quite)), np.array(quite, np.int32))


def _births_in(changes: Changes, people: Collection[str]) -> dict[str, str | None]:
    """The birthdays that come in for some people."""
    columns = changes.columns
    several = columns.of(Kind.DEMOGRAPHICS) & ~columns.of(verb=Verb.REMOVE)
    several &= np.isin(columns.id, hashes_of(people))
    return {
        change.id: text(change.after or {}, "birth_date")
        for change in changes.at(places_of(several))
    }
