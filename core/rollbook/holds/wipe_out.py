"""R0: a school, or the district, would be left without any of a kind."""

from __future__ import annotations

from rollbook.changes.access import disables, unenrolls
from rollbook.changes.changeset import Scope
from rollbook.changes.plan import scopes
from rollbook.changes.waiting import belongings, spread
from rollbook.holds.cause import likely_cause
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.words import whole_scope_words
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import KIND_ORDER, Kind

_SCHOOL_FIELDS = frozenset({"school_id", "org_id", "primary_org_id"})


def wipe_out(case: Case, removals: dict[Scope, list[int]]) -> list[Raised]:
    """R0: a kind that a school (or the district) had would have none left, or none let in."""
    changes = case.changeset.changes
    leaving = {
        scope: [p for p in positions if not unenrolls(changes[p])]
        for scope, positions in removals.items()
    }
    arriving: set[Scope] = set()
    for _, change in [*case.changes(Verb.ADD), *case.changes(Verb.UPDATE)]:
        if change.verb is Verb.ADD or (change.before or {}).keys() & _SCHOOL_FIELDS:
            arriving |= set(scopes(change.kind, change.school, None))
    wiped = [
        scope
        for scope, positions in leaving.items()
        if scope[2] is None
        and len(positions) >= case.changeset.live.get(scope, 0) > 0
        and scope not in arriving
    ]
    if not wiped:
        return []
    wiped.sort(
        key=lambda s: (s[0] is not Kind.USER, KIND_ORDER[s[0]], s[1] is not None, s[1] or "")
    )
    positions = frozenset(p for scope in wiped for p in leaving[scope])
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
            verb=Verb.REMOVE if all(changes[p].verb is Verb.REMOVE for p in positions) else None,
            school=schools.pop() if len(schools) == 1 and not whole else None,
            role=None,
            count=len(positions),
            base=_live_of(case, positions),
            why=f"Nothing would be left of {'; '.join(lines[:4])}{more}."
            if not any(disables(changes[p]) for p in positions)
            else f"Nobody would be let in any more of {'; '.join(lines[:4])}{more}.",
            cause=likely_cause(case, positions),
            whole_run=True,
            positions=frozenset(
                spread(belongings(changes), dict.fromkeys(positions, ""), len(changes))
            )
            & case.active,
        )
    ]


def _live_of(case: Case, positions: frozenset[int]) -> int:
    """Live records of the schools and kinds that the changes at ``positions`` touch."""
    changes = case.changeset.changes
    touched = {(changes[p].kind, changes[p].school, None) for p in positions}
    return sum(case.changeset.live.get(scope, 0) for scope in touched) or sum(
        case.changeset.live.get((kind, None, None), 0) for kind, _, _ in touched
    )
