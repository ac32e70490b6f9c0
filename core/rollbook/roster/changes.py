"""What a changeset is made of: one change of one record."""

from __future__ import annotations

from enum import StrEnum
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
