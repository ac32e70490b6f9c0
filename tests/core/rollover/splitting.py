"""The plan of the small district's rollover, and what it makes of a change."""

from collections.abc import Callable
from datetime import date

from core.small_sis import SmallSis
from rollbook.changes.changeset import Changeset
from rollbook.holds.judgement import Raised
from rollbook.rollover.expected_plan import (
    ClassFate,
    Entrants,
    ExpectedPlan,
    Leavers,
    SchoolMove,
    Total,
)
from rollbook.rollover.expected_split import Split

PLAN = ExpectedPlan(
    id="north.e1",
    starts=date(2026, 6, 1),
    ends=date(2026, 8, 31),
    promotion=True,
    classes=ClassFate.REPLACED,
    leavers=(Leavers("08", 10),),
    moves=(SchoolMove("05", "s1", "s2"),),
    entrants=(Entrants("03", 5, 12),),
    totals={None: Total(50, 70), "s1": Total(25, 35)},
)

Change = Callable[[SmallSis], object]

Tell = Callable[..., tuple[Changeset, Split, list[Raised]]]
"""Takes a change, a plan and what is known beside it; gives the changeset, its split and holds."""
