"""What is wrong with an input: every finding with its place and its remedy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from rollbook.desk import history
from rollbook.desk.desk import Desk
from rollbook.desk.views import Finding, Severity
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.findings import FINDINGS
from rollbook_tui.files import csv_lines, write_lines
from rollbook_tui.screens.base import EVERYWHERE
from rollbook_tui.screens.table_screen import TableScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.record_columns import Column, Tone
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import HeldRows, RowPages
from rollbook_tui.widgets.search_line import SearchLine
from rollbook_tui.widgets.side_by_side import labelled
from rollbook_tui.words import counted, kind_word
from rollbook_tui.work import in_daemon

MARKS = {Severity.ERROR: "x", Severity.WARNING: "!"}
STYLES = {Severity.ERROR: "bold $error", Severity.WARNING: "$warning"}
_TONES = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WARNING}

COLUMNS: tuple[Column[Finding], ...] = (
    Column("", lambda f: f"{MARKS[f.severity]} {f.severity}", 9, tone=lambda f: _TONES[f.severity]),
    Column("where", lambda f: where(f), 24, 16),
    Column("field", lambda f: f.field or "", 18, 12, drop=1),
    Column("what", lambda f: f.message, 50, 44, grow=1),
    Column("code", lambda f: f.code, 22, 14, drop=2, tone=lambda _: Tone.MUTED),
    Column("rows", lambda f: f"{f.count:,}", 6, right=True, drop=3),
)
LABEL = 8


class FindingsScreen(TableScreen):
    """The findings of a run, errors first."""

    ACTS: ClassVar[Commands] = (*FINDINGS, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/findings.tcss"
    EXPORTED = "the findings listed"

    def __init__(self, desk: Desk, run_id: str) -> None:
        super().__init__(desk)
        self._run_id = run_id
        self._all: Sequence[Finding] = ()
        self._listed: Sequence[Finding] = ()
        self._search = ""

    def body(self) -> ComposeResult:
        """The list, and the highlighted finding in full."""
        yield SearchLine("A part of a message, a file, a field or a code")
        with Vertical():
            yield RecordTable(COLUMNS, empty="Reading the findings …", classes="-framed")
            yield Page()

    def path(self) -> Sequence[str]:
        """The run."""
        return (self._run_id, "findings")

    @property
    def table(self) -> RecordTable[Finding]:
        """The list."""
        return self.query_one(RecordTable)

    async def reload(self) -> None:
        """Read the findings again."""
        view = await self.read(history.run, self._run_id)
        self._all = sorted(
            view.findings, key=lambda finding: finding.severity is not Severity.ERROR
        )
        self._list()

    def search(self, text: str) -> None:
        """List the findings with every word of ``text``."""
        self._search = text
        self._list()

    def id_of(self, row: Finding) -> str:
        """The record's id, or the place where there is no record."""
        return row.record_id or where(row)

    def export_stem(self) -> str:
        """``northfield.12-findings``."""
        return f"{self._run_id}-findings"

    async def export_to(self, path: Path) -> int:
        """Write the listed findings as CSV."""
        lines = csv_lines(HEADER, cells(self._listed))
        return await in_daemon(write_lines, path, lines) - 1

    @on(RecordTable.RowHighlighted)
    def _highlighted(self) -> None:
        finding = self.table.current
        page = self.query_one(Page)
        page.show(lambda width: finding_lines(finding, width) if finding else (), title="Finding")

    def _list(self) -> None:
        words = self._search.casefold().split()
        self._listed = [f for f in self._all if all(word in _haystack(f) for word in words)]
        found = "This run found nothing wrong." if not self._all else "No finding has that in it."
        self.table.set_empty(found)
        self.table.renew(RowPages(HeldRows(self._listed)))
        title = counted(len(self._all), "finding", "findings")
        if words:
            title = f"{len(self._listed):,} of {title} · /{drawable(self._search)}"
        self.table.border_title = Content(title)


HEADER = (
    "severity",
    "code",
    "file",
    "line",
    "field",
    "kind",
    "record",
    "rows",
    "message",
    "remedy",
)


def cells(findings: Sequence[Finding]) -> Iterator[Sequence[object]]:
    """The findings as rows of a table."""
    for f in findings:
        yield (
            f.severity,
            f.code,
            f.file,
            f.line,
            f.field,
            f.kind,
            f.record_id,
            f.count,
            f.message,
            f.remedy,
        )


def where(finding: Finding) -> str:
    """``users.csv:17``, or as much as is known."""
    if finding.file is None:
        return ""
    return finding.file if finding.line is None else f"{finding.file}:{finding.line}"


def finding_lines(finding: Finding, width: int) -> Iterator[Content]:
    """A finding in full."""
    head = f"{MARKS[finding.severity]} {finding.severity}"
    sentence = Content.assemble((head, STYLES[finding.severity]), "  ", drawable(finding.message))
    yield from sentence.wrap(width)
    yield Content("")
    facts = (
        ("do", finding.remedy),
        ("where", where(finding)),
        ("field", finding.field or ""),
        ("record", " ".join(_record(finding))),
        ("rows", f"{finding.count:,}" if finding.count > 1 else ""),
        ("code", finding.code),
    )
    for label, value in facts:
        if value:
            yield from labelled(label, Content(drawable(value)), LABEL, width)


def _record(finding: Finding) -> Iterator[str]:
    if finding.kind is not None:
        yield kind_word(finding.kind, 1)
    if finding.record_id is not None:
        yield finding.record_id


def _haystack(finding: Finding) -> str:
    parts = (finding.severity, finding.code, where(finding), finding.field, finding.record_id)
    return " ".join([*(str(part or "") for part in parts), finding.message]).casefold()
