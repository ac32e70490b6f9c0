"""What a changeset makes happen to people's accounts, counted from the changes themselves."""

from __future__ import annotations

from collections.abc import Iterable

from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind, RoleGroup

_HAS_ACCOUNT = (RoleGroup.STUDENT, RoleGroup.STAFF)


def consequences(changes: Iterable[Change]) -> dict[str, int]:
    """Accounts to be made, renamed (username or email), moved (school) and suspended.

    Guardians have no account. ``notice`` counts who would be told: nobody, until there are
    notices.
    """
    counts = {"account_create": 0, "rename": 0, "move": 0, "suspend": 0, "notice": 0}
    for change in changes:
        if change.kind is not Kind.USER or change.role not in _HAS_ACCOUNT:
            continue
        if change.verb is Verb.ADD:
            counts["account_create"] += 1
        elif change.verb is Verb.REMOVE:
            counts["suspend"] += 1
        else:
            before, after = change.before or {}, change.after or {}
            touched = before.keys() | after.keys()
            counts["rename"] += bool(touched & {"username", "email"})
            counts["move"] += "primary_org_id" in touched
            counts["suspend"] += after.get("enabled") is False
    return counts
