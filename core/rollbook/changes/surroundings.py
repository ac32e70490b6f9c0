"""What stands around the part of a district that is compared, and stays as it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from rollbook.changes.changeset import Scope
from rollbook.roster.kinds import Kind


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``names`` are the names by id of records that directory and snapshot both hold, unchanged,
    and that a compared record refers to; ``schools`` the schools of the people among them.

    ``tallies`` count the whole directory by kind, school and role group; without them the compared
    part is all there is. ``unread`` are the kinds of which the snapshot says nothing.
    """

    names: Mapping[Kind, Mapping[str, str]] = field(default_factory=dict)
    schools: Mapping[str, str] = field(default_factory=dict)
    tallies: Counter[Scope] | None = None
    unread: frozenset[Kind] = frozenset()

    def holds(self, kind: Kind, record_id: str) -> bool:
        """Whether a record stands here."""
        return record_id in self.names.get(kind, {})

    def has_any(self, kind: Kind) -> bool:
        """Whether the directory has records of a kind outside the compared part."""
        return self.tallies is not None and any(
            number for (of, _, _), number in self.tallies.items() if of is kind
        )


NOTHING = Surroundings()
"""The whole district is compared."""
