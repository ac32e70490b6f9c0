"""What a changeset would make happen to people's accounts, counted from the changes themselves:
an estimate, for districts without an account policy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rollbook.changes.columns import GROUP_CODES
from rollbook.changes.nothing import NO_CONSEQUENCES
from rollbook.changes.sequence import Changes
from rollbook.changes.shapes import Trait
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup

_HAS_ACCOUNT = (RoleGroup.STUDENT, RoleGroup.STAFF)


def consequences(changes: Sequence[Change]) -> dict[str, int]:
    """Accounts to be made, renamed (username or email), moved (school) and suspended.

    Guardians have no account. ``notice`` is counted when a run is looked at: who is told, and
    what of, is not a matter of the changes.
    """
    columns = Changes.of(changes).columns
    with_account = np.isin(columns.group, [GROUP_CODES[group] for group in _HAS_ACCOUNT])
    come, change, go = (
        places[with_account[places]]
        for places in (columns.places[Kind.USER, verb] for verb in Verb)
    )
    renamed = columns.shaped(bool(s.touched & {"username", "email"}) for s in columns.shapes)
    moved = columns.shaped("primary_org_id" in s.touched for s in columns.shapes)
    disabled = columns.has(Trait.DISABLES)
    return NO_CONSEQUENCES | {
        "account_create": len(come),
        "rename": int(np.count_nonzero(renamed[change])),
        "move": int(np.count_nonzero(moved[change])),
        "suspend": len(go) + int(np.count_nonzero(disabled[change])),
    }
