"""The classes in which people will be, for districts whose account groups name them.

Nothing of this is asked for where no group does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set

import numpy as np
from sqlalchemy import Connection

from rollbook.accounts.person import SchoolClass
from rollbook.accounts.rules import Rules
from rollbook.changes.columns import Hashes, hash_of, hashes_of
from rollbook.changes.positions import NO_PLACES, Mask, Places, places_of
from rollbook.changes.sequence import Changes
from rollbook.config.account_template import CLASS_PARTS
from rollbook.directory import accounts as accounts_store
from rollbook.directory import enrolled
from rollbook.directory.records import load_some
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values, text

_FEW = 20_000
"""Changed seats whose people are read one by one; of more, everybody is asked for at once."""

_NAMES = frozenset({"title", "class_code"})
_SEAT = frozenset({"user_id", "class_id"})


class Seats:
    """Seats and names of classes as the ``active`` changes will leave them.

    ``parts`` are those that the templates name.
    """

    def __init__(
        self,
        connection: Connection,
        district: str,
        changes: Changes,
        active: Mask,
        parts: Set[str],
    ) -> None:
        self._connection, self._district, self._changes = connection, district, changes
        columns = changes.columns
        whole = columns.of(Kind.ENROLLMENT) & ~columns.of(verb=Verb.UPDATE) & active
        self.moving = places_of(whole)
        whose = columns.slots[0][self.moving]
        order = np.argsort(whose, kind="stable")
        self._positions, self._whose = self.moving[order], whose[order]
        self._turned = self._turn(active)
        self._moved = np.unique(np.concatenate([whose, hashes_of(self._turned)]))
        self._names: dict[str, SchoolClass] | None = {} if parts & _NAMED else None
        self._changed: dict[str, Values] = {}
        self.renamed = NO_PLACES
        if self._names is not None:
            named = columns.shaped(bool(s.touched & _NAMES) for s in columns.shapes)
            named &= columns.of(Kind.CLASS) & ~columns.of(verb=Verb.REMOVE) & active
            for change in changes.at(places_of(named)):
                kept = _NAMES & (change.before or {}).keys()
                self._changed[change.id] = dict.fromkeys(kept) | (change.after or {})
            self.renamed = places_of(named & columns.of(verb=Verb.UPDATE))

    def _turn(self, active: Mask) -> dict[str, dict[str, str | None]]:
        """Seats that go to another person or class, by person: the class by the id of the seat."""
        columns = self._changes.columns
        turned = columns.shaped(bool(s.touched & _SEAT) for s in columns.shapes)
        self._turns = columns.of(Kind.ENROLLMENT, Verb.UPDATE) & turned & active
        places = places_of(self._turns)
        found: dict[str, dict[str, str | None]] = defaultdict(dict)
        ids = list(self._changes.ids(places))
        held = load_some(self._connection, self._district, Kind.ENROLLMENT, ids)
        for change in self._changes.at(places):
            before, after = held[change.id].values, change.after or {}
            person, of = text(before, "user_id") or "", text(before, "class_id")
            found[person][change.id] = None
            found[text(after, "user_id") or person][change.id] = text(after, "class_id") or of
        return dict(found)

    def people(self) -> set[str]:
        """Whose classes are others, or are called otherwise."""
        found = set(self._turned) | self.members(self.renamed)
        if len(self.moving) <= _FEW:
            records = (
                change.after or change.before or {} for change in self._changes.at(self.moving)
            )
            return found.union(text(record, "user_id") or "" for record in records)
        here = [one for one, _ in accounts_store.people_by_role(self._connection, self._district)]
        moved = np.isin(hashes_of(here), self._moved)
        return found.union(np.array(here, object)[moved].tolist())

    def turned_in(self, meant: Mask) -> set[str]:
        """Who gets or loses a seat that goes to another person or class by one of some changes."""
        seats = set(self._changes.ids(places_of(self._turns & meant)))
        return {one for one, own in self._turned.items() if not seats.isdisjoint(own)}

    def members(self, renamed: Places) -> set[str]:
        """Who is in some classes that are called otherwise."""
        classes = list(self._changes.ids(renamed))
        return enrolled.members(self._connection, self._district, classes) if classes else set()

    def have_moved(self, person: str) -> bool:
        """Whether somebody is in other classes than before."""
        return person in self._turned or is_among(self._moved, person)

    def of(self, people: Sequence[str]) -> dict[str, tuple[SchoolClass, ...]]:
        """The classes of some people, in order of their ids."""
        seats = enrolled.seats_of(self._connection, self._district, people)
        for change in self._changes.at(self._about(people)):
            record = change.after or change.before or {}
            own = seats.get(text(record, "user_id") or "")
            if own is None:
                continue
            if change.verb is Verb.REMOVE:
                own.pop(change.id, None)
            else:
                own[change.id] = text(record, "class_id") or ""
        for person in self._turned.keys() & seats.keys():
            for seat, of in self._turned[person].items():
                seats[person].pop(seat, None)
                if of is not None:
                    seats[person][seat] = of
        classes = {person: sorted(set(own.values())) for person, own in seats.items()}
        names = self._named({one for own in classes.values() for one in own})
        return {person: tuple(names[one] for one in own) for person, own in classes.items()}

    def _about(self, people: Sequence[str]) -> Places:
        """The seats that some people get or lose."""
        own = np.unique(hashes_of(people))
        starts = np.searchsorted(self._whose, own, "left").tolist()
        ends = np.searchsorted(self._whose, own, "right").tolist()
        found = [self._positions[a:b] for a, b in zip(starts, ends, strict=True) if a < b]
        return np.sort(np.concatenate(found)) if found else NO_PLACES

    def _named(self, classes: Set[str]) -> dict[str, SchoolClass]:
        known = self._names
        if known is None:
            return {one: SchoolClass(one) for one in classes}
        new = classes - known.keys()
        held = load_some(self._connection, self._district, Kind.CLASS, new)
        for one in new:
            values = (held[one].values if one in held else {}) | self._changed.get(one, {})
            known[one] = SchoolClass(
                one, text(values, "title") or "", text(values, "class_code") or ""
            )
        return known


_NAMED = CLASS_PARTS - {"class_id"}


def seats_with(
    connection: Connection, district: str, changes: Changes, active: Mask, parts: Set[str]
) -> Seats | None:
    """The seats once the active changes are in; ``None`` where no group asks for classes."""
    return Seats(connection, district, changes, active, parts) if parts & CLASS_PARTS else None


def seats_now(connection: Connection, district: str, rules: Rules) -> Seats | None:
    """The seats as the directory is; ``None`` where no group asks for classes."""
    return seats_with(connection, district, Changes.of(()), np.ones(0, np.bool_), rules.parts)


def is_among(hashes: Hashes, person: str) -> bool:
    """Whether somebody is among people by the hashes of their ids, which are in order."""
    own = np.uint64(hash_of(person))
    at = int(np.searchsorted(hashes, own))
    return at < len(hashes) and bool(hashes[at] == own)
