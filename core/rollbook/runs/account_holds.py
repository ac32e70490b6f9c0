"""Which account changes each hold of the account part keeps back."""

from __future__ import annotations

from typing import NamedTuple

from rollbook.holds.judgement import Raised
from rollbook.roster.accounts import HELD_BY, AccountVerb
from rollbook.roster.changes import Verb


class Cell(NamedTuple):
    """What the holds tell account changes apart by; ``expected`` is what a plan announced,
    ``renamed`` whose account gets another name in the same run, ``sudden`` what takes an account
    from somebody whose record says nothing of it."""

    verb: AccountVerb
    role: str
    expected: bool
    renamed: bool
    sudden: bool = False


class Keeping(NamedTuple):
    """A hold of the account part with what it keeps back: all of some verbs, or those of a role."""

    hold: str
    rule: str
    verbs: frozenset[AccountVerb]
    role: str | None

    @classmethod
    def of(cls, hold: str, raised: Raised) -> Keeping:
        """What a hold that was raised keeps back. One of new accounts keeps no renames back."""
        new = raised.verb is Verb.ADD
        verbs = frozenset({AccountVerb.CREATE}) if new else HELD_BY[raised.rule]
        return cls(hold, raised.rule, verbs, raised.role)

    def keeps(self, cell: Cell) -> bool:
        """Whether an account change of a kind waits for this hold."""
        verb = cell.verb
        if cell.renamed and verb is AccountVerb.REACTIVATE:
            # Nobody's account is in use again under a name that is not let go.
            verb = AccountVerb.RENAME
        if verb not in self.verbs or (cell.expected and self.rule == "C2"):
            return False
        if self.rule == "C8" and not cell.sudden:
            return False
        return self.role is None or cell.role == self.role
