"""Which changes take something away from somebody, whatever their verb."""

from __future__ import annotations

from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind


def disables(change: Change) -> bool:
    """Whether a person stays in the directory but may no longer come in."""
    return (
        change.kind is Kind.USER
        and change.verb is Verb.UPDATE
        and (change.after or {}).get("enabled") is False
    )


def unenrolls(change: Change) -> bool:
    """Whether an enrollment keeps its id but goes to another person or another class."""
    return (
        change.kind is Kind.ENROLLMENT
        and change.verb is Verb.UPDATE
        and bool((change.before or {}).keys() & {"user_id", "class_id"})
    )


def takes_away(change: Change) -> bool:
    """Whether a change removes a record, disables a person or un-enrolls one."""
    return change.verb is Verb.REMOVE or disables(change) or unenrolls(change)
