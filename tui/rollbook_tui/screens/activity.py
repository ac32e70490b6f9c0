"""Who did what and when: the audit trail, and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content

from rollbook.desk import auditing
from rollbook.desk.desk import Desk
from rollbook.desk.views import AuditEntry
from rollbook_tui.commands.activity import ACTIVITY
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.files import csv_lines, write_lines
from rollbook_tui.screens.base import EVERYWHERE
from rollbook_tui.screens.table_screen import TableScreen
from rollbook_tui.times import stamp
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.audit_words import body_words, event_words, part_words
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.record_columns import Column, Tone
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import HeldRows, RowPages
from rollbook_tui.widgets.search_line import SearchLine
from rollbook_tui.widgets.side_by_side import labelled
from rollbook_tui.work import in_daemon

NEWEST = 5_000
"""Entries that are listed; older ones are on the command line."""

LABEL = 12

COLUMNS: tuple[Column[AuditEntry], ...] = (
    Column("when", lambda entry: stamp(entry.at), 21, right=True, tone=lambda _: Tone.MUTED),
    Column("who", lambda entry: entry.who, 14, 10),
    Column("what", event_words, 18),
    Column("district", lambda entry: entry.district or "", 16, 10, drop=2),
    Column("on", lambda entry: entry.subject or "", 18, 16, drop=1),
    Column("more", body_words, 40, 20, grow=1, drop=3, tone=lambda _: Tone.MUTED),
)


class ActivityScreen(TableScreen):
    """The audit trail of one district or of all, newest first."""

    ACTS: ClassVar[Commands] = (*ACTIVITY, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/activity.tcss"
    EXPORTED = "the entries listed"

    def __init__(self, desk: Desk, district_id: str | None = None) -> None:
        super().__init__(desk)
        self._district_id = district_id
        self._all: Sequence[AuditEntry] = ()
        self._listed: Sequence[AuditEntry] = ()
        self._search = ""

    def body(self) -> ComposeResult:
        """The list, and the highlighted entry in full."""
        yield SearchLine("A part of a name, an act or an id")
        with Container(id="panes"):
            yield RecordTable(COLUMNS, empty="Reading the activity …", classes="-framed")
            yield Page()

    def path(self) -> Sequence[str]:
        """The district, if it is one."""
        return ((self._district_id,) if self._district_id else ()) + ("activity",)

    @property
    def table(self) -> RecordTable[AuditEntry]:
        """The list."""
        return self.query_one(RecordTable)

    async def reload(self) -> None:
        """Read the newest entries."""
        self._all = await self.read(auditing.audit, self._district_id, limit=NEWEST)
        self._list()

    def search(self, text: str) -> None:
        """List the entries with every word of ``text``."""
        self._search = text
        self._list()

    def id_of(self, row: AuditEntry) -> str:
        """What the entry is about, or its number."""
        return row.subject or str(row.seq)

    def export_stem(self) -> str:
        """``northfield-activity``."""
        return f"{self._district_id or 'all'}-activity"

    async def export_to(self, path: Path) -> int:
        """Write the listed entries as CSV."""
        return await in_daemon(write_lines, path, csv_lines(HEADER, cells(self._listed))) - 1

    def action_check_chain(self) -> None:
        """Check the chain and say what came of it."""
        self._check()

    @on(RecordTable.RowHighlighted)
    def _highlighted(self) -> None:
        entry = self.table.current
        title = f"Entry {entry.seq:,}" if entry else "Entry"
        page = self.query_one(Page)
        page.show(lambda width: entry_lines(entry, width) if entry else (), title=title)

    @work(group="check", exclusive=True, exit_on_error=False)
    async def _check(self) -> None:
        verdict = await self.read(auditing.verify)
        self.say(
            verdict.message,
            title="The chain is whole" if verdict.ok else "The chain is broken",
            severity="information" if verdict.ok else "error",
        )

    def _list(self) -> None:
        words = self._search.casefold().split()
        self._listed = [e for e in self._all if all(word in _haystack(e) for word in words)]
        nothing = "Nothing was done yet." if not self._all else "No entry has that in it."
        self.table.set_empty(nothing)
        self.table.renew(RowPages(HeldRows(self._listed)))
        self.table.border_title = Content(self._title())

    def _title(self) -> str:
        count = f"the newest {NEWEST:,}" if len(self._all) == NEWEST else f"{len(self._all):,}"
        if not self._search:
            return f"Activity · {count}"
        return f"Activity · {len(self._listed):,} of {count} · /{drawable(self._search)}"


HEADER = ("number", "when", "who", "what", "district", "on", "more", "hash")


def cells(entries: Sequence[AuditEntry]) -> Iterator[Sequence[object]]:
    """The entries as rows of a table; times in UTC as ISO 8601."""
    for e in entries:
        at = e.at.isoformat()
        yield e.seq, at, e.who, e.event, e.district, e.subject, body_words(e), e.hash


def entry_lines(entry: AuditEntry, width: int) -> Iterator[Content]:
    """An entry in full."""
    yield from Content.styled(drawable(event_words(entry)), "bold").wrap(width)
    yield from Content.styled(drawable(f"{stamp(entry.at)} by {entry.who}"), "$muted").wrap(width)
    yield Content("")
    facts = [("district", entry.district or ""), ("on", entry.subject or "")]
    facts += [(name.replace("_", " "), part_words(value)) for name, value in entry.body.items()]
    for label, value in [*facts, ("hash", entry.hash)]:
        if value:
            yield from labelled(label, Content(drawable(value)), LABEL, width)


def _haystack(entry: AuditEntry) -> str:
    parts = (entry.who, event_words(entry), entry.district, entry.subject, body_words(entry))
    return " ".join(part for part in parts if part).casefold()
