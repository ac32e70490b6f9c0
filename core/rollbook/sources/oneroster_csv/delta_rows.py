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
from rollbook.sources.oneroster_csv.ids import is_plain, own_id
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
    record, and when, is set aside with a finding, and so are two of one moment that differ; then
    nothing else that the file says of that record counts, for it may be older. Where nobody knows
    whose row was set aside, nobody is taken away.
    Raises ``InputRefused``: ``delta-rows`` where not one row says what became of its record, and
    as ``Table`` and ``match_header`` do.
    """
    try:
        # What there is to note about header and text is noted when the whole set is read.
        with Table(path, Findings()) as table:
            return _Reading(table, layout, findings, rows).read()
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


class _Reading:
    """One way through a file of changes."""

    def __init__(self, table: Table, layout: Layout, findings: Findings, rows: ChangesById) -> None:
        self._table = table
        self._layout = layout
        self._findings = findings
        matched = match_header(table.header, layout, table.name, Findings())
        self._delta = DeltaRows(table.header, matched, rows)
        self._unclear: set[str] = set()
        self._doubtful: set[str] = set()
        self._somebody = False

    def read(self) -> DeltaRows:
        """Take every row in. Raises ``InputRefused``."""
        delta, rows = self._delta, self._delta.rows
        stamp_at, status_at = self._columns()
        id_at = delta.matched.id_at
        for line, cells, fault in self._table.rows():
            if fault:
                width = len(self._table.header)
                message = DAMAGE[fault][0].format(cells=len(cells), width=width)
                whose = cells[id_at].strip() if is_one_row(cells, id_at, width) else ""
                self._doubt(line, fault, message, None if own_id(whose) else whose)
                continue
            record = cells[id_at].strip()
            if not is_plain(record) and (bad := own_id(record)):
                self._doubtful.add(record)
                self._doubt(line, bad.code, bad.message, bad.meant, delta.matched.id_header)
                continue
            row = _row(line, cells, cells[status_at], cells[stamp_at])
            if isinstance(row, str):
                self._doubt(line, "delta-row", row, record)
                continue
            self._take(record, row)
        for record in sorted(self._unclear - self._doubtful):
            known = rows.get(record)
            assert known is not None
            message = "Two changes of one moment say two things of this record."
            self._doubt(known.line, "delta-row", message, record)
        if not rows:
            raise InputRefused(
                "The file is in delta mode, and no row says what became of its record and when.",
                code="delta-rows",
                file=self._table.name,
                line=self._table.first,
                field="status",
                remedy="Have the export fill status and dateLastModified, or set it to bulk.",
            )
        for record in self._doubtful:
            if rows.get(record) is not None:
                rows.drop(record)
        if self._somebody:
            rows.keep_nobody_going()
            self._findings.warn(
                "incomplete",
                "It is not known whose row was set aside, so nothing that this file takes away "
                "is taken away.",
                "Mend the rows of this file that were set aside, and have a bulk set sent.",
                file=self._table.name,
                kind=self._layout.kind,
            )
        return delta

    def _columns(self) -> tuple[int, int]:
        """Where date and status stand. Raises ``InputRefused`` where one of them is not there."""
        stamp_at = column_of(self._table.header, _STAMP)
        status_at = self._delta.matched.status_at
        if stamp_at is None or status_at is None:
            raise InputRefused(
                "The file is in delta mode and has not both status and dateLastModified.",
                code="missing-header",
                file=self._table.name,
                line=1,
                field="status" if status_at is None else "dateLastModified",
                remedy="Have the export write both columns, or set it to bulk.",
            )
        return stamp_at, status_at

    def _take(self, record: str, row: DeltaRow) -> None:
        rows = self._delta.rows
        known = rows.get(record)
        if known is not None and known.stamp == row.stamp and known.cells != row.cells:
            self._unclear.add(record)
        elif known is None or row.stamp > known.stamp:
            rows.put(record, row, known)
            self._unclear.discard(record)
        self._delta.newest = max(self._delta.newest, row.stamp)

    def _doubt(
        self, line: int, code: str, message: str, record: str | None, field: str | None = None
    ) -> None:
        """Set a row aside; ``record`` is whose it is, if that is sure."""
        if record is None:
            self._somebody = True
        else:
            self._doubtful.add(record)
        self._delta.set_aside += 1
        self._findings.error(
            code,
            message,
            f"Mend the row in the source and send it again. {_STAYS}",
            file=self._table.name,
            line=line,
            field=field,
            kind=self._layout.kind,
            record_id=record,
        )


def is_one_row(cells: Sequence[str], id_at: int, width: int) -> bool:
    """Whether a line is about the record whose id it has and no other, damaged or not: one with the
    cells of two rows lost the line end between them, and the second's id."""
    return len(cells) == width or (id_at == 0 and 1 < len(cells) < 2 * width - 1)


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
