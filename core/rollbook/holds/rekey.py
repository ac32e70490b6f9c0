"""R4: people or classes leave and come back under new ids in the same run."""

from __future__ import annotations

from collections.abc import Set

from rollbook.changes.rekeyed import reappearing
from rollbook.holds.cause import likely_cause
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.words import plural
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

_KINDS = (Kind.USER, Kind.CLASS)
"""Kinds that have an identity of their own: what belongs to them follows."""


def rekey(case: Case, known: Set[int]) -> list[Raised]:
    """Too many removed records have a counterpart among the additions; ``known`` are linked."""
    return [hold for kind in _KINDS if (hold := _of_kind(case, kind, known)) is not None]


def _of_kind(case: Case, kind: Kind, known: Set[int]) -> Raised | None:
    changes, limits = case.changeset.changes, case.thresholds
    removed = {
        position
        for position in case.active - known
        if changes[position].kind is kind and changes[position].verb is Verb.REMOVE
    }
    if len(removed) < limits.rekey_floor:
        return None
    back = reappearing(changes, kind) & removed
    if len(back) < limits.rekey_floor or len(back) * 100 < limits.rekey_percent * len(removed):
        return None
    what = plural(kind)
    return Raised(
        rule="R4",
        title="re-key",
        kind=kind,
        verb=Verb.REMOVE,
        school=None,
        role=None,
        count=len(back),
        base=case.changeset.live.get((kind, None, None), 0),
        why=f"{len(back):,} of {len(removed):,} removed {what} "
        f"({100 * len(back) / len(removed):.1f} %) come back under new ids in the same file; the "
        f"limit is {limits.rekey_percent:g} %, from {limits.rekey_floor} up. Re-linked instead of "
        "approved, each takes the place of the old one and nothing is lost.",
        cause=likely_cause(case, frozenset(back)),
        whole_run=True,
        positions=frozenset(back),
    )
