"""Reading just what a snapshot may change: the lines that the directory does not know, and those
whose meaning hangs on them.

A line is known when the directory holds exactly what it says. An unknown line is read. So is a
known one that stands there beside an unknown line of the same id; that refers to a record which
leaves; that may be the reason for a guardian link or a role of somebody whose own line changed; or
that is about a merged person. Everything else is as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from rollbook.changes.labels import person_name
from rollbook.changes.resolve import Merge
from rollbook.changes.surroundings import NOTHING, Surroundings
from rollbook.directory import fingerprints, lookups, tallies
from rollbook.directory.fingerprints import Base, Format
from rollbook.directory.records import Directory, LiveRecord, load_kind, load_some
from rollbook.roster.kinds import SHAPES, Kind
from rollbook.roster.records import Values, text
from rollbook.snapshots.line_hashes import (
    Difference,
    Hashes,
    Positions,
    difference,
    hash_lines,
    hash_lines_but,
    locate,
    raw_lines,
)
from rollbook.sources.oneroster_csv import BulkSet
from rollbook.sources.oneroster_csv.layouts import AGENT_IDS, ORG_IDS, ROLE
from rollbook.sources.oneroster_csv.reading import Reading
from rollbook.sources.oneroster_csv.survey import lines_of
from rollbook.sources.oneroster_csv.table import Picked
from rollbook.sources.roster import Roster

ALWAYS_WHOLE = frozenset({Kind.ORG, Kind.ACADEMIC_SESSION})
"""Small files whose records hang together: an org may be above any other."""

BULK_SHARE = 0.3
"""The share of unknown lines from which on a file is read as a whole."""

READER = "1"
"""Goes up with every change to what a line is read as, so that every line is read anew."""

STAMP = "datelastmodified"
"""The column that some systems write anew into every row each night."""

_FAMILY = ("student_id", "guardian_id")


@dataclass(frozen=True, slots=True)
class Make:
    """What a file's fingerprints depend on beside its lines, and the position of a column that is
    left out of them: a SIS may write a new date into every row each night."""

    text: str
    without: int | None = None

    def __str__(self) -> str:
        return self.text if self.without is None else f"{self.text}|without {self.without}"

    def hashes(self, path: Path) -> Hashes:
        """The hash of every line of a file."""
        if self.without is None:
            return hash_lines(path)
        return hash_lines_but(path, self.without)


@dataclass
class Part:
    """One file: its open reading, the hashes of its lines, and which of them have been read.

    ``base`` is what the directory knows; ``whole`` files are read from the first line to the last.
    ``safe`` says that a line feed ends every line, so that lines have numbers that can be trusted.
    """

    reading: Reading
    make: Make
    hashes: Hashes
    base: Base | None
    difference: Difference | None
    whole: bool
    _secrets: bool
    safe: bool = True
    read: Positions = field(default_factory=lambda: np.empty(0, np.int64))

    @property
    def kind(self) -> Kind:
        """The kind of the file's rows."""
        return self.reading.layout.kind

    @property
    def first(self) -> int:
        """The position of the first line with data."""
        return self.reading.table.first - 1

    @property
    def secrets(self) -> bool:
        """Whether a line, read or not, may hold a password."""
        return self.reading.rows.secrets or (self._secrets and not self.whole)

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Of each line of the file, whether the directory has its fingerprint already."""
        known = np.zeros(len(self.hashes), np.bool_)
        if self.difference is not None:
            known[self.first :] = True
            known[self.difference.lines] = False
        return known

    @property
    def good(self) -> dict[str, Values]:
        """The rows that were read and are in order."""
        return self.reading.rows.values


@dataclass(slots=True)
class Touched:
    """The parts of a snapshot by kind, and what is known of the records that they touch.

    ``leaving`` are records of the directory that may leave; ``gone`` are those of them that no line
    names any more, as they stand. ``people`` are those whose links and roles may change; ``links``
    are their guardian links in the directory, where not all users are read. ``held`` is what it has
    of the kinds whose files are read whole.
    """

    connection: Connection
    district: str
    bulk: BulkSet
    parts: dict[Kind, Part]
    merges: Sequence[Merge]
    leaving: dict[Kind, set[str]] = field(default_factory=lambda: {kind: set() for kind in Kind})
    gone: dict[Kind, dict[str, LiveRecord]] = field(
        default_factory=lambda: {kind: {} for kind in Kind}
    )
    people: set[str] = field(default_factory=set)
    links: dict[str, LiveRecord] = field(default_factory=dict)
    held: Directory = field(default_factory=dict)
    _asked: dict[tuple[str, Kind], set[str]] = field(default_factory=dict)
    _pulled: bool = False


def look_at(connection: Connection, district: str, bulk: BulkSet) -> dict[Kind, Part]:
    """The files of a set by the kind of their rows, hashed and not read yet."""
    formats = fingerprints.formats_of(connection, district)
    makes = {
        reading.layout.kind: _make_like(bulk, reading, formats.get(reading.layout.kind))
        for reading in bulk.readings.values()
    }
    known = {
        k: formats[k] for k, m in makes.items() if k in formats and formats[k].made_of == str(m)
    }
    bases = fingerprints.load_bases(connection, district, known.keys())
    return {
        kind: _look(bulk, reading, makes[kind], formats.get(kind), bases.get(kind))
        for kind, reading in ((one.layout.kind, one) for one in bulk.readings.values())
    }


def read_touched(
    connection: Connection,
    district: str,
    bulk: BulkSet,
    parts: dict[Kind, Part],
    merges: Sequence[Merge],
) -> Touched:
    """Read what a snapshot may change. Raises ``InputRefused`` as the reader does."""
    for part in parts.values():
        _take_in(bulk, part)
    touched = Touched(connection, district, bulk, parts, merges)
    if all(part.whole for part in parts.values()):
        return touched
    _find_gone(touched)
    _pull_role_doubles(touched)
    _pull_merged(touched)
    touched._pulled = True
    while touched._pulled:
        touched._pulled = False
        _pull_doubles(touched)
        _pull_referring(touched)
        _pull_roles(touched)
        _pull_families(touched)
    for part in parts.values():
        _count_unread(bulk, part)
    return touched


def make_of(bulk: BulkSet, reading: Reading) -> Make:
    """The make of fingerprints over whole lines."""
    header = "\x1f".join(reading.table.header)
    return Make(f"{READER}|{bulk.version}|{bulk.tobedeleted}|{header}")


def stamped(reading: Reading) -> int | None:
    """The position of the column with the date of a row's last change, where there is one."""
    names = [name.strip().casefold() for name in reading.table.header]
    return names.index(STAMP) if STAMP in names else None


def _make_like(bulk: BulkSet, reading: Reading, known: Format | None) -> Make:
    """The make of a file's fingerprints: without the date of the last change, where those that
    there are were made so."""
    make = make_of(bulk, reading)
    without = replace(make, without=stamped(reading))
    return without if known is not None and known.made_of == str(without) else make


def _look(
    bulk: BulkSet, reading: Reading, make: Make, known: Format | None, base: Base | None
) -> Part:
    kind, path = reading.layout.kind, reading.table.path
    hashes = make.hashes(path)
    found = None
    if known is not None and base is not None:
        bulk.findings.lines(reading.table.name).know(known.note_sets)
        found = difference(base.hashes, hashes, reading.table.first - 1)
    rows = max(1, len(hashes) - reading.table.first + 1)
    secrets = known is not None and known.secrets
    whole = (
        found is None
        or kind in ALWAYS_WHOLE
        or len(found.lines) > BULK_SHARE * rows
        or not _ends_as_lines_do(path, reading.table.first)
    )
    return Part(reading, make, hashes, base, found, whole, secrets)


def _take_in(bulk: BulkSet, part: Part) -> None:
    """Read the unknown lines of a file, or all of them."""
    if not part.whole and part.difference is not None:
        if _read(bulk, part, part.difference.lines):
            return
        part.whole = True
    bulk.read(part.reading)
    part.safe = part.reading.table.last == len(part.hashes)
    part.read = np.arange(part.first, len(part.hashes), dtype=np.int64)


def _ends_as_lines_do(path: Path, first: int) -> bool:
    """Whether the lines up to the first one with data end with line feeds and nothing else."""
    with path.open("rb") as file:
        above = list(islice(file, first))
    return len(above) == first and not any(map(_is_broken, above))


def _is_broken(raw: bytes) -> bool:
    """Whether a line holds a line end of another sort."""
    return b"\r" in raw.removesuffix(b"\n").removesuffix(b"\r")


def _read(bulk: BulkSet, part: Part, positions: Positions) -> bool:
    """Read some lines; false, and nothing read, where they do not end as lines do."""
    lines = list(raw_lines(part.reading.table.path, positions))
    if any(_is_broken(raw) for _, raw in lines):
        return False
    bulk.read(part.reading, Picked(lines, len(part.hashes)))
    part.read = np.union1d(part.read, positions)
    return True


def _pull(touched: Touched, kind: Kind, marks: Iterable[int | None]) -> None:
    """Read the known lines with these fingerprints, as far as they are there and not read yet."""
    part = touched.parts.get(kind)
    wanted = [mark for mark in marks if mark is not None]
    if part is None or part.whole or not wanted:
        return
    hashes = np.array(wanted, np.int64).view(np.uint64)
    positions = locate(part.hashes[part.first :], hashes) + part.first
    positions = np.setdiff1d(positions, part.read)
    if len(positions):
        _read(touched.bulk, part, positions)
        touched._pulled = True


def _new(touched: Touched, what: str, kind: Kind, ids: Iterable[str]) -> set[str]:
    """The ids that were not asked for before."""
    asked = touched._asked.setdefault((what, kind), set())
    fresh = set(ids) - asked
    asked |= fresh
    return fresh


def _find_gone(touched: Touched) -> None:
    """The records whose line is not there any more; what has another line now does not leave."""
    for kind, part in touched.parts.items():
        good = part.good.keys() if kind is not Kind.ROLE else set()
        if part.whole:
            touched.held[kind] = load_kind(touched.connection, touched.district, kind)
            touched.leaving[kind] |= touched.held[kind].keys() - good
        elif part.base is not None and part.difference is not None:
            rows = part.base.rows[part.difference.gone].tolist()
            found = lookups.of_rows(touched.connection, kind, rows)
            found |= lookups.unmarked(touched.connection, touched.district, kind)
            touched.gone[kind] = found
            touched.leaving[kind] |= found.keys() - good
        touched.leaving[kind] |= part.reading.rows.removed.keys()
    users = touched.parts[Kind.USER]
    touched.people |= touched.leaving[Kind.USER] | users.good.keys() | users.reading.rows.protected


def _pull_merged(touched: Touched) -> None:
    """All lines about people who are taken as one."""
    both = {person for merge in touched.merges for person in (merge.keep, merge.lose)}
    if not both:
        return
    touched.people |= both
    for kind, name in (
        (Kind.USER, "id"),
        (Kind.ROLE, "user_id"),
        (Kind.ENROLLMENT, "user_id"),
        (Kind.DEMOGRAPHICS, "id"),
    ):
        found = lookups.referring(touched.connection, touched.district, kind, name, both)
        _pull(touched, kind, found.values())


def _pull_doubles(touched: Touched) -> None:
    """Known lines whose id stands on a line that was read as well."""
    for kind, part in touched.parts.items():
        if part.whole or kind is Kind.ROLE:
            continue
        rows = part.reading.rows
        ids = _new(touched, "double", kind, [*rows.values, *rows.protected, *rows.removed])
        # The line of what is gone is not there any more, so it does not stand there twice.
        ids -= touched.gone[kind].keys()
        found = lookups.standing(touched.connection, touched.district, kind, ids)
        _pull(touched, kind, (one.fingerprint for one in found.values()))


def _pull_role_doubles(touched: Touched) -> None:
    """The same of role lines, while only unknown ones were read: the file alone tells their ids,
    as the directory gives roles its own."""
    part = touched.parts.get(Kind.ROLE)
    if part is None or part.whole:
        return
    rows = part.reading.rows
    ids = {*rows.values, *rows.protected, *rows.removed}
    if not ids:
        return
    positions = np.setdiff1d(lines_of(part.reading, ids), part.read)
    if len(positions):
        _read(touched.bulk, part, positions)


def _pull_referring(touched: Touched) -> None:
    """Lines that refer to what may leave; what belongs to it may leave as well."""
    for kind in (Kind.ORG, Kind.ACADEMIC_SESSION, Kind.COURSE, Kind.CLASS, Kind.USER):
        _follow_owners(touched, kind)
        leaving = _new(touched, "referring", kind, touched.leaving[kind])
        if not leaving:
            continue
        for other, shape in SHAPES.items():
            references = [(r.field, r.owner) for r in shape.references if r.kind is kind]
            if other is Kind.DEMOGRAPHICS and kind is Kind.USER:
                references = [("id", True)]
            part = touched.parts.get(other)
            if part is not None and part.whole:
                continue
            for name, owner in references:
                found = lookups.referring(
                    touched.connection, touched.district, other, name, leaving
                )
                _pull(touched, other, found.values())
                if owner:
                    touched.leaving[other] |= found.keys()


def _follow_owners(touched: Touched, kind: Kind) -> None:
    """Rows that were read and belong to what may leave may leave themselves."""
    part = touched.parts.get(kind)
    owners = [(r.field, r.kind) for r in SHAPES[kind].references if r.owner]
    if part is None or not owners:
        return
    for record_id, values in part.good.items():
        if any(values.get(name) in touched.leaving[of] for name, of in owners):
            touched.leaving[kind].add(record_id)


def _pull_roles(touched: Touched) -> None:
    """In 1.2, a user's line with all role lines of that user, and the other way round."""
    users, roles = touched.parts[Kind.USER], touched.parts.get(Kind.ROLE)
    if roles is None or (users.whole and roles.whole):
        return
    of_roles = {str(values.get("user_id")) for values in roles.good.values()}
    of_roles |= {str(values.get("user_id")) for values in roles.reading.again}
    of_roles |= {str(v["user_id"]) for _, v in roles.reading.rows.quarantined if "user_id" in v}
    of_roles |= {str(role.values.get("user_id")) for role in touched.gone[Kind.ROLE].values()}
    people = _new(touched, "person", Kind.USER, of_roles)
    touched.people |= people
    found = lookups.standing(touched.connection, touched.district, Kind.USER, people)
    _pull(touched, Kind.USER, (one.fingerprint for one in found.values()))
    people = _new(
        touched, "roles", Kind.USER, [*users.good, *users.reading.rows.protected, *of_roles]
    )
    held = lookups.referring(touched.connection, touched.district, Kind.ROLE, "user_id", people)
    _pull(touched, Kind.ROLE, held.values())


def _pull_families(touched: Touched) -> None:
    """Lines that may name somebody whose own line does not name them, and what follows people to
    another school."""
    users = touched.parts[Kind.USER]
    if users.whole:
        return
    people = _new(touched, "family", Kind.USER, touched.people)
    was = _standing_people(touched, people)
    moved = {user for user in people & was.keys() if _school(users.good.get(user)) != was[user][1]}
    followers = lookups.standing(touched.connection, touched.district, Kind.DEMOGRAPHICS, moved)
    _pull(touched, Kind.DEMOGRAPHICS, (one.fingerprint for one in followers.values()))
    links = lookups.belonging(touched.connection, touched.district, Kind.GUARDIAN, _FAMILY, people)
    touched.links |= links
    others: set[str] = set()
    merged = {person for merge in touched.merges for person in (merge.keep, merge.lose)}
    for link in links.values():
        pair = [str(link.values[side]) for side in _FAMILY]
        for one, other in (pair, pair[::-1]):
            if one not in people or other in users.good:
                continue
            values = users.good.get(one)
            same = (
                values is not None
                and one not in merged
                and other in _listed(values, AGENT_IDS)
                and values.get(ROLE) == was[one][0]
            )
            if not same:
                others.add(other)
    found = lookups.standing(touched.connection, touched.district, Kind.USER, others)
    _pull(touched, Kind.USER, (one.fingerprint for one in found.values()))


def _standing_people(
    touched: Touched, people: set[str]
) -> dict[str, tuple[str | None, str | None]]:
    """The primary role and the primary org of people, as the directory has them."""
    gone = touched.gone[Kind.USER]
    found = lookups.standing(touched.connection, touched.district, Kind.USER, people - gone.keys())
    was = {user: (one.first, one.second) for user, one in found.items()}
    for user in people & gone.keys():
        values = gone[user].values
        was[user] = (text(values, "primary_role"), text(values, "primary_org_id"))
    return was


def _school(values: Values | None) -> str | None:
    if values is None:
        return None
    listed = _listed(values, ORG_IDS)
    found = values.get("primary_org_id") or (listed[0] if listed else None)
    return found if isinstance(found, str) else None


def _listed(values: Values, name: str) -> list[str]:
    found = values.get(name)
    return found if isinstance(found, list) else []


def _count_unread(bulk: BulkSet, part: Part) -> None:
    """Count the lines that were not read, and tell again what there was to note about them."""
    if part.whole or part.base is None or part.difference is None:
        return
    rows = part.reading.rows
    rows.total += len(part.hashes) - part.first - len(part.read)
    for number in np.unique(part.base.noted).tolist():
        if number:
            these = part.base.hashes[(part.base.noted == number) & ~part.difference.gone]
            lines = locate(part.hashes[part.first :], these) + part.first
            lines = np.setdiff1d(lines, part.read)
            if len(lines):
                bulk.findings.note_again(
                    rows.file, part.kind, number, int(lines[0]) + 1, len(lines)
                )


def known_roles(touched: Touched) -> dict[str, str | None]:
    """The primary roles of the people on lines that were not read and whom a read line names."""
    users = touched.parts[Kind.USER]
    if users.whole:
        return {}
    rows = users.reading.rows
    agents = {agent for values in rows.values.values() for agent in _listed(values, AGENT_IDS)}
    agents |= {agent for _, values in rows.quarantined for agent in _listed(values, AGENT_IDS)}
    agents -= rows.values.keys() | touched.leaving[Kind.USER]
    found = lookups.standing(touched.connection, touched.district, Kind.USER, agents)
    return {user: one.first for user, one in found.items() if one.fingerprint is not None}


def load_touched(touched: Touched, roster: Roster) -> Directory:
    """What the directory holds of the records that the lines that were read are about."""
    connection, district = touched.connection, touched.district
    directory: Directory = {kind: {} for kind in Kind}
    users = touched.parts[Kind.USER]
    everything = all(part.whole for part in touched.parts.values())
    for kind in Kind:
        part = touched.parts.get(kind)
        if kind is Kind.ROLE or kind is Kind.GUARDIAN:
            continue
        if everything if part is None else part.whole:
            directory[kind] = touched.held.get(kind) or load_kind(connection, district, kind)
        else:
            ids = roster.records[kind].keys() | roster.protected[kind] | touched.leaving[kind]
            known = touched.gone[kind]
            directory[kind] = load_some(connection, district, kind, sorted(ids - known.keys()))
            directory[kind] |= known
    for kind, fields in ((Kind.ROLE, ("user_id",)), (Kind.GUARDIAN, _FAMILY)):
        if touched.parts.get(kind, users).whole:
            directory[kind] = touched.held.get(kind) or load_kind(connection, district, kind)
            continue
        if kind is Kind.GUARDIAN:
            found = touched.links
        else:
            people = directory[Kind.USER].keys() | touched.people
            found = lookups.belonging(connection, district, kind, fields, people)
        ids = (roster.records[kind].keys() | roster.protected[kind]) - found.keys()
        directory[kind] = found | load_some(connection, district, kind, sorted(ids))
        directory[kind] |= touched.gone[kind]
    return directory


def surroundings(touched: Touched, roster: Roster, directory: Directory) -> Surroundings:
    """What stands around the lines that were read."""
    connection, district = touched.connection, touched.district
    tallied = tallies.of_district(connection, district)
    unread = frozenset(Kind) - {k for p in touched.parts.values() for k in p.reading.layout.kinds}
    if all(part.whole for part in touched.parts.values()):
        return NOTHING if not unread else Surroundings({}, {}, tallied, unread)
    wanted: dict[Kind, set[str]] = {kind: set() for kind in Kind}
    for kind in Kind:
        _add_references(wanted, kind, (record.values for record in roster.records[kind].values()))
        _add_references(wanted, kind, (live.values for live in directory[kind].values()))
    for records in (roster.records, directory):
        wanted[Kind.USER].update(records[Kind.DEMOGRAPHICS])
    names: dict[Kind, dict[str, str]] = {}
    schools: dict[str, str] = {}
    for kind, ids in wanted.items():
        ids -= roster.records[kind].keys() | directory[kind].keys()
        if not ids:
            continue
        if kind is Kind.USER:
            fields = lookups.named(connection, district, kind, ids, _PERSON)
            names[kind] = {
                user: person_name({n: v for n, v in zip(_PERSON, found, strict=True) if v})
                for user, found in fields.items()
            }
            schools = {user: found[-1] for user, found in fields.items() if found[-1]}
        else:
            title = "name" if kind is Kind.ORG else "title"
            found_names = lookups.named(connection, district, kind, ids, (title,))
            names[kind] = {record_id: name or "" for record_id, (name,) in found_names.items()}
    return Surroundings(names, schools, tallied, unread)


_PERSON = (
    "given_name",
    "family_name",
    "preferred_given_name",
    "preferred_family_name",
    "primary_org_id",
)


def _add_references(wanted: dict[Kind, set[str]], kind: Kind, records: Iterable[Values]) -> None:
    """Add in place what records of a kind refer to."""
    fields = [(wanted[r.kind], r.field) for r in SHAPES[kind].references]
    for values in records:
        for targets, name in fields:
            value = values.get(name)
            if isinstance(value, str):
                targets.add(value)
            elif isinstance(value, list):
                targets.update(value)
