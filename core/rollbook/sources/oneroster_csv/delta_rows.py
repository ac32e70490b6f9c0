"""The rows of a file in delta mode: what takes the place of which record, and what is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rollbook.errors import InputRefused
from rollbook.sources.moments import moment_of
from rollbook.sources.oneroster_csv.changes_by_id import ChangesById, DeltaRow
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.header import Matched, clean, match_header
from rollbook.sources.oneroster_csv.layouts import Layout
from rollbook.sources.oneroster_csv.table import DAMAGE, Table

_GONE = frozenset({"tobedeleted", "inactive"})
_STAMP = "datelastmodified"
_STAYS = "Until then the record stays as it was."


@dataclass(slots=True)
class DeltaRows:
    """What a delta file says. ``header`` are its columns in order, ``newest`` is the latest of all
    changes, '' where there is none; ``set_aside`` counts the rows that say too little."""

    header: list[str]
    matched: Matched
    rows: ChangesById
    newest: str = ""
    set_aside: int = 0


def read_delta(
    path: Path, layout: Layout, findings: Findings, rows: ChangesById
) -> DeltaRows | None:
    """The changes in a file, put into ``rows``; ``None`` where it has a header and no rows.

    Of two changes of a record the later one counts. A row that does not say what became of its
    record, and when, is set aside with a finding, and so are two of one moment that differ.
    Raises ``InputRefused``: ``delta-rows`` where not one row says so, and as ``Table`` and
    ``match_header`` do.
    """
    try:
        # What there is to note about header and text is noted when the whole set is read.
        with Table(path, Findings()) as table:
            matched = match_header(table.header, layout, path.name, Findings())
            delta = DeltaRows(table.header, matched, rows)
            stamp_at = column_of(table.header, _STAMP)
            status_at = delta.matched.status_at
            if stamp_at is None or status_at is None:
                raise InputRefused(
                    "The file is in delta mode and has not both status and dateLastModified.",
                    code="missing-header",
                    file=path.name,
                    line=1,
                    field="status" if status_at is None else "dateLastModified",
                    remedy="Have the export write both columns, or set it to bulk.",
                )
            unclear: set[str] = set()
            for line, cells, fault in table.rows():
                if fault:
                    message = DAMAGE[fault][0].format(cells=len(cells), width=len(table.header))
                    _set_aside(findings, path.name, layout, line, fault, message)
                    delta.set_aside += 1
                    continue
                row = _row(line, cells, cells[status_at], cells[stamp_at])
                if isinstance(row, str):
                    _set_aside(findings, path.name, layout, line, "delta-row", row)
                    delta.set_aside += 1
                    continue
                _take(delta, cells[delta.matched.id_at].strip(), row, unclear)
            for record in unclear:
                message = "Two changes of one moment say two things of this record."
                known = rows.get(record)
                assert known is not None
                rows.drop(record)
                _set_aside(findings, path.name, layout, known.line, "delta-row", message)
                delta.set_aside += 1
            if not delta.rows:
                raise InputRefused(
                    "The file is in delta mode, and no row says what became of its record and "
                    "when.",
                    code="delta-rows",
                    file=path.name,
                    line=table.first,
                    field="status",
                    remedy="Have the export fill status and dateLastModified, or set it to bulk.",
                )
            return delta
    except InputRefused as error:
        if error.code != "header-only":
            raise
        findings.warn(
            "header-only",
            "The file is in delta mode and has no rows: nothing has changed in it.",
            "Nothing, or have the export mark the file absent.",
            file=path.name,
        )
        return None


def column_of(header: Sequence[str], name: str) -> int | None:
    """The position of a column, whatever the case and the blanks of its name."""
    names = [clean(each).casefold() for each in header]
    return names.index(name) if name in names else None


def _row(line: int, cells: list[str], status: str, stamp: str) -> DeltaRow | str:
    """A change, or what keeps the row from being one."""
    state = status.strip().casefold()
    if state != "active" and state not in _GONE:
        return "The status is neither active nor tobedeleted."
    moment = moment_of(stamp.strip())
    if moment is None:
        return "dateLastModified is no date with a time."
    return DeltaRow(line, None if state in _GONE else cells, stamp_of(moment))


def stamp_of(moment: datetime) -> str:
    """A moment as text that sorts by time (ISO 8601, UTC)."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _take(delta: DeltaRows, record: str, row: DeltaRow, unclear: set[str]) -> None:
    known = delta.rows.get(record)
    if known is not None and known.stamp == row.stamp and known.cells != row.cells:
        unclear.add(record)
    elif known is None or row.stamp > known.stamp:
        delta.rows.put(record, row, known)
        unclear.discard(record)
    delta.newest = max(delta.newest, row.stamp)


def _set_aside(
    findings: Findings, file: str, layout: Layout, line: int, code: str, message: str
) -> None:
    findings.error(
        code,
        message,
        f"Mend the row in the source and send it again. {_STAYS}",
        file=file,
        line=line,
        kind=layout.kind,
    )
