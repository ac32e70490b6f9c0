"""The account part of a run in numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from rollbook.roster.accounts import AccountVerb


@dataclass(frozen=True, slots=True)
class AccountCounts:
    """What a run makes happen to accounts, by verb; each change counts once.

    ``applied`` have gone in, ``held`` wait for a decision, ``paused`` for a pause to end. Of the
    rest, what was not turned down goes with the run. ``unread`` says that accounts were left as
    they are, because the list of overrides and exclusions could not be read; a finding says why.
    """

    counts: dict[AccountVerb, int] = field(default_factory=dict)
    applied: dict[AccountVerb, int] = field(default_factory=dict)
    held: dict[AccountVerb, int] = field(default_factory=dict)
    paused: dict[AccountVerb, int] = field(default_factory=dict)
    unread: bool = False


NO_ACCOUNTS = AccountCounts()
"""The account part of a run without one."""
