"""The checklists that there are, in the order of the year."""

from __future__ import annotations

from rollbook.errors import NotFound
from rollbook.rollover.checklist import Checklist
from rollbook.rollover.walks.back_to_school import BACK_TO_SCHOOL
from rollbook.rollover.walks.blackout import BLACKOUT
from rollbook.rollover.walks.end_of_year import END_OF_YEAR
from rollbook.rollover.walks.first_sync import FIRST_SYNC
from rollbook.rollover.walks.new_term import NEW_TERM
from rollbook.rollover.walks.roll_up import ROLL_UP
from rollbook.rollover.walks.switch_of_provider import SWITCH_OF_PROVIDER

CHECKLISTS: tuple[Checklist, ...] = (
    END_OF_YEAR,
    ROLL_UP,
    BACK_TO_SCHOOL,
    NEW_TERM,
    BLACKOUT,
    FIRST_SYNC,
    SWITCH_OF_PROVIDER,
)


def find(name: str) -> Checklist:
    """The checklist of that name. Raises ``NotFound``."""
    for checklist in CHECKLISTS:
        if checklist.name == name:
            return checklist
    raise NotFound(
        f"no checklist {name!r}.", remedy=f"There are {', '.join(c.name for c in CHECKLISTS)}."
    )
