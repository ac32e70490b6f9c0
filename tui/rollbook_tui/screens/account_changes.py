"""What a run makes happen to accounts, one by one: before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content

from rollbook.desk import account_exports, account_lists
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
from rollbook_tui.dialogs.choose import Option
from rollbook_tui.screens.base import EVERYWHERE
from rollbook_tui.screens.run_list import FORMATS, RunListScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.record_columns import Column, Tone
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import RowPages
from rollbook_tui.widgets.search_line import SearchLine
from rollbook_tui.words import LANES

EVERY_CHANGE = AccountChangeFilter()

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


class AccountChangesScreen(RunListScreen[AccountChangeFilter, AccountChangeRow]):
    """The list behind the account counts of a run, or of a hold of accounts."""

    ACTS: ClassVar[Commands] = (*ACCOUNT_CHANGES, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/accounts.tcss"
    EXPORTED = "the account changes listed"
    EMPTY = "Nothing happens to accounts. They follow the policy in the district's file."
    NONE_LEFT = "No account is like that. Take a filter back: choose “all” there, or press esc."

    def __init__(
        self,
        desk: Desk,
        run_id: str,
        filter: AccountChangeFilter = EVERY_CHANGE,  # noqa: A002 - as the desk calls it
    ) -> None:
        super().__init__(desk, run_id, filter)

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

    def open_list(self, desk: Desk, wanted: AccountChangeFilter) -> RowPages[AccountChangeRow]:
        """The account changes."""
        return RowPages.opened(account_lists.account_changes(desk, self._run_id, wanted))

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
        self.choose("What happens", verb_options, "verb")

    def action_filter_school(self) -> None:
        """Ask for the school."""
        self.choose("School", school_options, "school")

    def action_open_person(self) -> None:
        """Open the card of the person whose account it is."""
        if (row := self.table.current) is not None:
            self.open_card(row.person)

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

    def entitle(self, count: str) -> None:
        """What is listed stands beside the number."""
        wanted, view = self._filter, self._view
        total = f" of {sum(view.accounts.counts.values()):,}" if view else ""
        words = [f"Accounts · {count}{total}"]
        words += [wanted.hold] if wanted.hold else []
        words += [MEANINGS[wanted.verb]] if wanted.verb else []
        words += [self.school_name(wanted.school)] if wanted.school else []
        words += [f"/{wanted.search}"] if wanted.search else []
        self.table.border_title = Content(drawable(" · ".join(words)))


def verb_options(view: RunView) -> list[Option[AccountVerb | None]]:
    """All of it, then each thing that happens, with their numbers."""
    counts = view.accounts.counts
    options: list[Option[AccountVerb | None]] = [
        Option(None, "all of it", f"{sum(counts.values()):,}")
    ]
    for verb in AccountVerb:
        if number := counts.get(verb):
            mark = ACCOUNT_VERBS[verb].mark
            options.append(Option(verb, f"{mark} {MEANINGS[verb]}", f"{number:,}"))
    return options


def school_options(view: RunView) -> list[Option[str | None]]:
    """All schools, then each."""
    options: list[Option[str | None]] = [Option(None, "all schools")]
    options += [Option(s.school, s.name or s.school) for s in view.schools if s.school]
    return options
