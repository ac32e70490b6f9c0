"""Compare a snapshot with the directory: ``plan(snapshot, directory) → Changeset``.

A pure function: no clock, no randomness, no store. Unknown is not absent: a record is removed
only when its kind was delivered whole, no quarantined row names it, and everything that it
belongs to is known; or when what it belongs to leaves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
from rollbook.directory.records import Directory
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Values, school_of, text
from rollbook.sources.roster import Roster


def plan(roster: Roster, directory: Directory, merges: Sequence[Merge] = ()) -> Changeset:
    """The changeset that takes ``directory`` to ``roster``."""
    records = {kind: dict(roster.records[kind]) for kind in Kind}
    protected = {kind: set(roster.protected.get(kind, ())) for kind in Kind}
    resolve(records, protected, roster.complete, directory, merges)
    checked = check_references(records, protected, roster.complete, directory, roster.places)
    return assemble(
        directory,
        {kind: {r.id: r.values for r in records[kind].values()} for kind in Kind},
        removed=checked.removed,
        unknown=checked.unknown,
        checked=checked,
    )


def assemble(
    directory: Directory,
    incoming: Mapping[Kind, Mapping[str, Values]],
    *,
    removed: Mapping[Kind, set[str]],
    unknown: Mapping[Kind, set[str]],
    checked: Checked | None = None,
    merged_into: Mapping[str, str] | None = None,
) -> Changeset:
    """The changeset that leaves ``directory`` with ``incoming`` and without ``removed``.

    Records in neither stay as they are. ``merged_into`` names the survivor of removed users.
    """
    held = {kind: {i: r.values for i, r in directory[kind].items()} for kind in Kind}
    schools_before = _user_schools(held[Kind.USER])
    schools_after = schools_before | _user_schools(incoming[Kind.USER])
    people = _names(held[Kind.USER]) | _names(incoming[Kind.USER])
    classes = _titles(held[Kind.CLASS], "title") | _titles(incoming[Kind.CLASS], "title")
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
    tally(ordered, totals, schools)
    students = [v for v in incoming[Kind.USER].values() if group_of(v) is RoleGroup.STUDENT]
    by_school: dict[str, int] = {}
    for values in students:
        if school_id := text(values, "primary_org_id"):
            by_school[school_id] = by_school.get(school_id, 0) + 1
    return Changeset(
        changes=ordered,
        digest=digest_of(ordered),
        totals=totals,
        schools=schools,
        live=live,
        findings=checked.findings if checked else (),
        rejected=checked.rejected if checked else {},
        incoming_students=len(students),
        students_by_school=by_school,
    )


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
