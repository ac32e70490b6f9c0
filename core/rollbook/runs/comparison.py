"""Reading a staged snapshot and comparing it with the directory, as far as it is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.changes.plan import Compared, compare
from rollbook.changes.resolve import Merge
from rollbook.config.district import District
from rollbook.directory import fingerprints
from rollbook.directory.changesets import Fingerprint
from rollbook.directory.fingerprints import Base, Format
from rollbook.roster.kinds import Kind
from rollbook.roster.records import role_id, text
from rollbook.runs.marks import Key, Marks
from rollbook.runs.touched import (
    BULK_SHARE,
    Part,
    Touched,
    known_roles,
    load_touched,
    read_touched,
    stamped,
    surroundings,
)
from rollbook.snapshots.stage import Staged
from rollbook.sources.oneroster_csv import open_set
from rollbook.sources.roster import Roster


@dataclass(frozen=True, slots=True)
class Made:
    """The format of a file's fingerprints from this comparison on. ``anew`` says that those of
    before are of another make; ``base`` is to be written anew, where it is in many parts."""

    kind: Kind
    file: str
    format: Format
    anew: bool
    base: Base | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A snapshot compared: what was read of it, what it changes, and the fingerprints that this
    brings."""

    roster: Roster
    changeset: Changeset
    marks: Marks
    made: tuple[Made, ...]


def compare_snapshot(
    connection: Connection,
    district: District,
    staged: Staged,
    merges: Sequence[Merge],
    report: Callable[[str, int, int | None], None],
) -> Comparison:
    """Read what may have changed and compare it. Raises ``InputRefused`` as the reader does."""

    def progress(file: str, rows: int) -> None:
        report(f"reading {file}", rows, None)

    source = district.source
    with open_set(
        staged.folder, version=source.version, tobedeleted=source.tobedeleted, progress=progress
    ) as bulk:
        touched = read_touched(connection, district.id, bulk, merges)
        roster = bulk.roster(known_roles(touched))
    report("comparing", 0, None)
    directory = load_touched(touched, roster)
    around = surroundings(touched, roster, directory)
    compared = compare(roster, directory, merges, around)
    _leave_stamps_out(touched, compared)
    return Comparison(
        roster,
        compared.changeset,
        _marks(touched, roster, compared),
        tuple(_made(touched, kind, part) for kind, part in touched.parts.items()),
    )


def keep_formats(connection: Connection, district: str, made: Sequence[Made]) -> None:
    """Note what fingerprints are made of, before the first ones of this make are written.

    Fingerprints of another make are taken away: they would never be found again.
    """
    for one in made:
        if one.anew:
            fingerprints.forget_all(connection, district, one.kind)
        elif one.base is not None:
            fingerprints.keep_base(connection, district, one.kind, one.base)
        fingerprints.set_format(connection, district, one.kind, one.format)


def _leave_stamps_out(touched: Touched, compared: Compared) -> None:
    """Hash the lines of a file without the date of their last change from now on, in place, where
    nearly all of them were new and hardly any of them changed anything."""
    changed = Counter(change.kind for change in compared.changeset.changes)
    for kind, part in touched.parts.items():
        column = stamped(part.reading)
        if (
            column is not None
            and part.whole
            and part.safe
            and part.make.without is None
            and part.difference is not None
            and len(part.difference.lines) > BULK_SHARE * len(part.hashes)
            and changed[kind] * 10 <= len(part.good)
        ):
            part.make = replace(part.make, without=column)
            part.hashes = part.make.hashes(part.reading.table.path)
            part.base = None


def _made(touched: Touched, kind: Kind, part: Part) -> Made:
    parts = part.base.parts if part.base is not None else 0
    name = part.reading.table.name
    sets = touched.bulk.findings.lines(name).sets
    return Made(
        kind,
        name,
        Format(str(part.make), [[list(note) for note in notes] for notes in sets], part.secrets),
        anew=part.base is None,
        base=part.base if parts == 0 or parts > fingerprints.PARTS else None,
    )


def _marks(touched: Touched, roster: Roster, compared: Compared) -> Marks:
    """The fingerprints of the read lines that say just what the directory will hold, and the
    records whose line, read again because of another, does not say that any more."""
    found: dict[Key, Fingerprint] = {}
    lapsed: set[Key] = set()
    doubtful = {
        str(record.values.get(name))
        for kind, names in (
            (Kind.ROLE, ("user_id",)),
            (Kind.GUARDIAN, ("student_id", "guardian_id")),
        )
        for record in roster.records[kind].values()
        if record.id not in compared.as_read[kind]
        for name in names
    }
    for kind, part in touched.parts.items():
        if not part.safe:
            continue
        rows, as_read = part.reading.rows, compared.as_read[kind]
        notes = touched.bulk.findings.lines(part.reading.table.name)
        hashes = part.hashes.view(np.int64)
        twice: set[str] = set()
        for row_id, line in zip(rows.values, rows.lines, strict=True):
            record_id = row_id
            if kind is Kind.ROLE:
                values = rows.values[row_id]
                record_id = role_id(
                    *(text(values, name) or "" for name in ("user_id", "role", "org_id"))
                )
                if (kind, record_id) in found or record_id in twice:
                    twice.add(record_id)
                    found.pop((kind, record_id), None)
                    continue
            noted = notes.of(line)
            if (
                noted is None
                or record_id not in as_read
                or (kind is Kind.USER and record_id in doubtful)
            ):
                lapsed.add((kind, record_id))
                continue
            found[kind, record_id] = Fingerprint(int(hashes[line - 1]), noted or None)
    return Marks(found, frozenset(lapsed))
