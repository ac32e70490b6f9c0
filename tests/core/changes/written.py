"""What a directory and its journal look like after some changes, without a store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from rollbook.directory.journal import JournalRow
from rollbook.directory.records import Directory, LiveRecord
from rollbook.roster.changes import Change, Verb
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values

from .made_rosters import Held, applied


@dataclass(frozen=True)
class Written:
    """One line of a journal."""

    kind: Kind
    verb: Verb
    record_id: str
    before: Values | None
    after: Values | None
    version: int
    merged_into: str | None


@dataclass
class Ledger:
    """A directory with versions: what is live, what has left, and the journal of each run."""

    live: Directory
    left: Directory = field(default_factory=lambda: {kind: {} for kind in Kind})

    @property
    def held(self) -> Held:
        """What is live, without versions."""
        return {kind: {i: r.values for i, r in self.live[kind].items()} for kind in Kind}

    def write(self, changes: Iterable[Change]) -> list[JournalRow]:
        """Apply changes as the store does; returns their journal."""
        changes = list(changes)
        after = applied(self.held, changes)
        journal: list[Written] = []
        for change in changes:
            live, left = self.live[change.kind], self.left[change.kind]
            known = live.get(change.id) or left.get(change.id)
            version = (known.version if known else 0) + 1
            if change.verb is Verb.REMOVE:
                left[change.id] = LiveRecord(live.pop(change.id).values, version)
            else:
                left.pop(change.id, None)
                live[change.id] = LiveRecord(after[change.kind][change.id], version)
            journal.append(
                Written(
                    change.kind,
                    change.verb,
                    change.id,
                    change.before,
                    change.after,
                    version,
                    change.merged_into,
                )
            )
        return cast(list[JournalRow], journal)
