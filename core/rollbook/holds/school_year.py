"""C3: grades or sessions that do not fit the school year.

Only they are held: updates of students' grades, with whatever is derived from them, or the
sessions, with what refers to new ones. Everything else in the file is true whatever the year, and
new students need not wait for it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rollbook.changes.positions import Mask, Positions
from rollbook.holds.judgement import Case, Raised, YearDoubt
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind, RoleGroup


def school_year(case: Case, covered: Mask) -> list[Raised]:
    """At most one hold of grades and one of sessions; ``covered`` positions are held already."""
    free = case.unpaused() & ~covered
    holds: list[Raised] = []
    for kind in (Kind.USER, Kind.ACADEMIC_SESSION):
        doubts = [
            replace(doubt, places=here)
            for doubt in case.year_doubts
            if doubt.kind is kind and len(here := doubt.places[free[doubt.places]])
        ]
        if doubts:
            holds.append(_hold(case, kind, doubts))
    return holds


def _hold(case: Case, kind: Kind, doubts: list[YearDoubt]) -> Raised:
    schools = {school for doubt in doubts for school in doubt.schools}
    school = schools.pop() if len(schools) == 1 else None
    role = RoleGroup.STUDENT if kind is Kind.USER else None
    places = np.unique(np.concatenate([doubt.places for doubt in doubts]))
    return Raised(
        rule="C3",
        title="; ".join(doubt.title for doubt in doubts),
        kind=kind,
        verb=Verb.UPDATE if kind is Kind.USER else None,
        school=school,
        role=role,
        count=len(places),
        base=case.changeset.live.get((kind, school, role), 0),
        why=" ".join(doubt.why for doubt in doubts),
        cause=" ".join(dict.fromkeys(doubt.cause for doubt in doubts)),
        whole_run=False,
        positions=Positions(places),
    )
