"""R4: people or classes leave and come back under new ids in the same run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set

from rollbook.changes.rekeyed import reappearing, recased
from rollbook.holds.cause import likely_cause
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.words import plural
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

_KINDS = (Kind.USER, Kind.CLASS)
"""Kinds that have an identity of their own: what belongs to them follows."""

_OWN_IDS = (*_KINDS, Kind.ORG, Kind.ACADEMIC_SESSION, Kind.COURSE, Kind.ENROLLMENT)
"""Kinds whose ids the source gives: those of the others are made of these."""


def rekey(case: Case, known: Set[int]) -> list[Raised]:
    """Too many removed records have a counterpart among the additions, or any has its own id in
    other letters; ``known`` are linked."""
    removed: dict[Kind, set[int]] = defaultdict(set)
    for position, change in case.changes(Verb.REMOVE):
        if change.kind in _OWN_IDS and position not in known:
            removed[change.kind].add(position)
    other_case = recased(case.changeset.changes, removed)
    holds: list[Raised] = []
    for kind in (kind for kind in _OWN_IDS if kind in removed):
        back = _back(case, kind, removed[kind])
        same = {p: other_case[p] for p in removed[kind] if p in other_case}
        if back or same:
            holds.append(_hold(case, kind, removed[kind], back, same))
    return holds


def _back(case: Case, kind: Kind, removed: Set[int]) -> Set[int]:
    """The removed records with a counterpart, where they are too many."""
    limits = case.thresholds
    if kind not in _KINDS or len(removed) < limits.rekey_floor:
        return frozenset()
    back = reappearing(case.changeset.changes, kind) & removed
    if len(back) < limits.rekey_floor or len(back) * 100 < limits.rekey_percent * len(removed):
        return frozenset()
    return back


def _hold(
    case: Case, kind: Kind, removed: Set[int], back: Set[int], same: Mapping[int, str]
) -> Raised:
    limits = case.thresholds
    what, why = plural(kind), []
    if back:
        why.append(
            f"{len(back):,} of {len(removed):,} removed {what} "
            f"({100 * len(back) / len(removed):.1f} %) come back under new ids in the same file; "
            f"the limit is {limits.rekey_percent:g} %, from {limits.rekey_floor} up."
        )
    if same:
        first = min(same)
        example = f"{case.changeset.changes[first].id} as {same[first]}"
        why.append(
            f"{len(same):,} of {len(removed):,} removed {what} come back under ids that differ "
            f"from theirs in capital letters only, such as {example}; one is enough for a hold."
        )
    why.append(
        "Re-linked instead of approved, each takes the place of the old one and nothing is lost."
    )
    positions = frozenset(back | same.keys())
    return Raised(
        rule="R4",
        title="re-key",
        kind=kind,
        verb=Verb.REMOVE,
        school=None,
        role=None,
        count=len(positions),
        base=case.changeset.live.get((kind, None, None), 0),
        why=" ".join(why),
        cause=likely_cause(case, positions),
        whole_run=True,
        positions=positions,
    )
