"""Reading a staged snapshot and comparing it with the directory, as far as it is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sqlalchemy import Connection

from rollbook.changes.changeset import Changeset
from rollbook.changes.plan import Compared, compare
from rollbook.changes.resolve import Merge
from rollbook.config.district import District
from rollbook.directory import fingerprints
from rollbook.directory.fingerprints import Base, Format
from rollbook.roster.kinds import Kind
from rollbook.runs.lines import Lines
from rollbook.runs.marks import Marks
from rollbook.runs.not_written import NotWritten
from rollbook.runs.said import add_to, said_by
from rollbook.runs.sliced import Sliced, compare_in_slices, is_large
from rollbook.runs.touched import (
    BULK_SHARE,
    Part,
    Touched,
    known_roles,
    load_touched,
    look_at,
    read_touched,
    stamped,
    surroundings,
)
from rollbook.snapshots.stage import Staged, pieces_folder
from rollbook.sources.oneroster_csv import BulkSet, open_set
from rollbook.sources.oneroster_csv.bulk_set import Doubtful
from rollbook.sources.oneroster_csv.survey import OddLines
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
    doubts: frozenset[str] = frozenset()
    while True:
        try:
            with pieces_folder(staged) as folder:
                with open_set(
                    staged.folder,
                    version=source.set_version,
                    tobedeleted=source.set_tobedeleted,
                    progress=progress,
                    doubts=doubts,
                ) as bulk:
                    parts = look_at(connection, district.id, bulk)
                    done: Sliced | None = None
                    if is_large(parts):
                        with suppress(OddLines):
                            done = compare_in_slices(
                                connection, district.id, bulk, parts, merges, folder, report
                            )
                    if done is None:
                        touched = read_touched(connection, district.id, bulk, parts, merges)
                        roster = bulk.roster(known_roles(touched))
                if done is None:
                    report("comparing", 0, None)
                    return _at_once(touched, roster)
                report("sorting changes", 0, None)
                return _sliced(done, bulk, parts, folder)
        except Doubtful as found:
            doubts = found.files
        except NotWritten as found:
            raise found.error from None


def _at_once(touched: Touched, roster: Roster) -> Comparison:
    """Compare what has been read, all of it in memory."""
    directory = load_touched(touched, roster)
    around = surroundings(touched, roster, directory)
    compared = compare(roster, directory, touched.merges, around)
    _leave_stamps_out(touched.parts, Counter(c.kind for c in compared.changeset.changes))
    return Comparison(
        roster,
        compared.changeset,
        _marks(touched, roster, compared),
        tuple(_made(touched.bulk, kind, part) for kind, part in touched.parts.items()),
    )


def _sliced(done: Sliced, bulk: BulkSet, parts: Mapping[Kind, Part], folder: Path) -> Comparison:
    """Bring the changes of a comparison in slices into order."""
    changes = done.sorter.in_order(folder / "changes")
    for kind in _leave_stamps_out(parts, done.changed):
        done.lines.hash_anew(kind, parts[kind].hashes.view(np.int64))
    return Comparison(
        done.roster,
        done.assembly.changeset(
            changes,
            done.checking.log.findings(),
            dict(done.checking.rejected),
            done.checking.ownerless,
        ),
        Marks(done.lines, frozenset(done.lapsed)),
        tuple(_made(bulk, kind, part) for kind, part in parts.items()),
    )


def keep_formats(connection: Connection, district: str, made: Sequence[Made]) -> None:
    """Note what fingerprints are made of, before the first ones of this make are written.

    Fingerprints of another make are taken away: they would never be found again.
    """
    formats = fingerprints.formats_of(connection, district)
    for one in made:
        if one.anew:
            fingerprints.forget_all(connection, district, one.kind)
        elif one.base is not None:
            fingerprints.keep_base(connection, district, one.kind, one.base)
        if formats.get(one.kind) != one.format:
            fingerprints.set_format(connection, district, one.kind, one.format)


def _leave_stamps_out(parts: Mapping[Kind, Part], changed: Mapping[Kind, int]) -> list[Kind]:
    """Hash the lines of a file without the date of their last change from now on, in place, where
    nearly all of them were new and hardly any of them ``changed`` anything. Returns where."""
    found: list[Kind] = []
    for kind, part in parts.items():
        column = stamped(part.reading)
        if (
            column is not None
            and part.whole
            and part.safe
            and part.make.without is None
            and part.difference is not None
            and len(part.difference.lines) > BULK_SHARE * len(part.hashes)
            and changed.get(kind, 0) * 10 <= part.reading.facts.rows
        ):
            part.make = replace(part.make, without=column)
            part.hashes = part.make.hashes(part.reading.table.path)
            part.base = part.difference = None
            found.append(kind)
    return found


def _made(bulk: BulkSet, kind: Kind, part: Part) -> Made:
    parts = part.base.parts if part.base is not None else 0
    name = part.reading.table.name
    sets = bulk.findings.lines(name).sets
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
    parts = {kind: part for kind, part in touched.parts.items() if part.safe}
    said = said_by(parts, touched.bulk.findings, roster, compared.as_read)
    lines = Lines()
    add_to(lines, said, parts)
    return Marks(lines, frozenset(said.lapsed))
