"""What the lines of a snapshot say of single records, once it has been compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from rollbook.roster.kinds import Kind
from rollbook.roster.records import Values, role_id, text
from rollbook.runs.lines import Key, Lines
from rollbook.runs.touched import Part
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.line_notes import LineNotes
from rollbook.sources.roster import Roster


@dataclass(frozen=True, slots=True)
class Lasting:
    """Lines that say just what their records will hold: the ids of these, the numbers of the lines,
    and those of their sets of notes."""

    ids: list[str]
    lines: NDArray[np.int64]
    noted: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Said:
    """``lines`` are those that say just what their record will hold, by kind, one for each record;
    ``lapsed`` are records whose line says that no more."""

    lines: dict[Kind, Lasting]
    lapsed: set[Key]


def said_by(
    parts: Mapping[Kind, Part],
    findings: Findings,
    roster: Roster,
    as_read: Mapping[Kind, Set[str]],
) -> Said:
    """What the lines of some files say, of which all or a part has been read into ``roster``.

    ``as_read`` are the records that will be held just as they were read.
    """
    said = Said({}, set())
    doubtful = _doubtful(roster, as_read)
    for kind, part in parts.items():
        rows = part.reading.rows
        ids = list(map(_role_id, rows.values.values()) if kind is Kind.ROLE else rows.values)
        lines = np.array(rows.lines, np.int64)
        noted, good = _noted(findings.lines(part.reading.table.name), lines)
        good &= _among(ids, as_read[kind])
        if kind is Kind.USER and doubtful:
            good &= ~_among(ids, doubtful)
        said.lapsed.update((kind, ids[at]) for at in np.flatnonzero(~good).tolist())
        if kind is Kind.ROLE and len(once := Counter(ids)) < len(ids):
            good &= np.fromiter((once[record] == 1 for record in ids), np.bool_, len(ids))
        if not good.all():
            ids = list(compress(ids, good.tolist()))
            lines, noted = lines[good], noted[good]
        said.lines[kind] = Lasting(ids, lines, noted)
    return said


def _doubtful(roster: Roster, as_read: Mapping[Kind, Set[str]]) -> set[str]:
    """The people of whose roles or guardian links one will not be held as it was read."""
    return {
        str(record.values.get(name))
        for kind, names in (
            (Kind.ROLE, ("user_id",)),
            (Kind.GUARDIAN, ("student_id", "guardian_id")),
        )
        if len(roster.records[kind]) > len(as_read.get(kind, ()))
        for record in roster.records[kind].values()
        if record.id not in as_read[kind]
        for name in names
    }


def _role_id(values: Values) -> str:
    return role_id(*(text(values, name) or "" for name in ("user_id", "role", "org_id")))


def _noted(
    notes: LineNotes, lines: NDArray[np.int64]
) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
    """The sets of notes of some lines, and which of them need not be read each time."""
    kept = np.array(notes.numbers, np.uint16)
    noted = np.zeros(len(lines), np.uint16)
    told = lines < len(kept)
    noted[told] = kept[lines[told]]
    return noted, ~np.isin(lines, np.fromiter(notes.spoken, np.int64, len(notes.spoken)))


def _among(ids: Sequence[str], known: Set[str]) -> NDArray[np.bool_]:
    return np.fromiter(map(known.__contains__, ids), np.bool_, len(ids))


def add_to(lines: Lines, said: Said, parts: Mapping[Kind, Part]) -> None:
    """Add in place the fingerprints of what was said."""
    for kind, found in said.lines.items():
        part, at = parts[kind], found.lines - 1
        hashes = part.hashes.view(np.int64)[at]
        lines.add_all(kind, found.ids, hashes, found.noted, found.lines, part.known[at])
