"""What a changeset is made of: one change of one record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import partial
from itertools import repeat
from typing import NamedTuple

from rollbook.roster.kinds import Kind, RoleGroup
from rollbook.roster.records import Values


class Verb(StrEnum):
    """What happens to a record."""

    ADD = "add"
    UPDATE = "update"
    REMOVE = "remove"


class Change(NamedTuple):
    """One change. ``before`` and ``after`` hold whole records for remove and add.

    For an update they hold just the fields that differ; a field that one side lacks is absent
    there. ``school`` is the org under which the change is counted; ``role`` is set for users.
    ``label`` is for the eye only and no part of the digest.
    """

    kind: Kind
    verb: Verb
    id: str
    before: Values | None
    after: Values | None
    school: str | None = None
    role: RoleGroup | None = None
    label: str = ""
    before_version: int | None = None
    merged_into: str | None = None

    @property
    def key(self) -> tuple[Kind, str]:
        """What the change is about."""
        return self.kind, self.id


_made: Callable[[Iterable[object]], Change] = partial(tuple.__new__, Change)
"""Past the constructor of the named tuple, which takes longer than all the rest of it."""


def changes_of(
    kind: Kind,
    verb: Verb,
    ids: Iterable[str],
    *,
    before: Iterable[Values | None],
    after: Iterable[Values | None],
    schools: Iterable[str | None],
    roles: Iterable[RoleGroup | None],
    labels: Iterable[str],
    versions: Iterable[int | None],
    merged_into: Iterable[str | None],
) -> Iterator[Change]:
    """Many changes of a kind and verb, as many as there are ids."""
    rows = zip(
        repeat(kind),
        repeat(verb),
        ids,
        before,
        after,
        schools,
        roles,
        labels,
        versions,
        merged_into,
        strict=False,
    )
    return map(_made, rows)
