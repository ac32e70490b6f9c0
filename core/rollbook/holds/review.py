"""R9: the run wants a person in any case."""

from __future__ import annotations

from rollbook.changes.positions import Positions
from rollbook.holds.judgement import Case, Raised
from rollbook.roster.kinds import Kind

WIDE = 25.0
"""Percent of removals: whoever lets more than that go by unseen is not to decide it alone
(``safety.md`` §2.3)."""


def review(case: Case) -> list[Raised]:
    """R9: the first run, the first after a review was undone, after a long pause or under another
    policy, and an input of which newer ones have been applied since; by two people where limits are
    wide."""
    if not case.review or not case.active:
        return []
    percent = case.thresholds.removal_percent
    wide = percent > WIDE and not case.first
    who = f"two people have looked: R1 begins at {percent:g} %" if wide else "a person has looked"
    return [
        Raised(
            rule="R9",
            title="first run" if case.first else "review",
            kind=None,
            verb=None,
            school=None,
            role=None,
            count=len(case.active),
            base=sum(case.changeset.live.get((kind, None, None), 0) for kind in Kind),
            why=f"{case.review} All {len(case.active):,} changes wait until {who}.",
            cause="Nothing need be wrong: look at the counts, and approve if they are those of the "
            "district.",
            whole_run=True,
            positions=Positions.of(case.active),
            approvers=2 if wide else 1,
        )
    ]
