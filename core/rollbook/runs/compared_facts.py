"""Attendance and discipline of a snapshot compared with what stands, student by student.

A set says all that there is to say of the newest school year in it: what it does not say of that
year any more is taken back. Of years before it only adds and mends; one that it does not name stays
as it is. Nothing is said of somebody who is no longer, or not yet, in the directory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.changes.positions import places_of
from rollbook.directory import student_facts
from rollbook.owner_only import owner_only
from rollbook.roster.changes import Verb
from rollbook.roster.findings import Finding, Severity
from rollbook.roster.kinds import Kind
from rollbook.roster.student_facts import (
    About,
    Entry,
    FactChange,
    Topic,
    fact_digest,
    in_order,
)
from rollbook.runs.student_facts import AT_ONCE, ComparedFacts, digest_of, line_of
from rollbook.snapshots.stage import Staged
from rollbook.sources.buckets import Buckets
from rollbook.sources.normal_form.facts_reading import FactsReading, facts_in
from rollbook.sources.normal_form.normal_set import facts_folder
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.roster import FileFacts


def compare_facts(
    connection: Connection, district: str, staged: Staged, changeset: Changeset
) -> ComparedFacts:
    """Read the facts of a staged set and compare them."""
    findings = Findings()
    readings = {reading.topic: reading for reading in facts_in(staged.folder, findings)}
    if not readings:
        return ComparedFacts()
    work = facts_folder(staged.folder) / "work"
    gathered = Buckets(work, "students")
    try:
        newest = {
            topic: _gather(connection, district, reading, gathered)
            for topic, reading in readings.items()
        }
        comparing = _Comparing(
            connection, district, readings, newest, _Arrivals(changeset), findings
        )
        path = work / "changes"
        digest = _write(path, comparing.changes(gathered))
    finally:
        gathered.close()
    return ComparedFacts(
        path,
        digest,
        tuple(FileFacts(t.file, r.rows, r.rejected) for t, r in readings.items()),
        (*findings.all(), *comparing.told()),
        frozenset(t.file for t in readings if _has_begun(connection, district, t, newest[t])),
    )


def _gather(
    connection: Connection, district: str, reading: FactsReading, gathered: Buckets
) -> str | None:
    """Gather by student what came and, without a line, what stands; returns the newest year."""
    years: set[str] = set()
    for line, about, entry in reading.entries():
        years.add(about.school_year)
        gathered.add(about.student, about.topic, about.school_year, line, entry)
    for about, digest in student_facts.digests(connection, district, reading.topic, years):
        gathered.add(about.student, about.topic, about.school_year, 0, digest)
    return max(years, default=None)


def _has_begun(connection: Connection, district: str, topic: Topic, newest: str | None) -> bool:
    known = student_facts.newest_year(connection, district, topic)
    return newest is not None and known is not None and newest > known


class _Arrivals:
    """The people whom a changeset brings and takes away; looked for when somebody is unknown."""

    def __init__(self, changeset: Changeset) -> None:
        self._changes = changeset.changes

    @cached_property
    def coming(self) -> frozenset[str]:
        """Those who are new."""
        return self._ids(Verb.ADD)

    @cached_property
    def leaving(self) -> frozenset[str]:
        """Those who leave."""
        return self._ids(Verb.REMOVE)

    def _ids(self, verb: Verb) -> frozenset[str]:
        mask = self._changes.columns.of(kind=Kind.USER, verb=verb)
        return frozenset(self._changes.ids(places_of(mask)))


@dataclass(frozen=True, slots=True)
class _Said:
    """What a set says of a student: entries in order, the line of the first, how many rows."""

    about: About
    after: tuple[Entry, ...]
    line: int


@dataclass
class _Comparing:
    """One comparison under way, a thousand students at a time."""

    connection: Connection
    district: str
    readings: Mapping[Topic, FactsReading]
    newest: Mapping[Topic, str | None]
    arrivals: _Arrivals
    findings: Findings
    unknown: dict[Topic, tuple[int, int, set[str]]] = field(default_factory=dict)

    def changes(self, gathered: Buckets) -> Iterator[FactChange]:
        """Every change, in an order that hangs on the students alone."""
        differing = self._differing(gathered)
        while batch := list(islice(differing, AT_ONCE)):
            people = {said.about.student for said in batch}
            known = student_facts.known_people(self.connection, self.district, people)
            if len(known) < len(people):
                known |= people & self.arrivals.coming
            stands = student_facts.standing(
                self.connection, self.district, (said.about for said in batch)
            )
            for said in batch:
                if said.about.student not in known:
                    self._note_unknown(said)
                elif said.about.student not in self.arrivals.leaving:
                    yield FactChange(said.about, stands.get(said.about, ()), said.after)

    def _differing(self, gathered: Buckets) -> Iterator[_Said]:
        for student, rows in gathered.groups():
            came: dict[About, list[Entry]] = {}
            lines: dict[About, int] = {}
            stands: dict[About, int] = {}
            for topic, year, line, said in rows:
                about = About(student, Topic(topic), year)
                if line:
                    came.setdefault(about, []).append(said)
                    lines[about] = min(line, lines.get(about, line))
                else:
                    stands[about] = said
            for about in sorted(came.keys() | stands.keys()):
                if not self._is_told(about, about in came):
                    continue
                after = in_order(came.get(about, ()))
                if fact_digest(after) != stands.get(about, 0):
                    yield _Said(about, after, lines.get(about, 0))

    def _is_told(self, about: About, came: bool) -> bool:
        """Whether the set says for sure all that there is to say."""
        reading = self.readings[about.topic]
        if about.student in reading.protected:
            return False
        return came or (about.school_year == self.newest[about.topic] and not reading.unsure)

    def _note_unknown(self, said: _Said) -> None:
        if said.after:
            rows, line, people = self.unknown.get(said.about.topic, (0, said.line, set()))
            people.add(said.about.student)
            self.unknown[said.about.topic] = rows + len(said.after), min(line, said.line), people

    def told(self) -> Iterator[Finding]:
        """What there is to say of rows about nobody."""
        for topic, (rows, line, people) in self.unknown.items():
            who = "a student who is" if len(people) == 1 else f"{len(people):,} students who are"
            yield Finding(
                Severity.WARNING,
                "unknown-student",
                f"Rows about {who} not in the roster were set aside; the first is here.",
                "Nothing for those who have left; else see why the roster lacks them.",
                file=topic.file,
                line=line,
                kind=Kind.USER,
                count=rows,
            )


def _write(path: Path, changes: Iterable[FactChange]) -> str:
    """Write changes into a file that its owner alone may read; returns their digest."""

    def written(spool: BinaryIO) -> Iterator[FactChange]:
        for change in changes:
            spool.write(line_of(change))
            yield change

    with owner_only(path) as spool:
        return digest_of(written(spool))
