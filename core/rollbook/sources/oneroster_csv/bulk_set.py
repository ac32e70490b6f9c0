"""Read a folder with a bulk set into a roster: the files in order, then what they say together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Record, records_of
from rollbook.sources.oneroster_csv.cells import Known
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.files import MANIFEST, files_in
from rollbook.sources.oneroster_csv.guardians import NOBODY, guardian_links
from rollbook.sources.oneroster_csv.layouts import (
    AGENT_IDS,
    INDISPENSABLE,
    LAYOUTS,
    ORGS,
    ROLES,
    USERS_1P1,
    Layout,
)
from rollbook.sources.oneroster_csv.manifest import Manifest, contents, deltas_of
from rollbook.sources.oneroster_csv.org_tree import refuse_cycle
from rollbook.sources.oneroster_csv.people import People, people_1p1, people_1p2
from rollbook.sources.oneroster_csv.places import places_of
from rollbook.sources.oneroster_csv.reading import Progress, Reading
from rollbook.sources.oneroster_csv.rows import Rows
from rollbook.sources.oneroster_csv.table import Picked, Table
from rollbook.sources.roster import Roster


def read(
    folder: Path,
    *,
    version: str | None = None,
    tobedeleted: str = "refuse",
    progress: Progress | None = None,
) -> Roster:
    """Every record of the set in ``folder``, with what may be concluded from what is not there.

    As ``BulkSet``, all files whole.
    """
    with open_set(folder, version=version, tobedeleted=tobedeleted, progress=progress) as bulk:
        for reading in bulk.readings.values():
            bulk.read(reading)
        return bulk.roster()


@contextmanager
def open_set(
    folder: Path,
    *,
    version: str | None = None,
    tobedeleted: str = "refuse",
    progress: Progress | None = None,
    doubts: Collection[str] = (),
) -> Iterator[BulkSet]:
    """Open the files of a set and read their headers.

    ``version`` is for a set without a manifest: every file of OneRoster's that is there is then
    taken as whole. ``tobedeleted`` is ``refuse`` or ``remove``: whether rows of that status refuse
    the set or count as gone. ``progress`` is told a file's name and its data rows so far.
    ``doubts`` are files, by their manifest names, in which absence means nothing, as a reading
    before found out.

    Raises, in the block as well, ``InputRefused`` with code, file, line, field and remedy when the
    set is not fit to be compared, and ``SourceUnreachable`` when a file cannot be read at all.
    """
    findings = Findings()
    try:
        with ExitStack() as stack:
            files = files_in(folder, findings)
            manifest = contents(folder, files, version, findings)
            for name, line in deltas_of(manifest).items():
                _refuse_delta(name, line)
            _check_presence(files, manifest, findings)
            ids: Known = {}
            readings = {
                layout.name: Reading(
                    stack.enter_context(Table(files[layout.name], findings)),
                    layout,
                    findings,
                    ids,
                )
                for layout in LAYOUTS[manifest.version]
                if layout.name in manifest.bulk
            }
            for name in doubts:
                readings[name].trusted = False
            yield BulkSet(manifest.version, tobedeleted, readings, findings, ids, progress)
    except OSError as error:
        raise SourceUnreachable(
            f"{error.filename or folder} could not be read: {error.strerror}.",
            remedy="Check that the file is there and that this user may read it.",
        ) from None


@dataclass(frozen=True, slots=True)
class BulkSet:
    """The open files of a set by their manifest names, in the order in which they are read.

    Rows with an error are set aside with a finding, and their ids are protected. Passwords are
    never read. References to other files' records are not checked here, save agents.
    """

    version: str
    tobedeleted: str
    readings: dict[str, Reading]
    findings: Findings
    ids: Known
    progress: Progress | None = None

    def read(self, reading: Reading, picked: Picked | None = None) -> None:
        """Take in a file, or some lines of it."""
        reading.read(picked, self.progress)

    def roster(self, known_roles: Mapping[str, str | None] = NOBODY) -> Roster:
        """What has been read. ``known_roles`` are the primary roles of people on lines that were
        not, for a guardian link needs to know which of the two is the student."""
        tables = self._finished(self.readings)
        refuse_cycle(tables[ORGS.name])
        people, roster = _roster(self.version, tables, self.findings, known_roles)
        return self._told(roster, people.roles_known)

    @property
    def of_people(self) -> dict[str, Reading]:
        """The files that can be read in slices of people."""
        return {n: r for n, r in self.readings.items() if not r.layout.kind.comes_before_people}

    def rest(self) -> Roster:
        """All but ``of_people``, read whole. Nothing is said to be complete."""
        others = {n: r for n, r in self.readings.items() if n not in self.of_people}
        for reading in others.values():
            self.read(reading)
        tables = self._finished(others)
        refuse_cycle(tables[ORGS.name])
        records = {kind: dict[str, Record]() for kind in Kind}
        protected = {kind: frozenset[str]() for kind in Kind}
        for rows in tables.values():
            kind = rows.layout.kind
            records[kind] = records_of(kind, rows.values)
            protected[kind] = frozenset(rows.protected)
        return Roster(self.version, records, frozenset(), protected, (), (), places_of(tables, {}))

    def slice(self, picked: Mapping[str, Picked]) -> Roster:
        """Some lines of the files ``of_people``, all that there are about some people; what was
        read of these files before is let go. Nothing is said to be complete.

        Raises ``Doubtful`` when absence means nothing in a file of which that was not known.
        """
        known = self.doubts
        self.ids.clear()
        for name, reading in self.of_people.items():
            reading.begin_slice()
            reading.read(picked[name])
        tables = self._finished(self.of_people)
        people, roster = _roster(self.version, tables, self.findings, NOBODY)
        untrusted = {name for name, rows in tables.items() if not rows.trusted}
        if not people.roles_known and ROLES.name in tables:
            untrusted.add(ROLES.name)
        if untrusted - known:
            raise Doubtful(known | untrusted)
        return roster

    @property
    def doubts(self) -> frozenset[str]:
        """The files whose absent rows mean nothing, as far as is known."""
        return frozenset(name for name, one in self.readings.items() if not one.trusted)

    def complete(self) -> frozenset[Kind]:
        """The kinds of which everything is here, as far as is known."""
        complete: set[Kind] = set()
        for reading in self.readings.values():
            if reading.trusted:
                complete |= set(reading.layout.kinds)
        if AGENT_IDS not in self.readings[USERS_1P1.name].rows.fields:
            complete.discard(Kind.GUARDIAN)
        return frozenset(complete)

    def ended(self) -> Roster:
        """What there is to say once all slices have been read; it holds no records."""
        nothing = Roster(
            self.version,
            {kind: {} for kind in Kind},
            frozenset(),
            {kind: frozenset() for kind in Kind},
            (),
            (),
        )
        return self._told(nothing, ROLES.name not in self.doubts)

    def _finished(self, readings: Mapping[str, Reading]) -> dict[str, Rows]:
        return {name: one.finish() for name, one in readings.items()}

    def _told(self, roster: Roster, roles_known: bool) -> Roster:
        """The roster with what all files together say: findings, counts, and what is complete."""
        for reading in self.readings.values():
            reading.refuse_removed(self.tobedeleted)
        if ROLES.name in self.readings and not roles_known:
            self.readings[ROLES.name].trusted = False
        for name in self.doubts:
            rows = self.readings[name].rows
            self.findings.warn(
                "incomplete",
                "It is not known whose row was set aside, so nothing of this file is taken for "
                "gone.",
                "Mend the rows of this file that were set aside.",
                file=rows.file,
                kind=rows.layout.kind,
            )
        users = self.readings[USERS_1P1.name].rows
        if AGENT_IDS not in users.fields:
            self.findings.warn(
                "absent-column",
                "The file has no column agentSourcedIds: guardian links stay as they are.",
                "Nothing, or have the export write the column.",
                file=users.file,
                line=1,
                field="agentSourcedIds",
                kind=Kind.GUARDIAN,
            )
        return replace(
            roster,
            complete=self.complete(),
            findings=self.findings.all(),
            files=tuple(one.facts for one in self.readings.values()),
        )


class Doubtful(Exception):
    """Absence means nothing in ``files``, which was not known when the first slices were read."""

    def __init__(self, files: frozenset[str]) -> None:
        super().__init__(f"not trusted: {', '.join(sorted(files))}")
        self.files = files


def _refuse_delta(name: str, line: int) -> NoReturn:
    raise InputRefused(
        f"file.{name} is in delta mode: changes only, and there is nothing that they change.",
        code="delta-mode",
        file=f"{MANIFEST}.csv",
        line=line,
        field=f"file.{name}",
        remedy="Set the export to bulk.",
    )


def _check_presence(files: Mapping[str, Path], manifest: Manifest, findings: Findings) -> None:
    """Refuse a set that lacks a file that it says it has, or without which there is nobody."""
    for name in sorted(manifest.bulk - files.keys()):
        raise InputRefused(
            "The manifest says that the file is there (bulk), and it is not.",
            code="missing-file",
            file=f"{name}.csv",
            remedy="Wait until all files have arrived, or have the export mark it absent.",
        )
    for name in sorted(INDISPENSABLE[manifest.version] - manifest.bulk):
        misspelt = manifest.misspelt.get(f"file.{name}")
        raise InputRefused(
            f"The set has no {name}, without which there is no roster.",
            code="absent-file",
            file=f"{name}.csv",
            remedy=f"The manifest says {misspelt}: did you mean file.{name}?"
            if misspelt
            else f"Have the export write {name}.csv, in bulk mode.",
        )
    for layout in LAYOUTS[manifest.version]:
        if layout.name not in manifest.bulk:
            _warn_absent(layout, findings)
    for name in sorted(files.keys() - manifest.bulk - {MANIFEST}):
        findings.warn(
            "not-read",
            "The file is there, but the set does not say that it is part of it; it was not read.",
            f"If it is, have the export write file.{name},bulk in the manifest.",
            file=files[name].name,
        )


def _warn_absent(layout: Layout, findings: Findings) -> None:
    findings.warn(
        "absent-file",
        f"The set has no {layout.name}: what the directory holds of them stays as it is.",
        f"Nothing, or have the export write {layout.file}.",
        file=layout.file,
        kind=layout.kind,
    )


def _roster(
    version: str,
    tables: Mapping[str, Rows],
    findings: Findings,
    known_roles: Mapping[str, str | None],
) -> tuple[People, Roster]:
    """The records of some files, those of users among them."""
    users = tables[USERS_1P1.name]
    people = (
        people_1p1(users) if version == "1.1" else people_1p2(users, tables[ROLES.name], findings)
    )
    links = guardian_links(people, users, findings, known_roles)
    records: dict[Kind, dict[str, Record]] = {kind: {} for kind in Kind}
    protected: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for rows in tables.values():
        kind = rows.layout.kind
        if kind not in (Kind.USER, Kind.ROLE):
            records[kind] = records_of(kind, rows.values)
            protected[kind] = rows.protected
    records[Kind.USER], protected[Kind.USER] = people.users, people.protected_users
    records[Kind.ROLE] = people.roles
    protected[Kind.ROLE] = people.protected_roles - people.roles.keys()
    records[Kind.GUARDIAN], protected[Kind.GUARDIAN] = links.records, links.protected
    return people, Roster(
        version=version,
        records=records,
        complete=frozenset(),
        protected={kind: frozenset(ids) for kind, ids in protected.items()},
        findings=(),
        files=(),
        places=places_of(tables, people.roles),
    )
