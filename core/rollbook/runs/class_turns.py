"""Which classes of a changeset may be other classes under an old id, with what tells it.

Looked at are classes whose term or course changes, that come back, or that get a new teacher: on an
ordinary night hardly any. Their seats may have turned over in the nights before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import Connection

from rollbook.changes.columns import Columns, Hashes, hashes_of
from rollbook.changes.positions import Places, places_of
from rollbook.changes.rekeyed import taken_over
from rollbook.changes.sequence import Changes
from rollbook.changes.shapes import Trait
from rollbook.directory import class_lists
from rollbook.directory.class_lists import Former
from rollbook.directory.records import load_kind, load_some
from rollbook.holds.class_turns import ClassTurn
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Value, Values, text

_USER, _CLASS = 0, 1
LATELY = timedelta(days=120)
"""How far back who has gone out of a class counts: longer than a summer, or half a school year."""

_NOBODY = Former()
_ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(slots=True)
class _Suspect:
    """A class with what changes of its own record, and its school."""

    school: str | None
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    returned: bool = False


def class_turns(
    connection: Connection, district: str, changes: Changes, at: datetime, *, every: bool = False
) -> tuple[ClassTurn, ...]:
    """What happens ``at`` a time to the classes that may be other ones; with ``every``, to all that
    were here before and are changed, or whose seats are."""
    suspects = _taught_anew(changes, every) | _changed(connection, district, changes)
    if not suspects:
        return ()
    years = _years(connection, district, changes, suspects.values())
    given_up = _given_up(suspects)
    turns = {
        class_id: _by_record(class_id, suspect, years, given_up)
        for class_id, suspect in suspects.items()
    }
    rest = [class_id for class_id, turn in turns.items() if every or not turn.other_year]
    seats = _Seats.of(changes, rest)
    counts = class_lists.students_in(connection, district, rest)
    staff = class_lists.staff_of(connection, district, rest)
    former = class_lists.former_in(connection, district, rest, at - LATELY)
    for class_id in rest:
        turns[class_id] = seats.counted(
            turns[class_id],
            counts.get(class_id, 0),
            staff.get(class_id, frozenset()),
            former.get(class_id, _NOBODY),
        )
    return tuple(turns[class_id] for class_id in sorted(turns))


def _changed(connection: Connection, district: str, changes: Changes) -> dict[str, _Suspect]:
    """Classes with another term or course, and those that come back after they had gone."""
    columns = changes.columns
    touched = columns.shaped(
        shape.kind is Kind.CLASS
        and shape.verb is Verb.UPDATE
        and not shape.touched.isdisjoint({"term_ids", "course_id"})
        for shape in columns.shapes
    )
    found = {
        change.id: _Suspect(change.school, change.before or {}, change.after or {})
        for change in changes.at(places_of(touched))
    }
    added = columns.places[Kind.CLASS, Verb.ADD]
    if len(added):
        gone = load_some(connection, district, Kind.CLASS, changes.ids(added), removed=True)
        back = added[np.isin(columns.id[added], hashes_of(gone))] if gone else added[:0]
        found |= {
            change.id: _Suspect(change.school, gone[change.id].values, change.after or {}, True)
            for change in changes.at(back)
            if change.id in gone
        }
    return found


def _taught_anew(changes: Changes, every: bool) -> dict[str, _Suspect]:
    """Classes that stay and get staff; or, all whose seats come or go."""
    columns = changes.columns
    come = columns.places[Kind.ENROLLMENT, Verb.ADD]
    gone = columns.places[Kind.ENROLLMENT, Verb.REMOVE]
    seats = come[columns.has(Trait.STAFF)[come]]
    if every:
        seats = np.sort(np.concatenate([come, gone]))
    passing = [columns.places[Kind.CLASS, verb] for verb in (Verb.ADD, Verb.REMOVE)]
    seats = seats[~np.isin(columns.slots[_CLASS][seats], columns.id[np.concatenate(passing)])]
    _, first = np.unique(columns.slots[_CLASS][seats], return_index=True)
    return {
        class_id: _Suspect(change.school)
        for change in changes.at(seats[np.sort(first)])
        if (class_id := text(change.after or change.before or {}, "class_id")) is not None
    }


def _years(
    connection: Connection, district: str, changes: Changes, suspects: Iterable[_Suspect]
) -> dict[str, str]:
    """The school years of sessions, by id: as they are, were and will be."""
    live = load_kind(connection, district, Kind.ACADEMIC_SESSION)
    wanted = {term for s in suspects for term in _terms(s.before) if term not in live}
    gone = load_some(connection, district, Kind.ACADEMIC_SESSION, sorted(wanted), removed=True)
    known = {i: text(record.values, "school_year") for i, record in (gone | live).items()}
    coming = changes.at(changes.columns.places[Kind.ACADEMIC_SESSION, Verb.ADD])
    known |= {change.id: text(change.after or {}, "school_year") for change in coming}
    return {session: year for session, year in known.items() if year is not None}


_Name = tuple[str | None, str, str]
"""School, title and course: what people know a class by."""


def _name(school: str | None, values: Values) -> _Name | None:
    title, course = text(values, "title"), text(values, "course_id")
    return (school, title, course) if title is not None and course is not None else None


def _given_up(suspects: Mapping[str, _Suspect]) -> dict[_Name, str]:
    """The titles and courses of classes that stay and get another title and another course."""
    return {
        name: class_id
        for class_id, suspect in suspects.items()
        if not suspect.returned and (name := _name(suspect.school, suspect.before)) is not None
    }


def _by_record(
    class_id: str, suspect: _Suspect, years: Mapping[str, str], given_up: Mapping[_Name, str]
) -> ClassTurn:
    before, after = _terms(suspect.before), _terms(suspect.after)
    other_term = bool(before and after) and before.isdisjoint(after)
    was, will_be = ({years.get(term, "") for term in terms} for terms in (before, after))
    courses = [text(values, "course_id") for values in (suspect.before, suspect.after)]
    name = None if suspect.returned else _name(suspect.school, suspect.after)
    return ClassTurn(
        class_id,
        suspect.school,
        other_year=other_term and was.isdisjoint(will_be),
        other_term=other_term,
        other_course=None not in courses and courses[0] != courses[1],
        taken_from=given_up.get(name, "") if name is not None else "",
        returned=suspect.returned,
    )


def _terms(values: Values) -> set[str]:
    terms: Value = values.get("term_ids")
    return set(terms) if isinstance(terms, list) else set()


@dataclass(frozen=True, slots=True)
class _Seats:
    """The seats that come and go in some classes: not those of who keeps one under another id, or
    is re-linked.

    ``leaving`` and ``arriving`` are hashes of person and class together. The rest are numbers by
    the hash of the class: all who leave, students who come, and staff who come.
    """

    leaving: Hashes
    arriving: Hashes
    left: Mapping[int, int]
    came: Mapping[int, int]
    new_staff: Mapping[int, int]

    @classmethod
    def of(cls, changes: Changes, classes: Iterable[str]) -> _Seats:
        """The seats of these classes in a changeset."""
        columns, ids = changes.columns, hashes_of(classes)
        known = taken_over(changes).mask(len(columns))
        come, gone = (_within(columns, verb, ids) for verb in (Verb.ADD, Verb.REMOVE))
        come, gone = come[~known[come]], gone[~known[gone]]
        arriving, leaving = (
            _pairs(columns.slots[_USER][places], columns.slots[_CLASS][places])
            for places in (come, gone)
        )
        taught = columns.has(Trait.STAFF)[come]
        new, over = ~np.isin(arriving, leaving), ~np.isin(leaving, arriving)
        return cls(
            leaving=leaving[over],
            arriving=arriving[new],
            left=_numbers(columns.slots[_CLASS][gone[over]]),
            came=_numbers(columns.slots[_CLASS][come[new & ~taught]]),
            new_staff=_numbers(columns.slots[_CLASS][come[new & taught]]),
        )

    def counted(
        self, turn: ClassTurn, students: int, staff: frozenset[str], former: Former
    ) -> ClassTurn:
        """A turn with the numbers of its students, and whether its teachers are others: than those
        that it had last, where it has none."""
        own = hashes_of([turn.id])
        number = int(own[0])
        going = np.isin(_pairs(hashes_of(sorted(staff)), own), self.leaving)
        returning = _count(former.students, own, self.arriving)
        taught = bool(staff) and bool(going.all())
        if not staff:
            taught = bool(former.staff) and not _count(former.staff, own, self.arriving)
        return replace(
            turn,
            before=students,
            leaving=self.left.get(number, 0) - int(np.count_nonzero(going)),
            arriving=self.came.get(number, 0),
            left=len(former.students) - returning,
            returning=returning,
            newer=len(former.newer) - _count(former.newer, own, self.leaving),
            other_teacher=taught and number in self.new_staff,
        )


def _count(people: frozenset[str], own: Hashes, seats: Hashes) -> int:
    """How many people have one of the seats in a class."""
    return int(np.count_nonzero(np.isin(_pairs(hashes_of(sorted(people)), own), seats)))


def _within(columns: Columns, verb: Verb, classes: Hashes) -> Places:
    """The seats of some classes that come, or go."""
    places = columns.places[Kind.ENROLLMENT, verb]
    return places[np.isin(columns.slots[_CLASS][places], classes)]


def _pairs(people: Hashes, classes: Hashes) -> Hashes:
    """Person and class as one hash."""
    return people * _ODD ^ classes


def _numbers(hashes: Hashes) -> dict[int, int]:
    found, numbers = np.unique(hashes, return_counts=True)
    return dict(zip(found.tolist(), numbers.tolist(), strict=True))
