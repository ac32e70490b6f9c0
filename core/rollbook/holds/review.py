"""R9: the run wants a person in any case."""

from __future__ import annotations

from rollbook.changes.positions import Positions
from rollbook.holds.judgement import Case, Raised
from rollbook.roster.kinds import Kind


def review(case: Case) -> list[Raised]:
    """R9: the first run, the first after a long pause, the first under another policy, and an
    input of which newer ones have been applied since."""
    if not case.review or not case.active:
        return []
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
            why=f"{case.review} All {len(case.active):,} changes wait until a person has looked.",
            cause="Nothing need be wrong: look at the counts, and approve if they are those of the "
            "district.",
            whole_run=True,
            positions=Positions.of(case.active),
        )
    ]
