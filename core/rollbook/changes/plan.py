"""Compare a snapshot with the directory: ``plan(snapshot, directory) → Changeset``.

A pure function: no clock, no randomness, no store. Unknown is not absent: a record is removed
only when its kind was delivered whole, no quarantined row names it, and everything that it
belongs to is known; or when what it belongs to leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import repeat
from operator import attrgetter, is_

from rollbook.changes.changeset import (
    Changeset,
    Ownerless,
    SchoolTallies,
    Scope,
    Tally,
    in_order,
)
from rollbook.changes.labels import labels_of, person_name
from rollbook.changes.references import Checked, check_references
from rollbook.changes.resolve import Merge, group_of, resolve
from rollbook.changes.sequence import Changes
from rollbook.changes.surroundings import NOTHING, Surroundings
from rollbook.directory.records import Directory, LiveRecord
from rollbook.roster.changes import Change, Verb, changes_of
from rollbook.roster.findings import Finding
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Record, Values, schools_of, text
from rollbook.sources.roster import Roster


@dataclass(frozen=True, slots=True)
class Compared:
    """A changeset, and the records of the snapshot, by kind, that the directory holds once it has
    gone in just as they were read: no merge, no missing owner came between."""

    changeset: Changeset
    as_read: Mapping[Kind, Set[str]]


def plan(roster: Roster, directory: Directory, merges: Sequence[Merge] = ()) -> Changeset:
    """The changeset that takes ``directory`` to ``roster``."""
    return compare(roster, directory, merges).changeset


def compare(
    roster: Roster,
    directory: Directory,
    merges: Sequence[Merge] = (),
    around: Surroundings = NOTHING,
) -> Compared:
    """Compare a snapshot, or a part of it, with the directory, or the same part of that."""
    records = {kind: dict(roster.records[kind]) for kind in Kind}
    protected = {kind: set(roster.protected.get(kind, ())) for kind in Kind}
    resolve(records, protected, roster.complete, directory, merges)
    checked = check_references(
        records, protected, roster.complete, directory, roster.places, around
    )
    changeset = assemble(
        directory,
        {kind: {r.id: r.values for r in records[kind].values()} for kind in Kind},
        removed=checked.removed,
        unknown=checked.unknown,
        checked=checked,
        around=around,
    )
    return Compared(
        changeset,
        {
            kind: held_as_read(kind, records[kind], roster.records[kind], checked.dangling)
            for kind in Kind
        },
    )


def held_as_read(
    kind: Kind,
    records: Mapping[str, Record],
    read: Mapping[str, Record],
    dangling: Set[tuple[Kind, str]],
) -> Set[str]:
    """The ids of ``records`` that are still those that were ``read``, and of which there was
    nothing to say."""
    same = len(records) == len(read) and all(map(is_, records.values(), read.values()))
    if same and not any(of is kind for of, _ in dangling):
        return read.keys()
    return {
        record_id
        for record_id, record in records.items()
        if read.get(record_id) is record and (kind, record_id) not in dangling
    }


def assemble(
    directory: Directory,
    incoming: Mapping[Kind, Mapping[str, Values]],
    *,
    removed: Mapping[Kind, set[str]],
    unknown: Mapping[Kind, set[str]],
    checked: Checked | None = None,
    merged_into: Mapping[str, str] | None = None,
    around: Surroundings = NOTHING,
) -> Changeset:
    """The changeset that leaves ``directory`` with ``incoming`` and without ``removed``.

    Records in neither stay as they are. ``merged_into`` names the survivor of removed users.
    """
    assembly = Assembly(around)
    ordered = in_order(
        assembly.add(tuple(Kind), directory, incoming, removed, unknown, merged_into or {})
    )
    return assembly.changeset(
        ordered,
        checked.findings if checked else (),
        checked.rejected if checked else {},
        checked.ownerless if checked else Counter(),
    )


class Assembly:
    """Puts changes together and counts them: of all kinds at once, or slice by slice of people with
    what belongs to them, after the kinds to which all of these refer."""

    def __init__(self, around: Surroundings = NOTHING) -> None:
        self._around = around
        self._totals = {kind: Tally() for kind in Kind}
        self._schools: SchoolTallies = {}
        self._live: Counter[Scope] = Counter()
        self._students: Counter[str | None] = Counter()
        self._students_before: Counter[str | None] = Counter()
        self._classes = dict(around.names.get(Kind.CLASS, {}))
        self._orgs: dict[str, str] = {}

    def add(
        self,
        kinds: Sequence[Kind],
        directory: Directory,
        incoming: Mapping[Kind, Mapping[str, Values]],
        removed: Mapping[Kind, Set[str]],
        unknown: Mapping[Kind, Set[str]],
        merged_into: Mapping[str, str],
    ) -> list[Change]:
        """The changes of some kinds, in no order; people come with what belongs to them."""
        held = {kind: {i: r.values for i, r in directory[kind].items()} for kind in kinds}
        users, arriving = held.get(Kind.USER, {}), incoming.get(Kind.USER, {})
        before = {**self._around.schools, **_user_schools(users)}
        after = before | _user_schools(arriving)
        people = {**self._around.names.get(Kind.USER, {}), **_names(users), **_names(arriving)}
        if Kind.CLASS in kinds:
            self._classes |= _titles(held[Kind.CLASS], "title")
            self._classes |= _titles(incoming[Kind.CLASS], "title")
        if Kind.ORG in kinds:
            self._orgs |= _titles(held[Kind.ORG], "name")
            self._orgs |= _titles(incoming[Kind.ORG], "name")
        self._students += _students(arriving)
        self._students_before += _students(users)
        changes: list[Change] = []
        for kind in kinds:
            place_of = schools_of(kind, after)
            label_of = labels_of(kind, people, self._classes, self._orgs)
            self._count_held(kind, held[kind], unknown[kind], schools_of(kind, before))
            self._compare(kind, directory[kind], incoming[kind], place_of, label_of, changes)
            place_of = schools_of(kind, before)
            gone = list(removed[kind])
            left = [held[kind][record_id] for record_id in gone]
            is_user = kind is Kind.USER
            changes += changes_of(
                kind,
                Verb.REMOVE,
                gone,
                before=left,
                after=repeat(None),
                schools=map(place_of, gone, left),
                roles=map(group_of, left) if is_user else repeat(None),
                labels=map(label_of, gone, left),
                versions=[directory[kind][record_id].version for record_id in gone],
                merged_into=map(merged_into.get, gone) if is_user else repeat(None),
            )
        for (kind, verb, school), number in Counter(map(_COUNTED, changes)).items():
            self._totals[kind].count(verb, number)
            _place(self._schools, school, kind).count(verb, number)
        return changes

    def _count_held(
        self,
        kind: Kind,
        held: Mapping[str, Values],
        unknown: Set[str],
        place_of: Callable[[str, Values], str | None],
    ) -> None:
        places: Counter[tuple[str | None, RoleGroup | None]] = Counter(
            (place_of(i, values), group_of(values) if kind is Kind.USER else None)
            for i, values in held.items()
        )
        for (school, group), number in places.items():
            self._totals[kind].before += number
            _place(self._schools, school, kind).before += number
            for scope in scopes(kind, school, group):
                self._live[scope] += number
        for record_id in unknown:
            if record_id in held:
                self._totals[kind].unknown += 1
                school = place_of(record_id, held[record_id])
                _place(self._schools, school, kind).unknown += 1

    def _compare(
        self,
        kind: Kind,
        held: Mapping[str, LiveRecord],
        incoming: Mapping[str, Values],
        place_of: Callable[[str, Values], str | None],
        label_of: Callable[[str, Values], str],
        changes: list[Change],
    ) -> None:
        """Add in place what is added and updated of a kind."""
        new: Mapping[str, Values] = incoming
        places: Counter[str | None] = Counter()
        if held and not held.keys().isdisjoint(incoming):
            new = {i: values for i, values in incoming.items() if i not in held}
            for record_id in incoming.keys() & held.keys():
                values, before = incoming[record_id], held[record_id]
                school = place_of(record_id, values)
                places[school] += 1
                if before.values == values:
                    continue
                old, shown = differing(before.values, values)
                changes.append(
                    Change(
                        kind,
                        Verb.UPDATE,
                        record_id,
                        old,
                        shown,
                        school,
                        group_of(values) if kind is Kind.USER else None,
                        label_of(record_id, values),
                        before.version,
                    )
                )
        schools = list(map(place_of, new, new.values()))
        places.update(schools)
        changes += changes_of(
            kind,
            Verb.ADD,
            new,
            before=repeat(None),
            after=new.values(),
            schools=schools,
            roles=map(group_of, new.values()) if kind is Kind.USER else repeat(None),
            labels=map(label_of, new, new.values()),
            versions=repeat(None),
            merged_into=repeat(None),
        )
        self._totals[kind].incoming += len(incoming)
        for school, number in places.items():
            _place(self._schools, school, kind).incoming += number

    def changeset(
        self,
        changes: Changes,
        findings: tuple[Finding, ...],
        rejected: Mapping[Kind, int],
        ownerless: Ownerless,
    ) -> Changeset:
        """All that was added, counted; ``changes`` are in order."""
        live: Mapping[Scope, int] = self._live
        by_school = self._students
        if self._around.tallies is not None:
            tallies = self._around.tallies
            live = _add_surroundings(self._around, tallies, self._totals, self._schools)
            by_school += Counter(
                {s: n for (k, s, r), n in tallies.items() if r is RoleGroup.STUDENT}
            )
            by_school -= self._students_before
        return Changeset(
            changes=changes,
            digest=changes.digest,
            totals=self._totals,
            schools=self._schools,
            live=live,
            findings=findings,
            rejected=rejected,
            ownerless=ownerless,
            incoming_students=by_school.total(),
            students_by_school={s: n for s, n in by_school.items() if s is not None},
        )


_COUNTED = attrgetter("kind", "verb", "school")


def _students(users: Mapping[str, Values]) -> Counter[str | None]:
    """Students by school."""
    return Counter(
        text(values, "primary_org_id")
        for values in users.values()
        if group_of(values) is RoleGroup.STUDENT
    )


def _add_surroundings(
    around: Surroundings,
    tallies: Mapping[Scope, int],
    totals: dict[Kind, Tally],
    schools: SchoolTallies,
) -> dict[Scope, int]:
    """Count in, in place, what was not compared: it comes again as it was, or nobody can tell.

    Returns the live records by scope, of the whole directory.
    """
    live: dict[Scope, int] = {}
    whole: Counter[tuple[Kind, str | None]] = Counter()
    for (kind, school, role), number in tallies.items():
        whole[kind, school] += number
        for scope in scopes(kind, school, role):
            live[scope] = live.get(scope, 0) + number
    for (kind, school), number in whole.items():
        place = _place(schools, school, kind)
        outside = number - place.before
        for line in (place, totals[kind]):
            line.before += outside
            if kind in around.unread:
                line.unknown += outside
            else:
                line.incoming += outside
    return live


def scopes(kind: Kind, school: str | None, group: RoleGroup | None) -> tuple[Scope, ...]:
    """The scopes that a record counts in, the narrowest first."""
    narrow: list[Scope] = []
    if group is not None and school is not None:
        narrow.append((kind, school, group))
    if school is not None:
        narrow.append((kind, school, None))
    if group is not None:
        narrow.append((kind, None, group))
    return (*narrow, (kind, None, None))


def differing(before: Values, after: Values) -> tuple[Values, Values]:
    """The fields in which two records differ, as they were and as they will be."""
    return (
        {n: v for n, v in before.items() if after.get(n) != v},
        {n: v for n, v in after.items() if before.get(n) != v},
    )


def _place(schools: SchoolTallies, school: str | None, kind: Kind) -> Tally:
    return schools.setdefault(school, {}).setdefault(kind, Tally())


def _user_schools(users: Mapping[str, Values]) -> dict[str, str]:
    found = ((user, text(values, "primary_org_id")) for user, values in users.items())
    return {user: school for user, school in found if school is not None}


def _names(users: Mapping[str, Values]) -> dict[str, str]:
    return {user: person_name(values) for user, values in users.items()}


def _titles(records: Mapping[str, Values], field: str) -> dict[str, str]:
    found = ((record_id, text(values, field)) for record_id, values in records.items())
    return {record_id: title for record_id, title in found if title is not None}
