"""R7: somebody whom a sync must never take out by itself would go, or lose a role."""

from __future__ import annotations

from itertools import compress

import numpy as np

from rollbook.changes.access import disables
from rollbook.changes.columns import hashes_of
from rollbook.changes.positions import Mask, Places, Positions, places_of
from rollbook.changes.shapes import Trait, role_parts
from rollbook.holds.judgement import Case, Raised
from rollbook.roster.changes import Change, Verb
from rollbook.roster.first_few import first_few
from rollbook.roster.kinds import ADMINISTRATORS, Kind
from rollbook.roster.records import text


def privileged(case: Case, known: Mask) -> list[Raised]:
    """One hold of its own for every removal, disabling or change of role of privileged people.

    An undo takes back what came in, and is looked at for what it removes only.
    """
    touched: dict[int, str] = {}
    suspects = _suspects(case, known)
    for position, change in zip(
        suspects.tolist(), case.changeset.changes.at(suspects), strict=True
    ):
        person = _privileged_person(case, change)
        if person is not None and (not case.inverse or change.verb is Verb.REMOVE):
            touched[position] = person
    if not touched:
        return []
    arriving = case.columns.id[case.columns.places[Kind.USER, Verb.ADD]]
    known_before = ~np.isin(hashes_of(touched.values()), arriving)
    touched = dict(compress(touched.items(), known_before.tolist()))
    people = sorted(set(touched.values()))
    if not people:
        return []
    positions = Positions.of(touched)
    cells = case.columns.cells(positions.places)
    verbs = {verb for _, verb, _, _ in cells}
    removed = sum(
        number
        for (kind, verb, _, _), number in cells.items()
        if kind is Kind.USER and verb is Verb.REMOVE
    )
    noun = "person" if len(people) == 1 else "people"
    return [
        Raised(
            rule="R7",
            title="privileged people",
            kind=Kind.USER,
            verb=verbs.pop() if len(verbs) == 1 else None,
            school=None,
            role=None,
            count=len(people),
            base=case.changeset.live.get((Kind.USER, None, None), 0),
            why=f"{len(people):,} {noun} who administer a school or the district, are protected, "
            f"or work at this desk would go or lose or change a role ({removed:,} would be "
            f"removed): {first_few(people)}.",
            cause="One or two may have left; more than that is seldom meant. Ask somebody who "
            "knows them.",
            whole_run=False,
            positions=positions,
        )
    ]


def _suspects(case: Case, known: Mask) -> Places:
    """Where those stand who may be privileged: administrators by what the change says, and people
    whose ids are known to be."""
    columns = case.columns
    people = hashes_of(case.privileged)
    among = columns.of(Kind.USER) & np.isin(columns.id, people)
    among |= columns.of(Kind.ROLE) & np.isin(columns.slots[2], people)
    return places_of((among | columns.has(Trait.ADMINISTERS)) & case.unpaused() & ~known)


def _privileged_person(case: Case, change: Change) -> str | None:
    """The id of the privileged person whom a change takes something from, or gives a role to."""
    before, after = change.before or {}, change.after or {}
    if change.kind is Kind.USER and change.verb is not Verb.ADD:
        roles = {text(before, "primary_role"), text(after, "primary_role")}
        changes_role = "primary_role" in before or "primary_role" in after
        grave = change.verb is Verb.REMOVE or disables(change) or changes_role
        return (
            change.id if grave and (change.id in case.privileged or _administers(roles)) else None
        )
    if change.kind is Kind.ROLE:
        return _role_holder(case, change)
    return None


def _role_holder(case: Case, change: Change) -> str | None:
    user, role = role_parts(change)
    ends = "end_date" in (change.before or {}) or "end_date" in (change.after or {})
    if change.verb is Verb.UPDATE and not ends:
        return None
    return user if user in case.privileged or _administers({role}) else None


def _administers(roles: set[str | None]) -> bool:
    return bool(roles & ADMINISTRATORS)
