"""What is wrong with an input: every finding with its place and its remedy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from rollbook.desk import exports, history
from rollbook.desk.desk import Desk
from rollbook.desk.views import Finding, Severity
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.findings import FINDINGS
from rollbook_tui.dialogs.choose import Choose, Option
from rollbook_tui.finding_words import SEVERITIES, finding_lines, where
from rollbook_tui.screens.base import EVERYWHERE
from rollbook_tui.screens.finding_filters import (
    FindingFilter,
    code_options,
    filter_line,
    left_by,
    severity_options,
)
from rollbook_tui.screens.table_screen import TableScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.record_columns import Column, Tone
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import HeldRows, RowPages
from rollbook_tui.widgets.search_line import SearchLine
from rollbook_tui.words import counted, kind_word
from rollbook_tui.work import in_daemon

_TONES = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WARNING}

COLUMNS: tuple[Column[Finding], ...] = (
    Column(
        "",
        lambda f: f"{SEVERITIES[f.severity].mark} {SEVERITIES[f.severity].word}",
        9,
        tone=lambda f: _TONES[f.severity],
    ),
    Column("where", where, 24, 16),
    Column("field", lambda f: f.field or "", 18, 12, drop=1),
    Column("what", lambda f: f.message, 50, 44, grow=1),
    Column("code", lambda f: f.code, 22, 14, drop=2, tone=lambda _: Tone.MUTED),
    Column("kind", lambda f: kind_word(f.kind, 1) if f.kind else "", 13, 7, drop=4),
    Column("rows", lambda f: f"{f.count:,}", 6, right=True, drop=3),
)


class FindingsScreen(TableScreen):
    """The findings of a run, errors first, or those of a check: ``found``."""

    ACTS: ClassVar[Commands] = (*FINDINGS, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/findings.tcss"
    EXPORTED = "the findings listed"

    def __init__(self, desk: Desk, subject: str, found: Sequence[Finding] | None = None) -> None:
        super().__init__(desk)
        self._subject = subject
        self._found = found
        self._all: Sequence[Finding] = ()
        self._listed: Sequence[Finding] = ()
        self._filter = FindingFilter()

    def body(self) -> ComposeResult:
        """The filters, the list, and the highlighted finding in full."""
        yield Static("", id="filters", markup=False)
        yield SearchLine("A part of a message, a remedy, a file, a field or a code")
        with Vertical():
            yield RecordTable(COLUMNS, empty="Reading the findings …", classes="-framed")
            yield Page()

    def path(self) -> Sequence[str]:
        """The run, or the district that was checked."""
        return (self._subject, "findings")

    @property
    def table(self) -> RecordTable[Finding]:
        """The list."""
        return self.query_one(RecordTable)

    async def reload(self) -> None:
        """Read the findings again."""
        found = self._found
        if found is None:
            found = (await self.read(history.run, self._subject)).findings
        self._all = sorted(found, key=lambda finding: finding.severity is not Severity.ERROR)
        self._list(self.table.renew)

    def search(self, text: str) -> None:
        """List the findings with every word of ``text``."""
        self._narrow(replace(self._filter, search=text))

    def id_of(self, row: Finding) -> str:
        """The record's id, or the place where there is no record."""
        return row.record_id or where(row)

    def export_stem(self) -> str:
        """``northfield.12-findings``."""
        return f"{self._subject}-findings"

    async def export_to(self, path: Path) -> int:
        """Write the listed findings as CSV."""
        return await in_daemon(exports.export_findings, self._listed, path)

    def action_filter_severity(self) -> None:
        """Ask for the severity to list."""
        self._choose("Severity", severity_options, "severity")

    def action_filter_code(self) -> None:
        """Ask for the code to list."""
        self._choose("Code", code_options, "code")

    @on(RecordTable.RowHighlighted)
    def _highlighted(self) -> None:
        finding = self.table.current
        page = self.query_one(Page)
        page.show(lambda width: finding_lines(finding, width) if finding else (), title="Finding")

    def _choose(
        self, title: str, options: Callable[[Sequence[Finding]], Sequence[Option[Any]]], field: str
    ) -> None:
        """Ask for the value of one field of the filter; the numbers are those that the others
        leave."""

        def take(option: Option[Any] | None) -> None:
            if option is not None:
                self._narrow(replace(self._filter, **{field: option.value}))

        cleared: dict[str, Any] = {field: None}
        others = replace(self._filter, **cleared)
        current = getattr(self._filter, field)
        self.app.push_screen(Choose(title, options(left_by(others, self._all)), current), take)

    def _narrow(self, wanted: FindingFilter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self._list(self.table.show)

    def _list(self, show: Callable[[RowPages[Finding]], None]) -> None:
        wanted = self._filter
        self._listed = left_by(wanted, self._all)
        found = "Nothing wrong was found." if not self._all else "No finding is like that."
        self.table.set_empty(found)
        show(RowPages(HeldRows(self._listed)))
        title = counted(len(self._all), "finding", "findings")
        if wanted != FindingFilter():
            title = f"{len(self._listed):,} of {title}"
        if wanted.search:
            title += f" · /{drawable(wanted.search)}"
        self.table.border_title = Content(title)
        self.query_one("#filters", Static).update(filter_line(wanted, self.keys_of()))
