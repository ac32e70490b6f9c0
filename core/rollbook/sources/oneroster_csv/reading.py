"""One pass over one file: every row becomes values, or is set aside with a finding."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from rollbook.errors import InputRefused
from rollbook.roster.records import EXTENSIONS, Values
from rollbook.sources.oneroster_csv.cells import BadCell, Known
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.duplicates import settle
from rollbook.sources.oneroster_csv.header import Matched, is_secret, match_header
from rollbook.sources.oneroster_csv.ids import BadId, is_plain, own_id
from rollbook.sources.oneroster_csv.layouts import Column, Layout, Need
from rollbook.sources.oneroster_csv.plan import plan_row
from rollbook.sources.oneroster_csv.rows import Rows
from rollbook.sources.oneroster_csv.table import DAMAGE, Picked, Table
from rollbook.sources.roster import FileFacts

Progress = Callable[[str, int], None]
"""Called with the file's name and its data rows so far, at its end at the latest."""

_PROGRESS_EVERY = 20_000
_SPANS = (("begin_date", "end_date"), ("start_date", "end_date"))
_GONE = ("tobedeleted", "inactive")


class Reading:
    """The rows of one open file, read in one go or in several."""

    def __init__(self, table: Table, layout: Layout, findings: Findings, ids: Known) -> None:
        """Match the header. ``ids`` are those seen in any file so far, kept once in memory.

        Raises ``InputRefused`` as ``match_header`` does.
        """
        matched = match_header(table.header, layout, table.name, findings)
        self.table = table
        self.layout = layout
        fields = frozenset(column.field for _, column in matched.columns)
        self._matched = matched
        self._width = len(table.header)
        self._findings = findings
        self._rows = Rows(layout, table.name, fields)
        self._again: dict[str, list[tuple[int, Values]]] = {}
        self._span = next((span for span in _SPANS if fields.issuperset(span)), None)
        self._secret = [at for at, name in enumerate(table.header) if is_secret(name)]
        self._plan = plan_row(matched, layout, table.name, findings, ids)
        self._ended = FileFacts(table.name, 0, 0)
        self._removed = 0
        self._first_removed = 0

    @property
    def rows(self) -> Rows:
        """What has been read so far; settled only by ``finish``."""
        return self._rows

    @property
    def again(self) -> Iterator[Values]:
        """What further rows say whose id a good row had already, until ``finish``."""
        return (values for rows in self._again.values() for _, values in rows)

    @property
    def trusted(self) -> bool:
        """Whether the absence of a row means anything: as ``Rows.trusted``."""
        return self._rows.trusted

    @trusted.setter
    def trusted(self, trusted: bool) -> None:
        self._rows.trusted = trusted

    @property
    def matched(self) -> Matched:
        """Where the columns stand."""
        return self._matched

    def read(self, picked: Picked | None = None, progress: Progress | None = None) -> None:
        """Take every row in, or the picked ones. Raises as ``Table.rows`` does."""
        rows, plan, extra, span = self._rows, self._plan, self._matched.extra, self._span
        id_at, status_at = self._matched.id_at, self._matched.status_at
        good, add_line = rows.values, rows.lines.append
        total = rows.total
        for line, cells, fault in self.table.rows(picked):
            total += 1
            if progress is not None and total % _PROGRESS_EVERY == 0:
                progress(rows.file, total)
            if fault:
                rows.secrets = rows.secrets or bool(self._secret)
                self._set_aside_damaged(line, cells, fault)
                continue
            for at in self._secret:
                if cells[at]:
                    rows.secrets = True
            record_id = cells[id_at]
            if not is_plain(record_id):
                record_id = self._checked_id(record_id, line)
                if not record_id:
                    continue
            if status_at is not None:
                status = cells[status_at]
                if status and status != "active" and not self._is_here(status, record_id, line):
                    continue
            values: Values = {}
            faults: list[tuple[BadCell, Column]] = []
            for at, name, optional, known, read, column in plan:
                cell = cells[at]
                if cell:
                    value = known.get(cell)
                    if value is None:
                        try:
                            value = read(cell, line)
                        except BadCell as bad:
                            faults.append((bad, column))
                            continue
                    if value is not None:
                        values[name] = value
                        continue
                if not optional and (blank := self._blank(column, line)):
                    faults.append((blank, column))
            if extra and (own := {name: cells[at] for at, name in extra if cells[at].strip()}):
                values[EXTENSIONS] = own
            if faults:
                self._set_aside(record_id, line, values, faults)
                continue
            if span is not None:
                begins, ends = values.get(span[0]), values.get(span[1])
                if isinstance(begins, str) and isinstance(ends, str) and ends < begins:
                    self._warn_reversed(record_id, line)
            if record_id in good:
                self._again.setdefault(record_id, []).append((line, values))
                continue
            good[record_id] = values
            add_line(line)
        rows.total = total
        if progress is not None:
            progress(rows.file, total)

    @property
    def facts(self) -> FileFacts:
        """The file's counts, over all slices."""
        ended, rows = self._ended, self._rows
        return FileFacts(rows.file, ended.rows + rows.total, ended.rejected + rows.rejected)

    def begin_slice(self) -> None:
        """Let go of the rows that were read, keeping their counts: others come, of other ids."""
        self._ended = self.facts
        before, self._again = self._rows, {}
        self._rows = Rows(self.layout, before.file, before.fields)
        self._rows.trusted, self._rows.secrets = before.trusted, before.secrets

    def finish(self) -> Rows:
        """Settle what only the whole file tells, or a slice of it that has all rows of its ids."""
        rows = self._rows
        lines = rows.removed.values()
        self._first_removed = min(self._first_removed or sys.maxsize, *lines, sys.maxsize)
        self._removed += len(lines)
        settle(rows, self._again, self._findings)
        for line in lines:
            self._findings.note("record-removed", rows.file, line, "status", rows.layout.kind)
        return rows

    def refuse_removed(self, tobedeleted: str) -> None:
        """Refuse a file with rows that say of themselves that they are gone, where that is so."""
        rows, count = self._rows, self._removed
        if count and tobedeleted != "remove":
            raise InputRefused(
                f"{count:,} row{'s are' if count > 1 else ' is'} to be deleted or inactive, from "
                "here on: a bulk file holds what there is, and leaves out what is gone.",
                code="status-in-bulk",
                file=rows.file,
                line=self._first_removed,
                field="status",
                remedy="Leave these rows out of the export, or set tobedeleted to remove in the "
                "district's file.",
            )

    def _checked_id(self, text: str, line: int) -> str:
        """The id without outer space, or '' when its row had to be set aside."""
        stripped = text.strip()
        if bad := own_id(stripped):
            self._set_aside_bad_id(bad, stripped, line)
            return ""
        if stripped != text:
            self._note("outer-space", line, self._matched.id_header)
        return stripped

    def _is_here(self, status: str, record_id: str, line: int) -> bool:
        """Whether a row with a status other than ``active`` still is to be read."""
        word = status.strip().casefold()
        if word in ("", "active"):
            self._note("case-variant", line, "status")
            return True
        if word in _GONE:
            self._rows.removed.setdefault(record_id, line)
            return False
        bad = BadCell(
            "bad-value",
            "status is none of OneRoster's words.",
            "Leave it blank in a bulk file.",
        )
        self._quarantine(record_id, {})
        self._error(bad, line, "status", record_id)
        return False

    def _blank(self, column: Column, line: int) -> BadCell | None:
        """The fault of a blank cell where a value is required; else it is only noted."""
        if column.need is Need.REQUIRED:
            return BadCell(
                "blank-required", f"{column.header} is blank.", "Fill it in in the source."
            )
        self._note("blank-value", line, column.header)
        return None

    def _set_aside(
        self, record_id: str, line: int, values: Values, faults: list[tuple[BadCell, Column]]
    ) -> None:
        self._quarantine(record_id, values)
        for bad, column in faults:
            self._error(bad, line, column.header, record_id)

    def _set_aside_bad_id(self, bad: BadId, text: str, line: int) -> None:
        if bad.meant is None:
            self._rows.trusted = False
            self._rows.rejected += 1
        else:
            self._quarantine(text, {})
            self._rows.quarantined.append((bad.meant, {}))
        self._error(
            BadCell(bad.code, bad.message, bad.remedy), line, self._matched.id_header, bad.meant
        )

    def _set_aside_damaged(self, line: int, cells: list[str], fault: str) -> None:
        """Set a row aside whose line is damaged, and find out whose it was, if that is sure.

        A line with the cells of two rows lost the line end between them, and the second's id.
        """
        message, remedy = DAMAGE[fault]
        if len(cells) >= 2 * self._width - 1:
            self._rows.trusted = False
        at = self._matched.id_at
        sure = len(cells) == self._width or (at == 0 and len(cells) > 1)
        record_id: str | None = cells[at].strip() if sure else None
        if record_id is None or own_id(record_id):
            record_id = None
            self._rows.trusted = False
            self._rows.rejected += 1
        else:
            self._quarantine(record_id, {})
        message = message.format(cells=len(cells), width=self._width)
        self._error(BadCell(fault, message, remedy), line, None, record_id)

    def _quarantine(self, record_id: str, values: Values) -> None:
        self._rows.quarantined.append((record_id, values))
        self._rows.rejected += 1

    def _warn_reversed(self, record_id: str, line: int) -> None:
        self._findings.warn(
            "dates-reversed",
            "The row ends before it begins; it was read as it is.",
            "Correct the dates in the source.",
            file=self._rows.file,
            line=line,
            field="endDate",
            kind=self._rows.layout.kind,
            record_id=record_id,
        )

    def _note(self, code: str, line: int, header: str) -> None:
        self._findings.note(code, self._rows.file, line, header, self._rows.layout.kind)

    def _error(self, bad: BadCell, line: int, header: str | None, record_id: str | None) -> None:
        self._findings.error(
            bad.code,
            bad.message,
            bad.remedy,
            file=self._rows.file,
            line=line,
            field=header,
            kind=self._rows.layout.kind,
            record_id=record_id,
        )
