"""C4: a class id comes back for another class, and new students would land in the old one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from rollbook.changes.columns import hashes_of
from rollbook.changes.positions import Mask, Positions, places_of
from rollbook.holds.class_turns import ClassTurn
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.several_schools import SEVERAL
from rollbook.holds.words import share
from rollbook.roster.changes import Verb
from rollbook.roster.kinds import Kind

_NAMED = 3
_CLASS_SLOT = 1


def class_reuse(case: Case, *, same_people: bool) -> list[Raised]:
    """One hold for the classes of a school, or of the district where it happens in several.

    Where people come back under new ids nobody can tell by them whether a class is another one:
    without the ``same_people`` only its own record counts.
    """
    schools: dict[str | None, list[ClassTurn]] = defaultdict(list)
    unpaused = case.unpaused()
    for turn in case.turns:
        if turn.is_reused if same_people else turn.is_reused_by_record:
            schools[turn.school].append(turn)
    if len(schools) >= SEVERAL:
        together = [turn for turns in schools.values() for turn in turns]
        return _hold(case, None, together, unpaused)
    found = [_hold(case, school, turns, unpaused) for school, turns in schools.items()]
    return [hold for holds in found for hold in holds]


def _hold(
    case: Case, school: str | None, turns: Sequence[ClassTurn], unpaused: Mask
) -> list[Raised]:
    columns = case.columns
    ids = hashes_of(turn.id for turn in turns)
    mine = columns.of(Kind.CLASS) & np.isin(columns.id, ids)
    mine |= columns.of(Kind.ENROLLMENT) & np.isin(columns.slots[_CLASS_SLOT], ids)
    places = places_of(mine & unpaused)
    if not len(places):
        return []
    ordered = sorted(turns, key=lambda turn: turn.id)
    named = "; ".join(f"{turn.id} ({turn.words})" for turn in ordered[:_NAMED])
    more = f"; and {len(turns) - _NAMED:,} more" if len(turns) > _NAMED else ""
    base = case.changeset.live.get((Kind.CLASS, school, None), 0)
    where = case.school_names.get(school, school) if school is not None else "the district"
    return [
        Raised(
            rule="C4",
            title="class id reuse",
            kind=Kind.CLASS,
            verb=Verb.UPDATE,
            school=school,
            role=None,
            count=len(turns),
            base=base,
            why=f"The ids of {share(len(turns), base)} classes of {where} now stand for other "
            f"classes: {named}{more}.",
            cause="The SIS uses class ids again, or a term, course or teacher was overwritten in "
            "place. Whoever knows a class by its id would put the new students into the old one.",
            whole_run=False,
            positions=Positions(places),
        )
    ]
