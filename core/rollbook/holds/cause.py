"""The likely cause of a hold, from what can be seen in the changeset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass

from rollbook.changes.rekeyed import reappearing
from rollbook.holds.judgement import Case
from rollbook.holds.words import plural
from rollbook.roster.changes import Change, Verb
from rollbook.roster.findings import Severity
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Values, text


@dataclass(frozen=True, slots=True)
class Seen:
    """What explanations look for in all of a changeset, looked up once for all of its holds.

    ``gone`` are schools that leave, ``arriving`` the names and grades of the people who come,
    ``with_child`` guardians of students who leave, ``reappearing`` the positions of classes that
    come back; years are those of sessions that come and go.
    """

    gone: frozenset[str]
    arriving: frozenset[Hashable]
    with_child: frozenset[object]
    new_years: tuple[str, ...]
    old_years: frozenset[str]
    sessions_change: bool
    reappearing: frozenset[int]


def look(case: Case) -> Seen:
    """What there is to see in a case."""
    changes = case.changeset.changes
    sessions = [
        (c.verb, text(c.after or c.before or {}, "school_year"))
        for c in changes
        if c.kind is Kind.ACADEMIC_SESSION and c.verb is not Verb.UPDATE
    ]
    removed = frozenset(c.id for c in changes if c.verb is Verb.REMOVE)
    return Seen(
        gone=frozenset(
            c.id
            for c in changes
            if c.kind is Kind.ORG
            and c.verb is Verb.REMOVE
            and (c.before or {}).get("type") == "school"
        ),
        arriving=frozenset(
            _identity(c.after or {}) for c in changes if c.kind is Kind.USER and c.verb is Verb.ADD
        ),
        with_child=frozenset(
            (c.before or {}).get("guardian_id")
            for c in changes
            if c.kind is Kind.GUARDIAN
            and c.verb is Verb.REMOVE
            and (c.before or {}).get("student_id") in removed
        ),
        new_years=tuple(sorted({y for verb, y in sessions if verb is Verb.ADD and y})),
        old_years=frozenset(y for verb, y in sessions if verb is Verb.REMOVE and y),
        sessions_change=any(c.kind is Kind.ACADEMIC_SESSION for c in changes),
        reappearing=reappearing(changes, Kind.CLASS),
    )


def _identity(values: Values) -> Hashable:
    return (values.get("given_name"), values.get("family_name"), values.get("grades") and 1)


def likely_cause(case: Case, positions: frozenset[int], seen: Seen | None = None) -> str:
    """The first of several explanations that the data support, or that none is seen."""
    seen = seen or look(case)
    changes = [case.changeset.changes[p] for p in sorted(positions)]
    verbs = {change.verb for change in changes}
    if case.inverse:
        return "These are records that the undone run had added."
    for explain in EXPLANATIONS:
        if found := explain(case, positions, seen):
            return found
    if verbs == {Verb.ADD}:
        return "No cause is seen in the data: ask what was added to the export."
    schools = Counter(change.school for change in changes)
    school, count = schools.most_common(1)[0]
    if school is not None and len(schools) > 1 and count * 2 > len(changes):
        name = case.school_names.get(school, school)
        return f"{count:,} of {len(changes):,} belong to {name}: its export may be short."
    return "No cause is seen in the data: the file may be short, or they really left."


def _other_district(case: Case, positions: frozenset[int], seen: Seen) -> str:
    users = case.changeset.totals[Kind.USER]
    if users.before and users.remove and users.before - users.remove < users.before * 0.2:
        known = users.before - users.remove
        return (
            f"Only {known:,} of {users.before:,} known people are in this input: "
            "it looks like another district's file, or the ids are new."
        )
    return ""


def _school_gone(case: Case, positions: frozenset[int], seen: Seen) -> str:
    touched = {case.changeset.changes[p].school or "" for p in positions}
    names = [case.school_names.get(school, school) for school in seen.gone & touched]
    if not names:
        return ""
    return f"{', '.join(sorted(names)[:3])} is no longer in orgs.csv."


def _still_referred_to(case: Case, positions: frozenset[int], seen: Seen) -> str:
    removed = {
        case.changeset.changes[p].id
        for p in positions
        if case.changeset.changes[p].kind is Kind.USER
    }
    if not removed:
        return ""
    rows = sum(
        finding.count
        for finding in case.changeset.findings
        if finding.code == "dangling-reference"
        and finding.severity is Severity.WARNING
        and finding.kind in (Kind.ENROLLMENT, Kind.DEMOGRAPHICS)
    )
    if not rows:
        return ""
    return (
        f"{rows:,} rows of other files still refer to people who are missing from users.csv: "
        "that file is probably short."
    )


def _new_ids(case: Case, positions: frozenset[int], seen: Seen) -> str:
    removed = [
        case.changeset.changes[p]
        for p in positions
        if case.changeset.changes[p].kind is Kind.USER
        and case.changeset.changes[p].verb is Verb.REMOVE
    ]
    back = sum(_identity(change.before or {}) in seen.arriving for change in removed)
    if removed and back * 5 >= len(removed):
        return f"{back:,} of {len(removed):,} come back under new ids: the id scheme has changed."
    return ""


def _new_year(case: Case, positions: frozenset[int], seen: Seen) -> str:
    kinds = {case.changeset.changes[p].kind for p in positions}
    new = seen.new_years
    if not new or new[-1] in seen.old_years or not kinds & _OF_THE_YEAR:
        return ""
    what = " and ".join(plural(kind) for kind in Kind if kind in kinds & _OF_THE_YEAR)
    return f"A new school year ({new[-1]}) has begun in the SIS: {what} are replaced."


def _graduates(case: Case, positions: frozenset[int], seen: Seen) -> str:
    """Students who leave from the top grade that their school has."""
    changes = [case.changeset.changes[p] for p in positions]
    students = [c for c in changes if c.kind is Kind.USER and c.role is RoleGroup.STUDENT]
    grades = Counter(grade for c in students for grade in _grades(c))
    if not grades:
        return ""
    grade, count = grades.most_common(1)[0]
    if count * 10 < len(students) * 9 or not seen.sessions_change:
        return ""
    return (
        f"{count:,} of {len(students):,} were in grade {grade} and the academic sessions change: "
        "they look like graduates."
    )


def _grades(change: Change) -> list[str]:
    grades = (change.before or {}).get("grades")
    return grades if isinstance(grades, list) else []


def _children_leave(case: Case, positions: frozenset[int], seen: Seen) -> str:
    """Guardians who go because the students whom they belong to go."""
    guardians = {
        case.changeset.changes[p].id
        for p in positions
        if case.changeset.changes[p].role is RoleGroup.GUARDIAN
    }
    explained = len(guardians & seen.with_child)
    if not guardians or explained * 10 < len(guardians) * 9:
        return ""
    return f"{explained:,} of {len(guardians):,} are guardians of students who leave as well."


def _same_under_new_ids(case: Case, positions: frozenset[int], seen: Seen) -> str:
    classes = [p for p in positions if case.changeset.changes[p].kind is Kind.CLASS]
    back = seen.reappearing.intersection(classes)
    if not back or len(back) * 5 < len(classes):
        return ""
    return f"{len(back):,} of {len(classes):,} classes come back under new ids."


_OF_THE_YEAR = frozenset({Kind.ACADEMIC_SESSION, Kind.COURSE, Kind.CLASS, Kind.ENROLLMENT})

EXPLANATIONS = (
    _other_district,
    _school_gone,
    _still_referred_to,
    _new_ids,
    _graduates,
    _children_leave,
    _new_year,
    _same_under_new_ids,
)
"""Explanations in the order in which they are tried."""
