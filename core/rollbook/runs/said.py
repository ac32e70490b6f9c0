"""What the lines of a snapshot say of single records, once it has been compared."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np

from rollbook.directory.changesets import Fingerprint
from rollbook.roster.kinds import Kind
from rollbook.roster.records import role_id, text
from rollbook.runs.lines import Key, Lines
from rollbook.runs.touched import Part
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.roster import Roster


@dataclass(frozen=True, slots=True)
class Said:
    """``lines`` are the lines that say just what their record will hold, by kind and record, each
    with the number of its set of notes; ``lapsed`` are records whose line says that no more."""

    lines: dict[Kind, dict[str, tuple[int, int]]]
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
    doubtful = {
        str(record.values.get(name))
        for kind, names in (
            (Kind.ROLE, ("user_id",)),
            (Kind.GUARDIAN, ("student_id", "guardian_id")),
        )
        for record in roster.records[kind].values()
        if record.id not in as_read[kind]
        for name in names
    }
    for kind, part in parts.items():
        rows, good = part.reading.rows, as_read[kind]
        notes = findings.lines(part.reading.table.name)
        twice: set[str] = set()
        lines = said.lines[kind] = {}
        for row_id, line in zip(rows.values, rows.lines, strict=True):
            record_id = row_id
            if kind is Kind.ROLE:
                values = rows.values[row_id]
                record_id = role_id(
                    *(text(values, name) or "" for name in ("user_id", "role", "org_id"))
                )
                if record_id in lines or record_id in twice:
                    twice.add(record_id)
                    lines.pop(record_id, None)
                    continue
            noted = notes.of(line)
            if (
                noted is None
                or record_id not in good
                or (kind is Kind.USER and record_id in doubtful)
            ):
                said.lapsed.add((kind, record_id))
                continue
            lines[record_id] = line, noted
    return said


def add_to(lines: Lines, said: Said, parts: Mapping[Kind, Part]) -> None:
    """Add in place the fingerprints of what was said."""
    for kind, found in said.lines.items():
        part = parts[kind]
        hashes = part.hashes.view(np.int64)
        known = part.known
        for record, (line, noted) in found.items():
            mark = Fingerprint(int(hashes[line - 1]), noted or None)
            lines.add(kind, record, mark, line, bool(known[line - 1]))
