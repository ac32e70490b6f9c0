"""What happens to accounts, as it is called on the screen: sign, word and colour."""

from __future__ import annotations

from collections.abc import Mapping

from rollbook.desk.account_views import AccountChangeRow, AccountVerb
from rollbook_tui.widgets.field_changes import FieldChange, value_words
from rollbook_tui.words import Sign

ACCOUNT_VERBS: dict[AccountVerb, Sign] = {
    AccountVerb.VACATE: Sign("-", "vacate", "$remove"),
    AccountVerb.RELINK: Sign("~", "relink", "$update"),
    AccountVerb.CREATE: Sign("+", "create", "$add"),
    AccountVerb.REACTIVATE: Sign("+", "reactivate", "$add"),
    AccountVerb.RENAME: Sign("~", "rename", "$update"),
    AccountVerb.MOVE: Sign("~", "move", "$update"),
    AccountVerb.REGROUP: Sign("~", "regroup", "$update"),
    AccountVerb.STAY: Sign("~", "stay", "$update"),
    AccountVerb.LEAVE: Sign("-", "leave", "$remove"),
    AccountVerb.SUSPEND: Sign("-", "suspend", "$remove"),
    AccountVerb.DELETE: Sign("-", "delete", "bold $remove"),
}

MEANINGS: dict[AccountVerb, str] = {
    AccountVerb.VACATE: "taken from an id that somebody else has by now",
    AccountVerb.RELINK: "handed to the new id of the same person",
    AccountVerb.CREATE: "created",
    AccountVerb.REACTIVATE: "made usable again",
    AccountVerb.RENAME: "renamed",
    AccountVerb.MOVE: "moved to another OU or role",
    AccountVerb.REGROUP: "given other groups",
    AccountVerb.STAY: "no longer due to go",
    AccountVerb.LEAVE: "given days to be suspended and deleted on",
    AccountVerb.SUSPEND: "suspended",
    AccountVerb.DELETE: "deleted",
}
"""Each verb as the end of a sentence about accounts."""


def accounts_in_words(counts: Mapping[AccountVerb, int]) -> str:
    """``3 renamed, 1 suspended``: how many accounts, and what becomes of them."""
    return ", ".join(f"{number:,} {MEANINGS[verb]}" for verb, number in counts.items())


def account_fields(row: AccountChangeRow) -> list[FieldChange]:
    """The fields of an account change, before and after; those that stay as they are left out,
    unless nothing else is told."""
    before, after = row.before or {}, row.after
    every = [
        FieldChange(name, _words(before.get(name)), _words(after.get(name)))
        for name in sorted({*before, *after}, key=_place)
    ]
    return [change for change in every if change.before != change.after] or every


def before_after(row: AccountChangeRow) -> tuple[str, str]:
    """What a list shows of a change: the name, place or day before, and after."""
    fields = account_fields(row)
    told = fields[:1] if row.verb in _NAMED else fields
    named = len(told) > 1 and row.verb is not AccountVerb.CREATE
    sides = [
        ", ".join(
            f"{change.field.replace('_', ' ')} {side}" if named else side
            for change in told
            if (side := getattr(change, name))
        )
        for name in ("before", "after")
    ]
    return sides[0], sides[1]


_NAMED = (AccountVerb.CREATE, AccountVerb.RENAME)
"""Verbs of which the first field that changes, the username, tells enough in a list."""


_ORDER = ("username", "email", "person", "role", "ou", "groups", "state", "reason", "suspend_on")


def _place(field: str) -> tuple[int, str]:
    return (_ORDER.index(field) if field in _ORDER else len(_ORDER), field)


def _words(value: str | bool | list[str] | None) -> str | None:
    return None if value is None else value_words(value)
