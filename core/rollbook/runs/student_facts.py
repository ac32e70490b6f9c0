"""Attendance and discipline as a run changes them: what is saved, digested and taken back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.directory import student_facts
from rollbook.roster.findings import Finding
from rollbook.roster.student_facts import (
    About,
    FactChange,
    Topic,
    fact_digest,
)
from rollbook.sources.roster import FileFacts

AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class ComparedFacts:
    """What a snapshot makes of facts: the changes in the file ``path``, their ``digest``, the files
    that were read, and what there is to say about them. ``begun`` are files whose newest school
    year is a new one: they are short by nature."""

    path: Path | None = None
    digest: str = ""
    files: tuple[FileFacts, ...] = ()
    findings: tuple[Finding, ...] = ()
    begun: frozenset[str] = frozenset()

    def changes(self) -> Iterator[FactChange]:
        """The changes, in order."""
        if self.path is None:
            return
        with self.path.open(encoding="utf-8") as file:
            for line in file:
                (student, topic, year), before, after = json.loads(line)
                yield FactChange(About(student, Topic(topic), year), tuple(before), tuple(after))


def with_facts(changeset: Changeset, digest: str) -> Changeset:
    """The changeset under a digest that stands for its facts as well; the same without any."""
    if not digest:
        return changeset
    both = hashlib.sha256(f"{changeset.digest}\n{digest}".encode()).hexdigest()
    return replace(changeset, digest=f"sha256:{both}")


def digest_of(changes: Iterable[FactChange]) -> str:
    """A digest of changes in order; empty of none."""
    digest = hashlib.sha256()
    for change in changes:
        digest.update(line_of(change))
    return "" if digest.digest() == hashlib.sha256().digest() else digest.hexdigest()


def facts_to_undo(connection: Connection, district: str, run: str) -> list[FactChange]:
    """What takes back the facts that a run has written, as far as they stand as it left them."""
    found: list[FactChange] = []
    rows = student_facts.of_run(connection, run, applied=True)
    while batch := list(islice(rows, AT_ONCE)):
        written = {About(r.student_id, Topic(r.topic), r.school_year): r for r in batch}
        stands = student_facts.standing(connection, district, written)
        found += [
            FactChange(about, tuple(row.after), tuple(row.before))
            for about, row in written.items()
            if fact_digest(stands.get(about, ())) == row.digest
        ]
    return found


def facts_waiting(connection: Connection, run: str) -> list[FactChange]:
    """What a run is still to make of facts."""
    return [
        FactChange(
            About(row.student_id, Topic(row.topic), row.school_year),
            tuple(row.before),
            tuple(row.after),
        )
        for row in student_facts.of_run(connection, run, applied=False)
    ]


def line_of(change: FactChange) -> bytes:
    told = json.dumps([change.about, change.before, change.after], separators=(",", ":"))
    return f"{told}\n".encode()
