"""Reading a set through to see what is in it, in bounded memory; nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rollbook.config.sources import Source
from rollbook.errors import RollbookError
from rollbook.roster.findings import Finding
from rollbook.roster.kinds import Kind
from rollbook.runs.buckets import Buckets
from rollbook.runs.not_written import NotWritten, writing
from rollbook.runs.slices import cut
from rollbook.sources.oneroster_csv import BulkSet, open_set
from rollbook.sources.oneroster_csv.bulk_set import Doubtful
from rollbook.sources.oneroster_csv.survey import OddLines, Surveyed, survey_of
from rollbook.sources.roster import FileFacts, Roster

LARGE = 32 << 20
"""Bytes of a file from which on it is read in slices of people."""


@dataclass(frozen=True, slots=True)
class ReadThrough:
    """What a set says of itself: OneRoster's version, its people, its files and its findings."""

    version: str
    people: int
    files: tuple[FileFacts, ...]
    findings: tuple[Finding, ...]


def read_through(source: Source, folder: Path, pieces: Path) -> ReadThrough:
    """Read the set in ``folder``; what does not fit into memory goes into the folder ``pieces``.

    Raises as ``open_set`` does, and ``RollbookError`` where nothing can be written there.
    """
    doubts: frozenset[str] = frozenset()
    while True:
        try:
            with open_set(
                folder,
                version=source.set_version,
                tobedeleted=source.set_tobedeleted,
                doubts=doubts,
            ) as bulk:
                if _is_large(bulk):
                    with suppress(OddLines):
                        return _in_slices(bulk, pieces)
                for reading in bulk.readings.values():
                    bulk.read(reading)
                roster = bulk.roster()
                return _told(roster, len(roster.records[Kind.USER]))
        except Doubtful as found:
            doubts = found.files
        except NotWritten as found:
            raise RollbookError(
                "What does not fit into memory could not be written into "
                f"{pieces.parent}: {found.error.strerror}.",
                remedy="Make room there, give this user leave to write, and try again.",
            ) from None


def _is_large(bulk: BulkSet) -> bool:
    return any(one.table.path.stat().st_size > LARGE for one in bulk.of_people.values())


def _in_slices(bulk: BulkSet, pieces: Path) -> ReadThrough:
    readings = {one.layout.kind: one for one in bulk.of_people.values()}
    surveyed: Mapping[Kind, Surveyed] = {kind: survey_of(one) for kind, one in readings.items()}
    slices = cut(surveyed, {}, ())
    with writing():
        pieces.mkdir(mode=0o700, parents=True, exist_ok=True)
        buckets = {
            one.layout.name: Buckets(
                one.table.path, one.table.first - 1, slices.lines[kind], slices.number, pieces
            )
            for kind, one in readings.items()
        }
    bulk.rest()
    people = 0
    for number in range(slices.number):
        roster = bulk.slice({name: bucket.picked(number) for name, bucket in buckets.items()})
        people += len(roster.records[Kind.USER])
    return _told(bulk.ended(), people)


def _told(roster: Roster, people: int) -> ReadThrough:
    return ReadThrough(roster.version, people, roster.files, roster.findings)
