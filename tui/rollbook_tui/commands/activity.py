"""What can be done with the audit trail."""

from __future__ import annotations

from rollbook_tui.commands.command import Command, State
from rollbook_tui.commands.lists import CopyId, Export, Search


class CheckChain(Command[State]):
    """Check that no entry was changed, taken out or put in since it was written."""

    id = "activity.check"
    action = "check_chain"
    label = "Check the chain"
    keys = "c"
    footer = "Check the chain"


ACTIVITY = (Search, CheckChain, CopyId, Export)
"""The commands of the audit trail."""
