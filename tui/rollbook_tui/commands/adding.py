"""What can be done in the form for a new district."""

from __future__ import annotations

from dataclasses import dataclass

from rollbook_tui.commands.command import Command, State


@dataclass(frozen=True)
class AddingState(State):
    """Whether a check is under way, whether the district is being added, and how many findings the
    last check told."""

    checking: bool = False
    adding: bool = False
    findings: int = 0


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


class CheckFindings(Command[AddingState]):
    """List what the check found wrong with rows and files."""

    id = "adding.findings"
    action = "findings"
    label = "Findings of the check"
    keys = "f7"
    footer = "Findings"

    @classmethod
    def why_not(cls, state: AddingState) -> str | None:
        """Only of files that were read."""
        return None if state.findings else "No check has found anything wrong with rows or files."


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


ADDING = (CheckSource, AddAndPreview, CheckFindings)
"""The commands of the form."""
