"""Ids that stand in more than one row: once is enough, or nobody knows which row is right."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter

from rollbook.roster.records import Values
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.rows import Rows

Again = Mapping[str, list[tuple[int, Values]]]
"""Further rows of an id that was there already, with their lines."""


def settle(rows: Rows, again: Again, findings: Findings) -> None:
    """Keep rows that are the same once, with a warning; set aside, in place, all that differ.

    A good row beside one that was set aside, or that says the record is gone, differs from it.
    """
    disputed: dict[str, list[tuple[int, Values]]] = {}
    for record_id, others in again.items():
        if all(values == rows.values[record_id] for _, values in others):
            for line, _ in others:
                _warn(rows, record_id, line, findings)
        else:
            disputed[record_id] = list(others)
    for record_id, line in rows.removed.items():
        if record_id in rows.values:
            disputed.setdefault(record_id, []).append((line, {}))
    for record_id in rows.protected:
        if record_id in rows.values:
            disputed.setdefault(record_id, [])
    if not disputed:
        return
    first = rows.lines_of(disputed)
    for record_id, others in disputed.items():
        all_rows = [(first[record_id], rows.values[record_id]), *others]
        for line, values in sorted(all_rows, key=itemgetter(0)):
            rows.quarantined.append((record_id, values))
            rows.rejected += 1
            _set_aside(rows, record_id, line, findings)
        rows.removed.pop(record_id, None)
    rows.drop(disputed)


def _warn(rows: Rows, record_id: str, line: int, findings: Findings) -> None:
    findings.warn(
        "duplicate-row",
        f"{record_id} is there more than once, the same each time; it was kept once.",
        "Have the export write each record once.",
        file=rows.file,
        line=line,
        kind=rows.layout.kind,
        record_id=record_id,
    )


def _set_aside(rows: Rows, record_id: str, line: int, findings: Findings) -> None:
    findings.error(
        "duplicate-id",
        f"{record_id} is there more than once, and the rows differ.",
        "Correct the source, so that each id stands for one record.",
        file=rows.file,
        line=line,
        kind=rows.layout.kind,
        record_id=record_id,
    )
