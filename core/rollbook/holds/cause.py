"""The likely cause of a hold, from what can be seen in the changeset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rollbook.changes.columns import GROUP_CODES, Hashes
from rollbook.changes.positions import Mask, Places, Positions
from rollbook.changes.rekeyed import reappearing
from rollbook.holds.judgement import Case
from rollbook.holds.words import plural
from rollbook.roster.changes import Change, Verb
from rollbook.roster.findings import Severity
from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Values, text


class Seen:
    """What explanations look for in all of a changeset: looked up once for all of its holds, and
    only when one asks."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._reappearing: dict[Kind, Positions] = {}

    def reappearing(self, kind: Kind) -> Positions:
        """The positions of people or classes who leave and have a counterpart that comes."""
        if kind not in self._reappearing:
            self._reappearing[kind] = reappearing(self.case.changeset.changes, kind)
        return self._reappearing[kind]

    @cached_property
    def gone(self) -> frozenset[str]:
        """Schools that leave."""
        orgs = self._all(Kind.ORG, Verb.REMOVE)
        return frozenset(c.id for c in orgs if (c.before or {}).get("type") == "school")

    @cached_property
    def back(self) -> Mask:
        """The people who leave while somebody of the same name and grades comes."""
        places = self.case.columns.places
        found = np.zeros(len(self.case.columns), np.bool_)
        gone, come = places[Kind.USER, Verb.REMOVE], places[Kind.USER, Verb.ADD]
        if len(gone) and len(come):
            arriving = _hashes(_identity(c.after) for c in self._all(Kind.USER, Verb.ADD))
            leaving = _hashes(_identity(c.before) for c in self._all(Kind.USER, Verb.REMOVE))
            found[gone] = np.isin(leaving, arriving)
        return found

    @cached_property
    def with_child(self) -> Hashes:
        """The ids, hashed, of the guardians of students who leave."""
        columns = self.case.columns
        removed = columns.id[columns.of(verb=Verb.REMOVE)]
        links = columns.places[Kind.GUARDIAN, Verb.REMOVE]
        students, guardians = (slot[links] for slot in columns.slots[:2])
        return guardians[np.isin(students, removed)]

    @cached_property
    def new_years(self) -> list[str]:
        """The school years of sessions that come."""
        return self._years(Verb.ADD)

    @cached_property
    def old_years(self) -> list[str]:
        """The school years of sessions that leave."""
        return self._years(Verb.REMOVE)

    @cached_property
    def sessions_change(self) -> bool:
        """Whether anything happens to an academic session."""
        return bool(self.case.columns.of(Kind.ACADEMIC_SESSION).any())

    def _years(self, verb: Verb) -> list[str]:
        sessions = self._all(Kind.ACADEMIC_SESSION, verb)
        years = {text(c.after or c.before or {}, "school_year") for c in sessions}
        return sorted(year for year in years if year)

    def _all(self, kind: Kind, verb: Verb) -> Iterable[Change]:
        changes = self.case.changeset.changes
        return changes.at(changes.columns.places[kind, verb])


def _identity(values: Values | None) -> Hashable:
    values = values or {}
    return (values.get("given_name"), values.get("family_name"), values.get("grades") and 1)


def _hashes(identities: Iterable[Hashable]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, identities), np.int64)


def likely_cause(case: Case, positions: Places, seen: Seen) -> str:
    """The first of several explanations that the data support, or that none is seen."""
    if case.inverse:
        return "These are records that the undone run had added."
    for explain in EXPLANATIONS:
        if found := explain(case, positions, seen):
            return found
    if case.columns.of(verb=Verb.ADD)[positions].all():
        return "No cause is seen in the data: ask what was added to the export."
    numbers = np.bincount(case.columns.school[positions])
    most = int(numbers.argmax())
    school, count = case.columns.schools[most], int(numbers[most])
    if school is not None and np.count_nonzero(numbers) > 1 and count * 2 > len(positions):
        name = case.school_names.get(school, school)
        return f"{count:,} of {len(positions):,} belong to {name}: its export may be short."
    return "No cause is seen in the data: the file may be short, or they really left."


def _other_district(case: Case, positions: Places, seen: Seen) -> str:
    users = case.changeset.totals[Kind.USER]
    if users.before and users.remove and users.before - users.remove < users.before * 0.2:
        known = users.before - users.remove
        return (
            f"Only {known:,} of {users.before:,} known people are in this input: "
            "it looks like another district's file, or the ids are new."
        )
    return ""


def _school_gone(case: Case, positions: Places, seen: Seen) -> str:
    if not seen.gone:
        return ""
    columns = case.columns
    touched = {columns.schools[code] for code in np.unique(columns.school[positions]).tolist()}
    names = [case.school_names.get(school, school) for school in seen.gone & touched]
    if not names:
        return ""
    return f"{', '.join(sorted(names)[:3])} is no longer in orgs.csv."


def _still_referred_to(case: Case, positions: Places, seen: Seen) -> str:
    if not case.columns.of(Kind.USER)[positions].any():
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


def _new_ids(case: Case, positions: Places, seen: Seen) -> str:
    removed = int(np.count_nonzero(case.columns.of(Kind.USER, Verb.REMOVE)[positions]))
    back = int(np.count_nonzero(seen.back[positions])) if removed else 0
    if removed and back * 5 >= removed:
        return f"{back:,} of {removed:,} come back under new ids: the id scheme has changed."
    return ""


def _new_year(case: Case, positions: Places, seen: Seen) -> str:
    kinds = {kind for kind, _, _, _ in case.columns.cells(positions)}
    new = seen.new_years
    if not new or new[-1] in seen.old_years or not kinds & _OF_THE_YEAR:
        return ""
    what = " and ".join(plural(kind) for kind in Kind if kind in kinds & _OF_THE_YEAR)
    return f"A new school year ({new[-1]}) has begun in the SIS: {what} are replaced."


def _graduates(case: Case, positions: Places, seen: Seen) -> str:
    """Students who leave from the top grade that their school has."""
    if not seen.sessions_change:
        return ""
    columns = case.columns
    students = positions[columns.of(Kind.USER)[positions]]
    students = students[columns.group[students] == GROUP_CODES[RoleGroup.STUDENT]]
    grades = Counter(grade for c in case.changeset.changes.at(students) for grade in _grades(c))
    if not grades:
        return ""
    grade, count = grades.most_common(1)[0]
    if count * 10 < len(students) * 9:
        return ""
    return (
        f"{count:,} of {len(students):,} were in grade {grade} and the academic sessions change: "
        "they look like graduates."
    )


def _grades(change: Change) -> list[str]:
    grades = (change.before or {}).get("grades")
    return grades if isinstance(grades, list) else []


def _children_leave(case: Case, positions: Places, seen: Seen) -> str:
    """Guardians who go because the students whom they belong to go."""
    columns = case.columns
    guardians = positions[columns.group[positions] == GROUP_CODES[RoleGroup.GUARDIAN]]
    if not len(guardians):
        return ""
    explained = int(np.count_nonzero(np.isin(columns.id[guardians], seen.with_child)))
    if explained * 10 < len(guardians) * 9:
        return ""
    return f"{explained:,} of {len(guardians):,} are guardians of students who leave as well."


def _same_under_new_ids(case: Case, positions: Places, seen: Seen) -> str:
    classes = positions[case.columns.of(Kind.CLASS)[positions]]
    if not len(classes):
        return ""
    back = int(np.count_nonzero(np.isin(classes, seen.reappearing(Kind.CLASS).places)))
    if not back or back * 5 < len(classes):
        return ""
    return f"{back:,} of {len(classes):,} classes come back under new ids."


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
