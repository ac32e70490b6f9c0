"""R6: a kind grows by more than it should overnight."""

from __future__ import annotations

import numpy as np

from rollbook.changes.positions import Mask, Positions
from rollbook.holds.cause import Seen, likely_cause
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.words import plural
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind


def surge(case: Case, known: Mask, seen: Seen) -> list[Raised]:
    """Too many additions, those at ``known`` positions not counted; the first run is spared."""
    if case.first:
        return []
    counted = case.deviating() & ~known
    added = {kind: case.columns.places[kind, Verb.ADD] for kind in Kind}
    added = {kind: places[counted[places]] for kind, places in added.items()}
    limits = case.thresholds
    tripped = [
        kind
        for kind, positions in added.items()
        if len(positions) >= limits.surge_floor
        and len(positions) * 100
        >= limits.surge_percent * case.changeset.live.get((kind, None, None), 0)
    ]
    if not tripped:
        return []
    positions = Positions(np.sort(np.concatenate([added[kind] for kind in tripped])))
    base = sum(case.changeset.live.get((kind, None, None), 0) for kind in tripped)
    lines = [
        f"{len(added[kind]):,} new {plural(kind)} "
        f"on top of {case.changeset.live.get((kind, None, None), 0):,}"
        for kind in tripped
    ]
    return [
        Raised(
            rule="R6",
            title="surge",
            kind=tripped[0] if len(tripped) == 1 else None,
            verb=Verb.ADD,
            school=None,
            role=None,
            count=len(positions),
            base=base,
            why=f"{'; '.join(lines)}; the limit is {limits.surge_percent:g} %, "
            f"from {limits.surge_floor} up.",
            cause=likely_cause(case, positions.places, seen),
            whole_run=True,
            positions=positions,
        )
    ]
