"""The merges in force, and who comes under the id of a merged person without being that person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from rollbook.accounts.same_person import Identity, identity_of, is_another_by_now
from rollbook.changes.resolve import Merge
from rollbook.directory import merges
from rollbook.directory.merges import MergeRow
from rollbook.directory.records import load_some
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values, text

USED_AGAIN = "merged-id-used-again"
"""Somebody has the id of a person who was merged into another, and is another person."""


@dataclass(frozen=True, slots=True)
class Aliases:
    """The merges of a district, oldest first; ``others`` are those of them that a comparison has
    found to stand for somebody else by now, by the id that was given up."""

    merges: tuple[Merge, ...]
    others: dict[str, MergeRow] = field(default_factory=dict)

    def findings(self) -> list[Finding]:
        """What is told of those whose rows were set aside."""
        return [_told(row) for _, row in sorted(self.others.items())]


def aliases_in_force(connection: Connection, district: str) -> Aliases:
    """The merges in force, each with the person who was given up to compare with."""
    rows = merges.listed(connection, district, active=True)
    lost = sorted({row.lose for row in rows})
    people = load_some(connection, district, Kind.USER, lost, removed=True)
    births = load_some(connection, district, Kind.DEMOGRAPHICS, lost, removed=True)
    others: dict[str, MergeRow] = {}

    def is_another(row: MergeRow, was: Identity) -> Callable[[Values, str | None], bool]:
        def answer(values: Values, born: str | None) -> bool:
            if not is_another_by_now(was, identity_of(values, born)):
                return False
            others[row.lose] = row
            return True

        return answer

    found: list[Merge] = []
    for row in rows:
        merge = Merge(row.keep, row.lose, tuple(row.from_lose))
        if (person := people.get(row.lose)) is not None:
            birth = births.get(row.lose)
            born = text(birth.values, "birth_date") if birth is not None else None
            was = identity_of(person.values, born)
            merge = Merge(row.keep, row.lose, tuple(row.from_lose), is_another(row, was))
        found.append(merge)
    return Aliases(tuple(found), others)


def _told(row: MergeRow) -> Finding:
    return Finding(
        Severity.ERROR,
        USED_AGAIN,
        f"{row.lose} is merged into {row.keep} ({row.id}), and somebody else comes under that id, "
        "by both names and by birthday or number: set aside, with all that is theirs.",
        f"Split {row.id}; the next sync asks about the person then (C9).",
        kind=Kind.USER,
        record_id=row.lose,
    )
