"""R4: people or classes leave and come back under new ids in the same run."""

from __future__ import annotations

import numpy as np

from rollbook.changes.positions import Mask, Places, Positions
from rollbook.changes.rekeyed import recased
from rollbook.holds.cause import Seen, likely_cause
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.words import plural
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

_KINDS = (Kind.USER, Kind.CLASS)
"""Kinds that have an identity of their own: what belongs to them follows."""

_OWN_IDS = (*_KINDS, Kind.ORG, Kind.ACADEMIC_SESSION, Kind.COURSE, Kind.ENROLLMENT)
"""Kinds whose ids the source gives: those of the others are made of these."""


def rekey(case: Case, known: Mask, seen: Seen) -> list[Raised]:
    """Too many removed records have a counterpart among the additions, or any has its own id in
    other letters; ``known`` are linked."""
    counted = case.unpaused() & ~known
    removed = {kind: case.columns.places[kind, Verb.REMOVE] for kind in _OWN_IDS}
    removed = {kind: places[counted[places]] for kind, places in removed.items()}
    holds: list[Raised] = []
    for kind in (kind for kind in _OWN_IDS if len(removed[kind])):
        back = _back(case, kind, removed[kind], seen)
        old, new = recased(case.changeset.changes, [kind])
        here = counted[old]
        if len(back) or here.any():
            holds.append(_hold(case, kind, len(removed[kind]), back, (old[here], new[here]), seen))
    return holds


def _back(case: Case, kind: Kind, removed: Places, seen: Seen) -> Places:
    """The removed records with a counterpart, where they are too many."""
    limits = case.thresholds
    if kind not in _KINDS or len(removed) < limits.rekey_floor:
        return removed[:0]
    back = removed[np.isin(removed, seen.reappearing(kind).places)]
    if len(back) < limits.rekey_floor or len(back) * 100 < limits.rekey_percent * len(removed):
        return removed[:0]
    return back


def _hold(
    case: Case, kind: Kind, removed: int, back: Places, recased: tuple[Places, Places], seen: Seen
) -> Raised:
    limits = case.thresholds
    same, others = recased
    what, why = plural(kind), []
    if len(back):
        why.append(
            f"{len(back):,} of {removed:,} removed {what} "
            f"({100 * len(back) / removed:.1f} %) come back under new ids in the same file; "
            f"the limit is {limits.rekey_percent:g} %, from {limits.rekey_floor} up."
        )
    if len(same):
        old, new = (case.changeset.changes[int(places[0])].id for places in (same, others))
        example = f"{old} as {new}"
        why.append(
            f"{len(same):,} of {removed:,} removed {what} come back under ids that differ "
            f"from theirs in capital letters only, such as {example}; one is enough for a hold."
        )
    why.append(
        "Re-linked instead of approved, each takes the place of the old one and nothing is lost."
    )
    positions = Positions(np.union1d(back, same))
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
        cause=likely_cause(case, positions.places, seen),
        whole_run=True,
        positions=positions,
    )
