"""Comparing a large snapshot with the directory slice by slice, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from rollbook.changes.plan import Assembly, held_as_read
from rollbook.changes.references import Checking
from rollbook.changes.resolve import Merge, resolve
from rollbook.changes.sorting import Sorter
from rollbook.changes.surroundings import Surroundings
from rollbook.directory import lookups, tallies
from rollbook.directory.records import Directory, load_kind
from rollbook.directory.whose import held_of
from rollbook.roster.kinds import Kind
from rollbook.runs.buckets import Buckets
from rollbook.runs.lines import Key, Lines
from rollbook.runs.not_written import writing
from rollbook.runs.said import add_to, said_by
from rollbook.runs.slices import OF_PEOPLE, cut
from rollbook.runs.touched import Part
from rollbook.sources.oneroster_csv import BulkSet
from rollbook.sources.oneroster_csv.survey import id_hash, survey_of
from rollbook.sources.roster import Roster

SLICED_FROM = 400_000
"""Lines of a file that is read as a whole, from which on a district is compared in slices."""

_FIRST = tuple(kind for kind in Kind if kind.comes_before_people)
_EMPTY: Directory = {kind: {} for kind in Kind}


@dataclass(slots=True)
class Sliced:
    """A snapshot compared: what there was to say, its changes in no order, and their counts.

    ``lines`` and ``lapsed`` are as in ``Marks``.
    """

    roster: Roster
    assembly: Assembly
    checking: Checking
    sorter: Sorter
    changed: Counter[Kind]
    lines: Lines
    lapsed: set[Key]


def is_large(parts: Mapping[Kind, Part]) -> bool:
    """Whether what has to be read had better not be held in memory at once."""
    return any(
        parts[kind].whole and len(parts[kind].hashes) > SLICED_FROM
        for kind in OF_PEOPLE
        if kind in parts
    )


def compare_in_slices(
    connection: Connection,
    district: str,
    bulk: BulkSet,
    parts: Mapping[Kind, Part],
    merges: Sequence[Merge],
    folder: Path,
    report: Callable[[str, int, int | None], None],
) -> Sliced:
    """Read everything and compare it; what does not fit into memory goes into ``folder``.

    Raises ``InputRefused`` as the reader does, ``Doubtful`` as ``BulkSet.slice``, ``NotWritten``,
    and ``OddLines`` before anything is read, as ``survey``.
    """
    report("looking over the files", 0, None)
    of_people = {kind: part for kind, part in parts.items() if kind in OF_PEOPLE}
    surveyed = {kind: survey_of(part.reading) for kind, part in of_people.items()}
    held = {kind: held_of(connection, district, kind, id_hash) for kind in OF_PEOPLE}
    slices = cut(surveyed, held, merges)
    del surveyed
    with writing():
        buckets = {
            part.reading.layout.name: Buckets(
                part.reading.table.path, part.first, slices.lines[kind], slices.number, folder
            )
            for kind, part in of_people.items()
        }
    rest = bulk.rest()
    for part in parts.values():
        part.whole = True
    unread = frozenset(Kind) - {k for part in parts.values() for k in part.reading.layout.kinds}
    around = Surroundings({}, {}, tallies.of_district(connection, district), unread)
    complete = bulk.complete()
    done = Sliced(
        rest,
        Assembly(around),
        Checking(complete, around),
        Sorter(folder),
        Counter(),
        Lines(),
        set(),
    )
    directory = _EMPTY | {kind: load_kind(connection, district, kind) for kind in _FIRST}
    _take(done, _FIRST, rest, directory, bulk, parts)
    done.checking.settle(_FIRST)
    for number in range(slices.number):
        report("comparing", number, slices.number)
        roster = bulk.slice({name: bucket.picked(number) for name, bucket in buckets.items()})
        directory = _EMPTY | {
            kind: lookups.of_rows(
                connection, kind, held[kind].rows[slices.rows[kind] == number].tolist()
            )
            for kind in OF_PEOPLE
        }
        _take(done, OF_PEOPLE, roster, directory, bulk, parts, complete, merges)
    done.roster = bulk.ended()
    return done


def _take(
    done: Sliced,
    kinds: tuple[Kind, ...],
    roster: Roster,
    directory: Directory,
    bulk: BulkSet,
    parts: Mapping[Kind, Part],
    complete: frozenset[Kind] = frozenset(),
    merges: Sequence[Merge] = (),
) -> None:
    """Compare what has been read of some kinds, and take up what comes of it."""
    records = {kind: dict(roster.records[kind]) for kind in Kind}
    protected = {kind: set(roster.protected[kind]) for kind in Kind}
    here = roster.records[Kind.USER].keys() | roster.protected[Kind.USER]
    here |= directory[Kind.USER].keys()
    own = [merge for merge in merges if merge.keep in here or merge.lose in here]
    resolve(records, protected, complete, directory, own)
    dangling = done.checking.check(kinds, records, protected, directory, roster.places)
    changes = done.assembly.add(
        kinds,
        directory,
        {kind: {i: values for _, i, values in records[kind].values()} for kind in kinds},
        done.checking.removed,
        done.checking.unknown,
        {},
    )
    as_read = {
        kind: held_as_read(kind, records[kind], roster.records[kind], dangling) for kind in kinds
    }
    read = {kind: part for kind, part in parts.items() if kind in kinds}
    said = said_by(read, bulk.findings, roster, as_read)
    add_to(done.lines, said, read)
    done.lapsed |= said.lapsed
    done.changed.update(change.kind for change in changes)
    with writing():
        done.sorter.add(changes)
