"""Changesets with just so many removals, and what the rules say of them."""

from __future__ import annotations

from collections.abc import Callable

from core.changes.made_rosters import directory
from core.changes.waits import waiting
from core.small_sis import SmallSis
from rollbook.changes.changeset import Changeset
from rollbook.changes.plan import plan
from rollbook.config.district import Thresholds
from rollbook.holds.judgement import Case, Raised
from rollbook.holds.rules import judge
from rollbook.roster.kinds import Kind
from rollbook.sources.roster import Roster

Reader = Callable[[SmallSis], Roster]


def compared(read: Reader, before: SmallSis, after: SmallSis) -> Changeset:
    """What takes the one state of the system to the other."""
    records = read(before).records
    held = directory({kind: {i: r.values for i, r in records[kind].items()} for kind in Kind})
    return plan(read(after), held)


def case(changeset: Changeset, **limits: float) -> Case:
    """The changeset before the judge, nothing of it paused and nothing known beside it."""
    return Case(
        changeset=changeset,
        active=frozenset(range(len(changeset.changes))),
        thresholds=Thresholds.model_validate(limits),
        school_names={"s1": "Lincoln", "s2": "Grove"},
    )


def raised(changeset: Changeset, **limits: float) -> list[Raised]:
    """The holds of a changeset."""
    return judge(case(changeset, **limits))


def undecided(judged: Case) -> set[int]:
    """The positions of the changes that wait for somebody: those held, and what waits with them."""
    holds = judge(judged)
    if any(hold.whole_run for hold in holds):
        return set(judged.active)
    direct = {position: hold.rule for hold in holds for position in hold.positions}
    return set(waiting(judged.changeset.changes, direct))
