"""R0: a school, or the district, would be left without any of a kind."""

from __future__ import annotations

from functools import reduce

import numpy as np

from rollbook.changes.changeset import Scope
from rollbook.changes.positions import Places, Positions, places_of
from rollbook.changes.shapes import Trait
from rollbook.changes.waiting import along, belongings
from rollbook.holds.cause import Seen, likely_cause
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.removals import Removals
from rollbook.holds.words import whole_scope_words
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import KIND_ORDER, Kind

_SCHOOL_FIELDS = frozenset({"school_id", "org_id", "primary_org_id"})


def wipe_out(case: Case, removals: Removals, seen: Seen) -> list[Raised]:
    """R0: a kind that a school (or the district) had would have none left, or none let in."""
    columns = case.columns
    stays = columns.has(Trait.UNENROLLS)
    leaving = {scope: positions[~stays[positions]] for scope, positions in removals.items()}
    arriving = _arriving(case) if removals else set()
    deviates = case.deviating()
    wiped = [
        scope
        for scope, positions in leaving.items()
        if scope[2] is None
        and len(positions) >= case.changeset.live.get(scope, 0) > 0
        and scope not in arriving
        and deviates[positions].any()
    ]
    if not wiped:
        return []
    wiped.sort(
        key=lambda s: (s[0] is not Kind.USER, KIND_ORDER[s[0]], s[1] is not None, s[1] or "")
    )
    positions = reduce(np.union1d, (leaving[scope] for scope in wiped))
    kinds = {scope[0] for scope in wiped}
    schools = {scope[1] for scope in wiped if scope[1] is not None}
    lines = [
        whole_scope_words(case.changeset.live[scope], scope[0], scope[1], case.school_names)
        for scope in wiped
        if scope[1] is None or (scope[0], None, None) not in wiped
    ]
    more = f" and {len(lines) - 4} more" if len(lines) > 4 else ""
    whole = any(school is None for _, school, _ in wiped)
    return [
        Raised(
            rule="R0",
            title="wipe-out",
            kind=kinds.pop() if len(kinds) == 1 else None,
            verb=Verb.REMOVE if columns.of(verb=Verb.REMOVE)[positions].all() else None,
            school=schools.pop() if len(schools) == 1 and not whole else None,
            role=None,
            count=len(positions),
            base=_live_of(case, positions),
            why=f"Nothing would be left of {'; '.join(lines[:4])}{more}."
            if not columns.has(Trait.DISABLES)[positions].any()
            else f"Nobody would be let in any more of {'; '.join(lines[:4])}{more}.",
            cause=likely_cause(case, positions, seen),
            whole_run=True,
            positions=_with_all_that_belongs(case, positions),
        )
    ]


def _arriving(case: Case) -> set[Scope]:
    """The kinds that some get, by school and of the district."""
    columns = case.columns
    comes = columns.shaped(
        shape.verb is Verb.ADD
        or (shape.verb is Verb.UPDATE and not _SCHOOL_FIELDS.isdisjoint(shape.before or ()))
        for shape in columns.shapes
    )
    return {
        scope
        for kind, _, school, _ in columns.cells(places_of(comes & case.unpaused()))
        for scope in ((kind, school, None), (kind, None, None))
    }


def _with_all_that_belongs(case: Case, positions: Places) -> Positions:
    changes = case.changeset.changes
    reached = along(belongings(changes), positions, len(changes))
    return Positions.where(reached & case.unpaused())


def _live_of(case: Case, positions: Places) -> int:
    """Live records of the schools and kinds that the changes at ``positions`` touch."""
    touched = {(kind, school, None) for kind, _, school, _ in case.columns.cells(positions)}
    return sum(case.changeset.live.get(scope, 0) for scope in touched) or sum(
        case.changeset.live.get((kind, None, None), 0) for kind, _, _ in touched
    )
