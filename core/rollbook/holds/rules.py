"""Judging a changeset: ``judge(case) → holds``. Pure: the same case gives the same holds.

The rules and their defaults are those of the table in ``docs/concepts.md``: R0 wipe-out, R1 percent
with a floor, R2 absolute cap, R3 drip, R4 re-key, R5 mass update, R6 surge, R7 privileged people,
R9 review; C3 school year, C4 class id reuse, C5 no enrollments, C6 no complete set, C9 ids used
again. Every limit trips when it is reached, every percentage is of what the directory held before
the run, and adding a removal or lowering a limit can only hold more.

What a plan of an operator expects (``Case.expected``) counts for R0, R1, R2, R3, R5, R6 and C5 no
more; R0 still holds a place that would be emptied where any of it was not announced, and R4, R7,
R9, C3, C4, C6 and C9 are never excused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rollbook.changes.positions import Mask
from rollbook.changes.rekeyed import taken_over
from rollbook.holds.cause import Seen, likely_cause
from rollbook.holds.class_reuse import class_reuse
from rollbook.holds.drip import drip
from rollbook.holds.garbled import garbled
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.mass_update import mass_update
from rollbook.holds.no_enrollments import no_enrollments
from rollbook.holds.privileged import privileged
from rollbook.holds.promoted import promoted
from rollbook.holds.rekey import rekey
from rollbook.holds.removals import (
    as_announced,
    removal_lanes,
    removals_by_scope,
    without_moves,
)
from rollbook.holds.review import review
from rollbook.holds.school_year import school_year
from rollbook.holds.stale_source import stale_source
from rollbook.holds.surge import surge
from rollbook.holds.used_again import used_again
from rollbook.holds.wipe_out import wipe_out
from rollbook.roster.changes import Verb

TWO_PEOPLE = frozenset({"R0", "R2", "R7"})
"""Rules whose holds two people have to approve."""

HALF = 50.0
"""Percent of a scope that would go or change, from which on two people have to approve."""


def judge(case: Case) -> list[Raised]:
    """The holds of a changeset, whole-run holds first."""
    seen = Seen(case)
    known = taken_over(case.changeset.changes).mask(len(case.columns))
    removals = removals_by_scope(case, known)
    whole = wipe_out(case, removals, seen)
    held = _with(known & False, whole)
    if not case.inverse:
        rekeyed = rekey(case, known, seen)
        whole += [*rekeyed, *surge(case, known, seen), *review(case)]
    staying, counted = as_announced(case, removals)
    counted = without_moves(staying, counted)
    lanes = privileged(case, known)
    protected = _with(known, lanes)
    held = _with(held, lanes)
    lanes += no_enrollments(case, held)
    held = _with(held, lanes)
    lanes += removal_lanes(staying, counted, held)
    if not case.inverse:
        lanes += drip(staying, counted, _with(held, lanes))
        lanes += school_year(case, _with(known | held, lanes))
        lanes += mass_update(case, _with(known | held, lanes))
        lanes += garbled(case, _with(known | held, lanes))
        lanes += used_again(case, known)
        lanes += [*class_reuse(case, same_people=not rekeyed), *stale_source(case, known)]
    # Last: that each of many became staff hides nothing of what happens to all of them.
    lanes += promoted(case, protected)
    return [
        replace(
            hold,
            approvers=_approvers(hold),
            cause=hold.cause or likely_cause(case, hold.positions.places, seen),
        )
        for hold in (*whole, *lanes)
    ]


def _with(mask: Mask, holds: Iterable[Raised]) -> Mask:
    """A mask that means the changes of some holds as well."""
    found = mask.copy()
    for hold in holds:
        found[hold.positions.places] = True
    return found


def _approvers(hold: Raised) -> int:
    """How many people must agree: two where it is grave (``safety.md`` §2.3)."""
    takes = hold.verb is not Verb.ADD and hold.rule != "R9"
    if hold.rule in TWO_PEOPLE or (takes and hold.percent >= HALF):
        return 2
    return hold.approvers
