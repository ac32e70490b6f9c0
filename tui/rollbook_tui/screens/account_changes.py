"""What a run makes happen to accounts, one by one: before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content

from rollbook.desk import account_exports, account_lists, history
from rollbook.desk.account_views import AccountChangeFilter, AccountChangeRow, AccountVerb
from rollbook.desk.desk import Desk
from rollbook.desk.views import Lane, RunView
from rollbook_tui.account_words import ACCOUNT_VERBS, MEANINGS, before_after
from rollbook_tui.commands.account_changes import (
    ACCOUNT_CHANGES,
    AccountChangesState,
    OpenAccountPerson,
)
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.details.accounts import account_lines
from rollbook_tui.dialogs.choose import Choose, Option
from rollbook_tui.screens.base import EVERYWHERE
from rollbook_tui.screens.person import PersonScreen
from rollbook_tui.screens.table_screen import TableScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.record_columns import Column, Tone
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import RowPages
from rollbook_tui.widgets.search_line import SearchLine
from rollbook_tui.words import LANES

FORMATS = {".csv": "csv", ".ndjson": "ndjson"}
EVERY_CHANGE = AccountChangeFilter()
NONE_LEFT = "No account is like that. Take a filter back: choose “all” there, or press esc."
NO_ACCOUNTS = "Nothing happens to accounts. They follow the policy in the district's file."

_TONES = {"$add": Tone.ADD, "$update": Tone.UPDATE, "$remove": Tone.REMOVE}
_LANE_TONES = {Lane.HELD: Tone.HELD, Lane.PAUSED: Tone.MUTED, Lane.APPLIED: Tone.MUTED}


def _tone(row: AccountChangeRow) -> Tone:
    return _TONES[ACCOUNT_VERBS[row.verb].style.removeprefix("bold ")]


def _what(row: AccountChangeRow) -> str:
    return f"{ACCOUNT_VERBS[row.verb].mark} {ACCOUNT_VERBS[row.verb].word}"


COLUMNS: tuple[Column[AccountChangeRow], ...] = (
    Column("what", _what, 12, tone=_tone),
    Column("who", lambda row: row.label or row.person, 24, 16, grow=1),
    Column("before", lambda row: before_after(row)[0], 20, 14, grow=1, tone=lambda _: Tone.MUTED),
    Column("after", lambda row: before_after(row)[1], 20, 14, grow=1),
    Column("school", lambda row: row.school_name, 20, 14, grow=1, drop=2),
    Column("id", lambda row: row.person, 14, 12, drop=3),
    Column(
        "state",
        lambda row: f"{LANES[row.lane].mark} {LANES[row.lane].word}",
        10,
        drop=1,
        tone=lambda row: _LANE_TONES.get(row.lane),
    ),
)


class AccountChangesScreen(TableScreen):
    """The list behind the account counts of a run, or of a hold of accounts."""

    ACTS: ClassVar[Commands] = (*ACCOUNT_CHANGES, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/accounts.tcss"
    EXPORTED = "the account changes listed"
    SUFFIXES = tuple(FORMATS)

    def __init__(
        self,
        desk: Desk,
        run_id: str,
        filter: AccountChangeFilter = EVERY_CHANGE,  # noqa: A002 - as the desk calls it
    ) -> None:
        super().__init__(desk)
        self._run_id = run_id
        self._filter = filter
        self._view: RunView | None = None

    def body(self) -> ComposeResult:
        """The list, and the highlighted change in full."""
        yield SearchLine("A part of a name or an id")
        with Container(id="panes"):
            yield RecordTable(COLUMNS, empty="Reading the accounts …", classes="-framed")
            yield Page()

    def path(self) -> Sequence[str]:
        """The run, and what of it is listed."""
        return (self._run_id, "accounts")

    def state(self) -> AccountChangesState:
        """The highlighted change."""
        row = self.table.current if self.is_mounted else None
        return AccountChangesState(super().state().read_only, row)

    @property
    def table(self) -> RecordTable[AccountChangeRow]:
        """The list."""
        return self.query_one(RecordTable)

    async def reload(self) -> None:
        """Read the list, then the run's counts, again; cursor and marks stay."""
        await self._read_list(self.table.renew)
        self._view = await self.read(history.run, self._run_id)
        self._entitle()

    def search(self, text: str) -> None:
        """List the changes with ``text`` in name or id."""
        self._narrow(replace(self._filter, search=text or None))

    def id_of(self, row: AccountChangeRow) -> str:
        """The id of the person."""
        return row.person

    def export_stem(self) -> str:
        """``northfield.12-accounts``, or after the hold that is listed."""
        return f"{self._filter.hold or self._run_id}-accounts"

    async def export_to(self, path: Path) -> int:
        """Write the listed changes, all of them and not just those on the screen."""
        listed = await self.read(account_lists.account_changes, self._run_id, self._filter)
        form = FORMATS[path.suffix]

        def write(desk: Desk) -> int:
            return account_exports.export_account_changes(listed, path, form)

        return await self.act(self._run_id, "exporting", write)

    def action_filter_verb(self) -> None:
        """Ask for what happens."""
        if (view := self._view) is None:
            return
        counts = view.accounts.counts
        options: list[Option[AccountVerb | None]] = [
            Option(None, "all of it", f"{sum(counts.values()):,}")
        ]
        options += [
            Option(verb, f"{ACCOUNT_VERBS[verb].mark} {MEANINGS[verb]}", f"{counts[verb]:,}")
            for verb in AccountVerb
            if counts.get(verb)
        ]
        self._choose("What happens", options, "verb")

    def action_filter_school(self) -> None:
        """Ask for the school."""
        if (view := self._view) is None:
            return
        options: list[Option[str | None]] = [Option(None, "all schools")]
        options += [Option(s.school, s.name or s.school) for s in view.schools if s.school]
        self._choose("School", options, "school")

    def action_open_person(self) -> None:
        """Open the card of the person whose account it is."""
        if (row := self.table.current) is not None and self._view is not None:
            self.app.push_screen(PersonScreen(self.desk, self._view.summary.district, row.person))

    @on(RecordTable.RowHighlighted)
    def _highlighted(self) -> None:
        row = self.table.current

        def lines(width: int) -> Iterator[Content]:
            yield from account_lines(row, width) if row is not None else ()

        title = f"Account {MEANINGS[row.verb]}" if row is not None else "Account"
        self.query_one(Page).show(lines, title=title)
        self.commands_changed()

    @on(RecordTable.RowSelected)
    def _selected(self) -> None:
        self.do(OpenAccountPerson)

    def _choose(self, title: str, options: Sequence[Option[Any]], field: str) -> None:
        def take(option: Option[Any] | None) -> None:
            if option is not None:
                self._narrow(replace(self._filter, **{field: option.value}))

        self.app.push_screen(Choose(title, options, getattr(self._filter, field)), take)

    def _narrow(self, wanted: AccountChangeFilter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self._list_anew()

    @work(group="list", exclusive=True, exit_on_error=False)
    async def _list_anew(self) -> None:
        await self._read_list(self.table.show)

    async def _read_list(self, show: Callable[[RowPages[AccountChangeRow]], None]) -> None:
        """Count the list and read its first page off the loop; another that was asked for
        meanwhile is shown instead."""
        wanted = self._filter
        pages = await self.read(_open_list, self._run_id, wanted)
        if wanted == self._filter:
            show(pages)
            self.table.set_empty(NO_ACCOUNTS if wanted == EVERY_CHANGE else NONE_LEFT)
            self._entitle()

    def _entitle(self) -> None:
        wanted, view = self._filter, self._view
        total = f" of {sum(view.accounts.counts.values()):,}" if view else ""
        names = {school.school: school.name for school in view.schools} if view else {}
        words = [f"Accounts · {self.table.row_count:,}{total}"]
        words += [wanted.hold] if wanted.hold else []
        words += [MEANINGS[wanted.verb]] if wanted.verb else []
        words += [names.get(wanted.school) or wanted.school] if wanted.school else []
        words += [f"/{wanted.search}"] if wanted.search else []
        self.table.border_title = Content(drawable(" · ".join(words)))


def _open_list(desk: Desk, run_id: str, wanted: AccountChangeFilter) -> RowPages[AccountChangeRow]:
    return RowPages.opened(account_lists.account_changes(desk, run_id, wanted))
