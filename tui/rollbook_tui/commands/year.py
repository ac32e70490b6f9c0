"""What can be done with the year of the districts."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook_tui.commands.command import Command, State
from rollbook_tui.commands.lists import CopyId, Export, Search


@dataclass(frozen=True)
class YearState(State):
    """The highlighted district, if any."""

    district: str | None = None


def _no_district(state: YearState) -> str | None:
    return None if state.district else "No district is highlighted."


class OpenDistrictYear(Command[YearState]):
    """Open the district's year: its season in words, and its calendar with terms, pauses,
    blackouts, plans and the next runs."""

    id = "year.district"
    action = "open_year"
    label = "The district's year"
    keys = "enter"
    footer = "Its year"

    @classmethod
    def why_not(cls, state: YearState) -> str | None:
        """About one district."""
        return _no_district(state)


class ShowRollUp(Command[YearState]):
    """Open the evidence of the roll-up: the grades of last year and of now, school by school."""

    id = "year.roll-up"
    action = "roll_up"
    label = "Evidence of the roll-up"
    keys = "u"
    footer = "Roll-up"

    @classmethod
    def why_not(cls, state: YearState) -> str | None:
        """About one district."""
        return _no_district(state)


class YearPauses(Command[YearState]):
    """Open the grid of the district's pauses."""

    id = "year.pauses"
    action = "pauses"
    label = "Pauses"
    keys = "p"
    footer = "Pause"

    @classmethod
    def why_not(cls, state: YearState) -> str | None:
        """About one district."""
        return _no_district(state)


class YearPlans(Command[YearState]):
    """Open the district's expected-change plans."""

    id = "year.plans"
    action = "plans"
    label = "Expected-change plans"
    keys = "P"
    footer = "Plans"

    @classmethod
    def why_not(cls, state: YearState) -> str | None:
        """About one district."""
        return _no_district(state)


class YearChecklists(Command[YearState]):
    """Open the district's checklists."""

    id = "year.checklists"
    action = "checklists"
    label = "Checklists"
    keys = "c"
    footer = "Checklist"

    @classmethod
    def why_not(cls, state: YearState) -> str | None:
        """About one district."""
        return _no_district(state)


ABOUT_A_YEAR = (ShowRollUp, YearPauses, YearPlans, YearChecklists)
"""The commands of a district's year."""

YEAR = (OpenDistrictYear, *ABOUT_A_YEAR, Search, CopyId, Export)
"""The commands of the list of all districts."""
