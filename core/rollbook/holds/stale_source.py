"""C6: what changes only say, a season after the last complete set, takes nobody out."""

from __future__ import annotations

import numpy as np

from rollbook.changes.positions import Mask, Positions, places_of
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.removals import verb_of
from rollbook.roster.changes import Verb
from rollbook.sources.upload_clock import NO_REMOVALS_AFTER


def stale_source(case: Case, known: Mask) -> list[Raised]:
    """One hold for all that is taken away, where no complete set has come for too long; of what is
    ``known`` to go on under another id nothing is."""
    days = case.days_since_whole
    if days is None or days < NO_REMOVALS_AFTER:
        return []
    columns = case.columns
    places = places_of(columns.takes_away & case.unpaused() & ~known)
    if not len(places):
        return []
    removed = int(np.count_nonzero(columns.of(verb=Verb.REMOVE)[places]))
    also = f" and {len(places) - removed:,} lose access" if removed < len(places) else ""
    return [
        Raised(
            rule="C6",
            title="no complete set",
            kind=None,
            verb=verb_of(columns, places),
            school=None,
            role=None,
            count=len(places),
            base=0,
            why=f"{removed:,} records would be removed{also}, but no complete set of files has "
            f"come for {days:,} days; the limit is {NO_REMOVALS_AFTER} days.",
            cause="Only changes have been sent since. Have the whole export run again: what is "
            "gone by that is judged as ever.",
            whole_run=False,
            positions=Positions(places),
        )
    ]
