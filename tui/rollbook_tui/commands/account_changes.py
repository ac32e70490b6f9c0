"""What can be done with the list of a run's account changes."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook.desk.account_views import AccountChangeRow
from rollbook_tui.commands.command import Command, State
from rollbook_tui.commands.lists import CopyId, Export, Search


@dataclass(frozen=True)
class AccountChangesState(State):
    """The highlighted change, if any."""

    row: AccountChangeRow | None = None


class OpenAccountPerson(Command[AccountChangesState]):
    """Open the card of the person whose account it is."""

    id = "accounts.person"
    action = "open_person"
    label = "Person"
    keys = "enter"
    footer = "Person"

    @classmethod
    def why_not(cls, state: AccountChangesState) -> str | None:
        """Something must be highlighted."""
        return None if state.row else "No account is highlighted."


class FilterAccountVerb(Command[State]):
    """List what is created, renamed, moved, suspended … only, or all of it again."""

    id = "accounts.verb"
    action = "filter_verb"
    label = "What happens"
    keys = "c"
    footer = "What"


class FilterAccountSchool(Command[State]):
    """List one school's accounts only, or those of all schools again."""

    id = "accounts.school"
    action = "filter_school"
    label = "School"
    keys = "s"
    footer = "School"


ACCOUNT_CHANGES = (
    OpenAccountPerson,
    Search,
    FilterAccountVerb,
    FilterAccountSchool,
    CopyId,
    Export,
)
"""The commands of the list of account changes."""
