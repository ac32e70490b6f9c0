"""What can be done with the findings of a run."""

from __future__ import annotations

from rollbook_tui.commands.lists import CopyId, Export, Search

FINDINGS = (Search, CopyId, Export)
"""The commands of the findings."""
