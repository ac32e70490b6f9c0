"""Compare a snapshot with the directory: ``plan(snapshot, directory) → Changeset``.

A pure function: no clock, no randomness, no store. Unknown is not absent: a record is removed
only when its kind was delivered whole, no quarantined row names it, and everything that it
belongs to is known; or when what it belongs to leaves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rollbook.changes.changeset import (
    Changeset,
    SchoolTallies,
    Scope,
    Tally,
    digest_of,
    in_order,
    tally,
)
from rollbook.changes.labels import label, person_name
from rollbook.changes.references import Checked, check_references
from rollbook.changes.resolve import Merge, group_of, resolve
from rollbook.changes.surroundings import NOTHING, Surroundings
from rollbook.directory.records import Directory
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Values, school_of, text
from rollbook.sources.roster import Roster


@dataclass(frozen=True, slots=True)
class Compared:
    """A changeset, and the records of the snapshot, by kind, that the directory holds once it has
    gone in just as they were read: no merge, no missing owner came between."""

    changeset: Changeset
    as_read: Mapping[Kind, frozenset[str]]


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
            kind: frozenset(
                record_id
                for record_id, record in records[kind].items()
                if roster.records[kind].get(record_id) is record
                and (kind, record_id) not in checked.dangling
            )
            for kind in Kind
        },
    )


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
    held = {kind: {i: r.values for i, r in directory[kind].items()} for kind in Kind}
    schools_before = {**around.schools, **_user_schools(held[Kind.USER])}
    schools_after = schools_before | _user_schools(incoming[Kind.USER])
    people = {
        **around.names.get(Kind.USER, {}),
        **_names(held[Kind.USER]),
        **_names(incoming[Kind.USER]),
    }
    classes = {
        **around.names.get(Kind.CLASS, {}),
        **_titles(held[Kind.CLASS], "title"),
        **_titles(incoming[Kind.CLASS], "title"),
    }
    orgs = _titles(held[Kind.ORG], "name") | _titles(incoming[Kind.ORG], "name")

    changes: list[Change] = []
    totals = {kind: Tally() for kind in Kind}
    schools: SchoolTallies = {}
    live: dict[Scope, int] = {}
    for kind in Kind:
        for record_id, values in held[kind].items():
            school = school_of(kind, record_id, values, schools_before)
            totals[kind].before += 1
            _place(schools, school, kind).before += 1
            group = group_of(values) if kind is Kind.USER else None
            for scope in scopes(kind, school, group):
                live[scope] = live.get(scope, 0) + 1
            if record_id in unknown[kind]:
                totals[kind].unknown += 1
                _place(schools, school, kind).unknown += 1
        for record_id, values in incoming[kind].items():
            school = school_of(kind, record_id, values, schools_after)
            totals[kind].incoming += 1
            _place(schools, school, kind).incoming += 1
            before = directory[kind].get(record_id)
            shown, verb, old, version = values, Verb.ADD, None, None
            if before is not None:
                if before.values == values:
                    continue
                old, shown = differing(before.values, values)
                verb, version = Verb.UPDATE, before.version
            changes.append(
                Change(
                    kind=kind,
                    verb=verb,
                    id=record_id,
                    before=old,
                    after=shown,
                    school=school,
                    role=group_of(values) if kind is Kind.USER else None,
                    label=label(kind, record_id, values, people, classes, orgs),
                    before_version=version,
                )
            )
        for record_id in removed[kind]:
            values = held[kind][record_id]
            changes.append(
                Change(
                    kind=kind,
                    verb=Verb.REMOVE,
                    id=record_id,
                    before=values,
                    after=None,
                    school=school_of(kind, record_id, values, schools_before),
                    role=group_of(values) if kind is Kind.USER else None,
                    label=label(kind, record_id, values, people, classes, orgs),
                    before_version=directory[kind][record_id].version,
                    merged_into=(merged_into or {}).get(record_id) if kind is Kind.USER else None,
                )
            )
    ordered = in_order(changes)
    by_school = _students(incoming[Kind.USER])
    if around.tallies is not None:
        live = _add_surroundings(around, around.tallies, totals, schools)
        by_school += Counter(
            {s: n for (k, s, r), n in around.tallies.items() if r is RoleGroup.STUDENT}
        )
        by_school -= _students(held[Kind.USER])
    tally(ordered, totals, schools)
    return Changeset(
        changes=ordered,
        digest=digest_of(ordered),
        totals=totals,
        schools=schools,
        live=live,
        findings=checked.findings if checked else (),
        rejected=checked.rejected if checked else {},
        incoming_students=by_school.total(),
        students_by_school={school: n for school, n in by_school.items() if school is not None},
    )


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
    names = {n for n in before.keys() | after.keys() if before.get(n) != after.get(n)}
    return (
        {n: v for n, v in before.items() if n in names},
        {n: v for n, v in after.items() if n in names},
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
