"""A changeset: what takes the directory to a snapshot, with its digest and its counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rollbook.changes.sequence import Changes
from rollbook.roster.changes import Change, Verb
from rollbook.roster.findings import Finding
from rollbook.roster.kinds import KIND_ORDER, Kind, RoleGroup

Scope = tuple[Kind, str | None, RoleGroup | None]
"""Kind, school, role group. School and role group are ``None`` for all of them together."""


Owner = tuple[Kind, str]
"""A record that others belong to, by kind and id."""

Ownerless = Counter[tuple[Kind, frozenset[Owner]]]
"""Rows that were set aside, by their kind and by the owners that are not there."""


@dataclass(slots=True)
class Tally:
    """Records of one kind in one place: before, incoming, and what happens to them."""

    before: int = 0
    incoming: int = 0
    add: int = 0
    update: int = 0
    remove: int = 0
    unknown: int = 0

    def numbers(self) -> dict[str, int]:
        """The counts by name, as a run keeps them."""
        return {name: getattr(self, name) for name in self.__slots__}

    def count(self, verb: Verb, number: int) -> None:
        """So many more changes of that verb."""
        match verb:
            case Verb.ADD:
                self.add += number
            case Verb.UPDATE:
                self.update += number
            case Verb.REMOVE:
                self.remove += number


SchoolTallies = dict[str | None, dict[Kind, Tally]]


@dataclass(frozen=True, slots=True)
class Changeset:
    """Changes in order, what they were made from, and how they add up.

    ``live`` counts the records of each scope before the run: the base of every percentage.
    ``rejected`` counts rows by kind that were set aside for an error, ``ownerless`` does so by what
    they refer to; ``incoming_students`` are the students that the snapshot holds.
    """

    changes: Changes
    digest: str
    totals: dict[Kind, Tally]
    schools: SchoolTallies
    live: Mapping[Scope, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    rejected: Mapping[Kind, int] = field(default_factory=dict)
    ownerless: Ownerless = field(default_factory=Counter)
    incoming_students: int = 0
    students_by_school: Mapping[str, int] = field(default_factory=dict)


def in_order(changes: Iterable[Change]) -> Changes:
    """Changes by kind, then id: the order in which they are shown, digested and applied."""
    return Changes.of(sorted(changes, key=lambda change: (KIND_ORDER[change.kind], change.id)))


def digest_of(changes: Iterable[Change]) -> str:
    """``sha256:…`` over the changes in order (see ``Changes.digest``)."""
    return Changes.of(changes).digest
