"""Records as they are once some changes are in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rollbook.roster.changes import Change, Verb
from rollbook.roster.records import Values


def afterwards(held: Mapping[str, Values], changes: Iterable[Change]) -> dict[str, Values]:
    """The records of one kind by id, of which ``held`` are there, once its ``changes`` are in."""
    found = dict(held)
    for change in changes:
        match change.verb:
            case Verb.ADD:
                found[change.id] = change.after or {}
            case Verb.REMOVE:
                found.pop(change.id, None)
            case Verb.UPDATE:
                kept = {n: v for n, v in found[change.id].items() if n not in (change.before or {})}
                found[change.id] = kept | (change.after or {})
    return found
