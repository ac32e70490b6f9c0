"""What belongs to somebody who has the id of another person by now, and waits with their record.

Went the birthday in alone, nobody could tell on the next night that the names are another's.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sqlalchemy import Connection

from rollbook.changes.columns import Columns, hashes_of, matched
from rollbook.changes.positions import Mask, Places
from rollbook.changes.sequence import Changes
from rollbook.changes.shapes import SLOTS
from rollbook.changes.waiting import FREE, Pair
from rollbook.directory.enrolled import seats_of
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

_PEOPLE = {
    Kind.ROLE: (SLOTS - 1,),
    Kind.ENROLLMENT: (0,),
    Kind.GUARDIAN: (0, 1),
    Kind.DEMOGRAPHICS: (),
}
"""The slots in which the people of a record stand, where its own id is not theirs."""

_GREATER = (
    (Kind.ROLE, 1, Kind.ORG),
    (Kind.ENROLLMENT, 1, Kind.CLASS),
    (Kind.GUARDIAN, 0, Kind.USER),
)
"""With whom a removal goes, by which slot, that must not wait for one person: an org, a class, the
student of a link."""


def what_is_theirs(
    connection: Connection, district: str, changes: Changes, strangers: Places
) -> list[Pair]:
    """The updates at which ``strangers`` stand, each with what comes, goes or changes beside it:
    roles, seats, guardians and demographics. What leaves with its class or its org does not wait.
    """
    columns = changes.columns
    updates = strangers[columns.of(Kind.USER, Verb.UPDATE)[strangers]]
    if not len(updates):
        return []
    staying = ~_leaving_with_others(columns)
    found = [*_by_reference(columns, updates), _kept_seats(connection, district, changes, updates)]
    return [(people[staying[theirs]], theirs[staying[theirs]]) for people, theirs in found]


def _by_reference(columns: Columns, updates: Places) -> Iterator[Pair]:
    people = columns.id[updates]
    for kind, slots in _PEOPLE.items():
        for verb in Verb:
            places = columns.places[kind, verb]
            for ids in [columns.slots[slot] for slot in slots] or [columns.id]:
                whose = matched(ids[places], people, updates)
                yield whose[whose != FREE], places[whose != FREE]


def _kept_seats(connection: Connection, district: str, changes: Changes, updates: Places) -> Pair:
    """Seats of theirs that become others: such a change does not say whose the seat is."""
    columns = changes.columns
    places = columns.places[Kind.ENROLLMENT, Verb.UPDATE]
    if not len(places):
        return places, places
    ids = list(changes.ids(updates))
    place_of = dict(zip(ids, updates.tolist(), strict=True))
    seats = {
        seat: place_of[person]
        for person, classes in seats_of(connection, district, ids).items()
        for seat in classes
    }
    owners = np.fromiter(seats.values(), np.int32, len(seats))
    whose = matched(columns.id[places], hashes_of(seats), owners)
    return whose[whose != FREE], places[whose != FREE]


def _leaving_with_others(columns: Columns) -> Mask:
    found = np.zeros(len(columns), np.bool_)
    for kind, slot, owner in _GREATER:
        places = columns.places[kind, Verb.REMOVE]
        gone = columns.places[owner, Verb.REMOVE]
        with_owner = matched(columns.slots[slot][places], columns.id[gone], gone) != FREE
        found[places[with_owner]] = True
    return found
