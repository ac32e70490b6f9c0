"""What can be done with the list of a run's changes."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook.desk.views import ChangeRow
from rollbook_tui.commands.command import Command, State
from rollbook_tui.commands.lists import CopyId, Export, Search
from rollbook_tui.person_of import person_of


@dataclass(frozen=True)
class ChangesState(State):
    """The highlighted change, if any."""

    row: ChangeRow | None = None


class FilterKind(Command[State]):
    """List one kind of record only, or all of them again."""

    id = "changes.kind"
    action = "filter_kind"
    label = "Kind"
    keys = "t"


class FilterVerb(Command[State]):
    """List additions, updates or removals only, or all of them again."""

    id = "changes.verb"
    action = "filter_verb"
    label = "Change"
    keys = "c"


class FilterSchool(Command[State]):
    """List one school's changes only, or those of all schools again."""

    id = "changes.school"
    action = "filter_school"
    label = "School"
    keys = "s"


class FilterLane(Command[State]):
    """List what is held, paused, applied, ready or rejected only, or all of it again."""

    id = "changes.lane"
    action = "filter_lane"
    label = "State"
    keys = "l"


class OpenPerson(Command[ChangesState]):
    """Open the card of the person that the highlighted change is about."""

    id = "changes.person"
    action = "open_person"
    label = "Person"
    keys = "enter"
    footer = "Person"

    @classmethod
    def why_not(cls, state: ChangesState) -> str | None:
        """A change of a class or a school is about no person."""
        if state.row is None:
            return "No change is highlighted."
        return None if person_of(state.row) else "This change is not about one person."


CHANGES = (OpenPerson, Search, FilterKind, FilterVerb, FilterSchool, FilterLane, CopyId, Export)
"""The commands of the change list."""
