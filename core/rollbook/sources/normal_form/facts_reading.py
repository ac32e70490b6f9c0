"""Reading the facts about students of a normal set: each row judged, with the line it stands on."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rollbook.roster.findings import Finding
from rollbook.roster.kinds import Kind
from rollbook.roster.student_facts import (
    FIELDS,
    SCHOOL_YEAR,
    STUDENT,
    TYPE,
    About,
    Entry,
    Sort,
    Topic,
)
from rollbook.sources.normal_form.normal_set import facts_folder
from rollbook.sources.oneroster_csv.cells import BadCell, Place, Reader
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.dates import date_reader, year_reader
from rollbook.sources.oneroster_csv.ids import own_id
from rollbook.sources.oneroster_csv.layouts import Column
from rollbook.sources.roster import FileFacts

_NUMBER = re.compile(r"\d{1,6}(\.\d{1,4})?", re.ASCII).fullmatch
_FLAGS = {"true": True, "false": False, "": None}


@dataclass
class FactsReading:
    """The file of one topic. What is not sure is known once all rows have been read.

    ``protected`` are the students of whom a row was set aside; ``unsure`` says that one was of
    whom nobody knows.
    """

    topic: Topic
    path: Path
    findings: Findings
    rows: int = 0
    rejected: int = 0
    protected: set[str] = field(default_factory=set)
    unsure: bool = False
    _column: str | None = None

    def entries(self) -> Iterator[tuple[int, About, Entry]]:
        """Every row that can be read: its line, whom it is about, and what it says."""
        with self.path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            header = next(lines)
            dates, years = self._readers()
            for line, cells in enumerate(lines, 2):
                self.rows += 1
                row = dict(zip(header, cells, strict=False))
                student = (cells[0] if cells else "").strip()
                self._column = None
                try:
                    if len(cells) != len(header):
                        raise BadCell("short-row", "The row cannot be read.", "Mend the export.")
                    if fault := own_id(student):
                        student, self._column = "", STUDENT
                        raise BadCell(fault.code, fault.message, fault.remedy)
                    entry = self._entry(row, line, dates)
                    self._column = SCHOOL_YEAR
                    year = _filled(years, row[SCHOOL_YEAR], line, SCHOOL_YEAR)
                except BadCell as bad:
                    self._set_aside(line, student, bad)
                    continue
                yield line, About(student, self.topic, year), entry

    def _entry(self, row: dict[str, str], line: int, dates: Reader) -> Entry:
        entry: Entry = {}
        for name, sort in FIELDS[self.topic].items():
            cell = row.get(name, "").strip()
            self._column = name
            if name == TYPE and not cell:
                raise BadCell("blank-value", "The row does not say what it is about.", _MEND)
            match sort:
                case _ if not cell:
                    continue
                case Sort.DATE:
                    value = dates[1](cell, line)
                    if isinstance(value, str):
                        entry[name] = value
                case Sort.FLAG:
                    flag = _FLAGS.get(cell.lower())
                    if flag is None:
                        raise BadCell("bad-value", f"{name} is neither true nor false.", _MAP)
                    entry[name] = flag
                case Sort.NUMBER:
                    if not _NUMBER(cell):
                        raise BadCell("bad-value", f"{name} is not a number from 0 on.", _MAP)
                    entry[name] = float(cell)
                case Sort.TEXT:
                    entry[name] = cell
        return entry

    def _readers(self) -> tuple[Reader, Reader]:
        def place(name: str) -> Place:
            return Place(Column(name, name), self.topic.file, Kind.USER, self.findings, {})

        return date_reader(place("date")), year_reader(place(SCHOOL_YEAR))

    def _set_aside(self, line: int, student: str, bad: BadCell) -> None:
        self.rejected += 1
        if student:
            self.protected.add(student)
        else:
            self.unsure = True
        self.findings.error(
            bad.code,
            bad.message,
            bad.remedy,
            file=self.topic.file,
            line=line,
            field=self._column,
            kind=Kind.USER,
            record_id=student or None,
        )


_MEND = "Fill in the value in the source."
_MAP = "Have the export write it so, or map its values in the mapping."


def _filled(reader: Reader, cell: str, line: int, name: str) -> str:
    value = reader[1](cell, line) if cell.strip() else None
    if not isinstance(value, str):
        raise BadCell("blank-value", f"{name} is blank.", _MEND)
    return value


def facts_read_through(folder: Path) -> tuple[tuple[FileFacts, ...], tuple[Finding, ...]]:
    """The files of facts that came with the set in ``folder``, and what there is to say of them."""
    findings = Findings()
    files: list[FileFacts] = []
    for reading in facts_in(folder, findings):
        deque(reading.entries(), maxlen=0)
        files.append(FileFacts(reading.topic.file, reading.rows, reading.rejected))
    return tuple(files), findings.all()


def facts_in(folder: Path, findings: Findings) -> list[FactsReading]:
    """The facts that came with the set in ``folder``; a file without rows says nothing."""
    beside = facts_folder(folder)
    return [
        FactsReading(topic, beside / topic.file, findings)
        for topic in Topic
        if (beside / topic.file).exists()
    ]
