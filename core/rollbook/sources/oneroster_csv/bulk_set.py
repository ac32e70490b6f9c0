"""Read a folder with a bulk set into a roster: the files in order, then what they say together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rollbook.errors import InputRefused, SourceUnreachable
from rollbook.roster.kinds import Kind
from rollbook.roster.records import Record
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
from rollbook.sources.oneroster_csv.manifest import Manifest, contents
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
) -> Iterator[BulkSet]:
    """Open the files of a set and read their headers.

    ``version`` is for a set without a manifest: every file of OneRoster's that is there is then
    taken as whole. ``tobedeleted`` is ``refuse`` or ``remove``: whether rows of that status refuse
    the set or count as gone. ``progress`` is told a file's name and its data rows so far.

    Raises, in the block as well, ``InputRefused`` with code, file, line, field and remedy when the
    set is not fit to be compared, and ``SourceUnreachable`` when a file cannot be read at all.
    """
    findings = Findings()
    try:
        with ExitStack() as stack:
            files = files_in(folder, findings)
            manifest = contents(folder, files, version, findings)
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
            yield BulkSet(manifest.version, tobedeleted, readings, findings, progress)
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
    progress: Progress | None = None

    def read(self, reading: Reading, picked: Picked | None = None) -> None:
        """Take in a file, or some lines of it."""
        reading.read(picked, self.progress)

    def roster(self, known_roles: Mapping[str, str | None] = NOBODY) -> Roster:
        """What has been read. ``known_roles`` are the primary roles of people on lines that were
        not, for a guardian link needs to know which of the two is the student."""
        tables = {name: one.finish(self.tobedeleted) for name, one in self.readings.items()}
        refuse_cycle(tables[ORGS.name])
        return _roster(self.version, tables, self.findings, known_roles)


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
) -> Roster:
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
            records[kind] = {i: Record(kind, i, values) for i, values in rows.values.items()}
            protected[kind] = rows.protected
    records[Kind.USER], protected[Kind.USER] = people.users, people.protected_users
    records[Kind.ROLE] = people.roles
    protected[Kind.ROLE] = people.protected_roles - people.roles.keys()
    records[Kind.GUARDIAN], protected[Kind.GUARDIAN] = links.records, links.protected
    return Roster(
        version=version,
        records=records,
        complete=_complete(tables, people, findings),
        protected={kind: frozenset(ids) for kind, ids in protected.items()},
        findings=findings.all(),
        files=tuple(rows.facts for rows in tables.values()),
        places=places_of(tables, people.roles),
    )


def _complete(tables: Mapping[str, Rows], people: People, findings: Findings) -> frozenset[Kind]:
    """The kinds of which everything is here. A row of which nobody knows whose it was may be
    anybody's, so nobody of its file can be called gone."""
    complete: set[Kind] = set()
    for name, rows in tables.items():
        if rows.trusted and (name != ROLES.name or people.roles_known):
            complete |= set(rows.layout.kinds)
            continue
        findings.warn(
            "incomplete",
            "It is not known whose row was set aside, so nothing of this file is taken for gone.",
            "Mend the rows of this file that were set aside.",
            file=rows.file,
            kind=rows.layout.kind,
        )
    users = tables[USERS_1P1.name]
    if AGENT_IDS not in users.fields:
        complete.discard(Kind.GUARDIAN)
        findings.warn(
            "absent-column",
            "The file has no column agentSourcedIds: guardian links stay as they are.",
            "Nothing, or have the export write the column.",
            file=users.file,
            line=1,
            field="agentSourcedIds",
            kind=Kind.GUARDIAN,
        )
    return frozenset(complete)
