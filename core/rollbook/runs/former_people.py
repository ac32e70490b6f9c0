"""Who takes an id that somebody else had: their accounts are not to be the former person's."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from sqlalchemy import Connection

from rollbook.accounts.same_person import identity_of, is_another_by_now, is_somebody_else
from rollbook.changes.positions import Mask, places_of
from rollbook.changes.sequence import Changes
from rollbook.directory import accounts as accounts_store
from rollbook.directory.records import load_some
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import text
from rollbook.runs.account_people import NO_CHANGE, Looked

_FIELDS = ("given_name", "family_name", "identifier")


def of_identities(changes: Changes) -> Mask:
    """The changes of people that may make another person of one: who comes, and who is called
    otherwise altogether."""
    columns = changes.columns
    renamed = columns.shaped(shape.touched >= _NAMES for shape in columns.shapes)
    return columns.of(Kind.USER, Verb.ADD) | (columns.of(Kind.USER, Verb.UPDATE) & renamed)


_NAMES = {"given_name", "family_name"}


def strangers(
    connection: Connection,
    district: str,
    changes: Changes,
    of_them: Mask,
    looked: Sequence[Looked],
    having: Collection[str],
) -> set[str]:
    """Those of some people ``having`` accounts whose record becomes somebody else's: it comes back,
    and is compared with the one that left, whose row is kept; or it changes. ``of_them`` are the
    changes ``of_identities``."""
    places = [
        one.position
        for one in looked
        if one.position != NO_CHANGE and of_them[one.position] and one.person.id in having
    ]
    coming = {change.id: change for change in changes.at(np.array(sorted(places), np.int32))}
    if not coming:
        return set()
    ids = sorted(coming)
    held = accounts_store.users(connection, district, ids, _FIELDS)
    born = {
        person: text(record.values, "birth_date")
        for removed in (True, False)
        for person, record in load_some(
            connection, district, Kind.DEMOGRAPHICS, ids, removed=removed
        ).items()
    }
    born_now = _births_in(changes, coming)
    found: set[str] = set()
    for person, change in coming.items():
        if person not in held:
            continue
        was, after = identity_of(held[person][0], born.get(person)), change.after or {}
        if change.verb is Verb.ADD:
            another = is_somebody_else(was, identity_of(after, born_now.get(person)))
        else:
            now = identity_of(held[person][0] | after, born_now.get(person) or born.get(person))
            another = is_another_by_now(was, now)
        if another:
            found.add(person)
    return found


def _births_in(changes: Changes, people: Collection[str]) -> dict[str, str | None]:
    """The birthdays that come in for some people."""
    columns = changes.columns
    several = columns.of(Kind.DEMOGRAPHICS) & ~columns.of(verb=Verb.REMOVE)
    places = places_of(several)
    ids = zip(places.tolist(), changes.ids(places), strict=True)
    own = np.array([place for place, one in ids if one in people], np.int32)
    return {change.id: text(change.after or {}, "birth_date") for change in changes.at(own)}
