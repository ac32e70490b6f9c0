"""C5: a school with students of whom none would be in a class, when a term has begun or is near."""

from __future__ import annotations

from rollbook.changes.positions import Mask, Positions, places_of
from rollbook.holds.judgement import Case, Raised
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind


def no_enrollments(case: Case, covered: Mask) -> list[Raised]:
    """One hold a school for the seats that would go; ``covered`` positions are held already.

    A school that has had none before is nothing to hold: its run says so, and its season waits.
    """
    if case.inverse:
        return []
    columns = case.columns
    holds: list[Raised] = []
    for found in case.unenrolled:
        if not found.seats or found.school not in columns.schools:
            continue
        here = columns.of(Kind.ENROLLMENT, Verb.REMOVE)
        here &= columns.school == columns.schools.index(found.school)
        places = places_of(here & case.deviating())
        if not len(places) or covered[places].all():
            continue
        name = case.school_names.get(found.school, found.school)
        holds.append(
            Raised(
                rule="C5",
                title="no enrollments",
                kind=Kind.ENROLLMENT,
                verb=Verb.REMOVE,
                school=found.school,
                role=None,
                count=len(places),
                base=case.changeset.live.get((Kind.ENROLLMENT, found.school, None), 0),
                why=f"{len(places):,} enrollments would be removed: "
                f"{found.words(found.starts, name)}.",
                cause="The SIS is not ready: students have not been scheduled yet, or the file of "
                "enrollments is short.",
                whole_run=False,
                positions=Positions(places),
            )
        )
    return holds
