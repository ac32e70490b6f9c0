"""What can be done with the findings of a run."""

from __future__ import annotations

from rollbook_tui.commands.command import Command, State
from rollbook_tui.commands.lists import CopyId, Export, Search


class FilterSeverity(Command[State]):
    """List errors or warnings only, or both again."""

    id = "findings.severity"
    action = "filter_severity"
    label = "Severity"
    keys = "s"
    footer = "Severity"


class FilterCode(Command[State]):
    """List the findings of one code only, or all of them again."""

    id = "findings.code"
    action = "filter_code"
    label = "Code"
    keys = "c"
    footer = "Code"


FINDINGS = (Search, FilterSeverity, FilterCode, CopyId, Export)
"""The commands of the findings."""
