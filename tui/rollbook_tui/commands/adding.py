"""What can be done in the form for a new district."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook_tui.commands.command import Command, State


@dataclass(frozen=True)
class AddingState(State):
    """Whether a check is under way, and whether the district is being added."""

    checking: bool = False
    adding: bool = False


class CheckSource(Command[AddingState]):
    """Connect to the source and look at it, step by step, without writing anything; escape stops
    it."""

    id = "adding.check"
    action = "check"
    label = "Check the source"
    keys = "f5"
    footer = "Check"

    @classmethod
    def why_not(cls, state: AddingState) -> str | None:
        """One check at a time."""
        return "A check is under way; escape stops it." if state.checking else None


class AddAndPreview(Command[AddingState]):
    """Add the district, as a whole or not at all, and preview its first sync."""

    id = "adding.add"
    action = "add"
    label = "Add and preview"
    keys = "f6"
    footer = "Add and preview"
    writes = True

    @classmethod
    def why_not(cls, state: AddingState) -> str | None:
        """Once."""
        return "The district is being added." if state.adding else None


ADDING = (CheckSource, AddAndPreview)
"""The commands of the form."""
