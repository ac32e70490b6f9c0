"""Every change of a run, however many there are, and what each of them does field by field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from rollbook.desk import change_lists, exports, history, people
from rollbook.desk.desk import Desk
from rollbook.desk.views import ChangeFilter, ChangeRow, RunView
from rollbook.errors import NotFound
from rollbook_tui.commands.changes import CHANGES, ChangesState, OpenPerson
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.dialogs.choose import Choose, Option
from rollbook_tui.person_of import person_of
from rollbook_tui.screens.base import EVERYWHERE
from rollbook_tui.screens.change_filters import (
    filter_line,
    filter_words,
    kind_options,
    lane_options,
    school_options,
    total_changes,
    verb_options,
)
from rollbook_tui.screens.person import PersonScreen
from rollbook_tui.screens.table_screen import TableScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.change_columns import CHANGE_COLUMNS
from rollbook_tui.widgets.field_changes import FieldChanges
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import RowPages
from rollbook_tui.widgets.search_line import SearchLine

FORMATS = {".csv": "csv", ".ndjson": "ndjson"}
EVERY_CHANGE = ChangeFilter()
STILL_COUNTING = "The run is still being counted. Try again in a moment."
EMPTY = "This run changes nothing."
NONE_LEFT = (
    "No change is like that.\nTake a filter back: choose “all” there, or press esc in the search."
)


class ChangesScreen(TableScreen):
    """The list behind the counts of a run, or of one hold of it."""

    ACTS: ClassVar[Commands] = (*CHANGES, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/changes.tcss"
    EXPORTED = "the changes listed"
    SUFFIXES = tuple(FORMATS)

    def __init__(
        self,
        desk: Desk,
        run_id: str,
        filter: ChangeFilter = EVERY_CHANGE,  # noqa: A002 - as the desk calls it
    ) -> None:
        super().__init__(desk)
        self._run_id = run_id
        self._filter = filter
        self._view: RunView | None = None

    def body(self) -> ComposeResult:
        """The filters, the list, and the panel of the highlighted change."""
        yield Static("", id="filters", markup=False)
        yield SearchLine("A part of a name or an id")
        with Container(id="panes"):
            empty = "Reading the changes …"
            yield RecordTable(CHANGE_COLUMNS, empty=empty, id="list", classes="-framed")
            yield FieldChanges(id="fields")

    def path(self) -> Sequence[str]:
        """The run and what of it is listed."""
        return (self._run_id, "changes")

    def state(self) -> ChangesState:
        """The highlighted change."""
        row = self.table.current if self.is_mounted else None
        return ChangesState(super().state().read_only, row)

    @property
    def table(self) -> RecordTable[ChangeRow]:
        """The list."""
        return self.query_one("#list", RecordTable)

    async def reload(self) -> None:
        """Read the list, then the run's counts, again; cursor and marks stay."""
        await self._read_list(self.table.renew)
        self._view = await self.read(history.run, self._run_id)
        self._entitle(f"{self.table.row_count:,}")

    def search(self, text: str) -> None:
        """List the changes with ``text`` in label or id."""
        self._narrow(replace(self._filter, search=text or None))

    def id_of(self, row: ChangeRow) -> str:
        """The record's id."""
        return row.id

    def export_stem(self) -> str:
        """``northfield.12-changes``, or after the hold that is listed."""
        return f"{self._filter.hold or self._run_id}-changes"

    async def export_to(self, path: Path) -> int:
        """Write the listed changes, all of them and not just those on the screen."""
        listed = await self.read(change_lists.changes, self._run_id, self._filter)
        form = FORMATS[path.suffix]
        return await self.act(
            self._run_id, "exporting", exports.export_changes, listed, path, format=form
        )

    def action_filter_kind(self) -> None:
        """Ask for the kind to list."""
        self._choose("Kind of record", kind_options, "kind")

    def action_filter_verb(self) -> None:
        """Ask for the change to list."""
        self._choose("Change", verb_options, "verb")

    def action_filter_school(self) -> None:
        """Ask for the school to list."""
        self._choose("School", school_options, "school")

    def action_filter_lane(self) -> None:
        """Ask for the state to list."""
        self._choose("State", lane_options, "lane")

    def action_open_person(self) -> None:
        """Open the card of the person that the change is about."""
        row = self.table.current
        key = person_of(row) if row else None
        if self._view is None:
            self.say(STILL_COUNTING)
        elif key is not None:
            self._open_card(self._view.summary.district, key)

    @on(RecordTable.RowHighlighted, "#list")
    def _highlighted(self) -> None:
        self.query_one(FieldChanges).show_change(self.table.current)
        self.commands_changed()

    @on(RecordTable.RowSelected, "#list")
    def _selected(self) -> None:
        self.do(OpenPerson)

    def _choose(
        self, title: str, options: Callable[[RunView], Sequence[Option[Any]]], field: str
    ) -> None:
        """Ask for the value of one field of the filter, and list what it leaves."""

        def take(option: Option[Any] | None) -> None:
            if option is not None:
                self._narrow(replace(self._filter, **{field: option.value}))

        if self._view is None:
            self.say(STILL_COUNTING)
        else:
            current = getattr(self._filter, field)
            self.app.push_screen(Choose(title, options(self._view), current), take)

    def _narrow(self, wanted: ChangeFilter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self._entitle("reading …")
            self._list_anew()

    @work(group="list", exclusive=True, exit_on_error=False)
    async def _list_anew(self) -> None:
        await self._read_list(self.table.show)

    async def _read_list(self, show: Callable[[RowPages[ChangeRow]], None]) -> None:
        """Count the list and read its first page off the loop, then show it.

        It is let go of when another one was asked for meanwhile.
        """
        wanted = self._filter
        pages = await self.read(_open_list, self._run_id, wanted)
        if wanted != self._filter:
            return
        show(pages)
        self.table.set_empty(EMPTY if wanted == EVERY_CHANGE else NONE_LEFT)
        self._entitle(f"{self.table.row_count:,}")

    def _entitle(self, count: str) -> None:
        """Say how many are listed, of how many once the run has been counted, and which."""
        view, wanted = self._view, self._filter
        of_all = f" of {total_changes(view):,}" if view else ""
        words = [f"{count}{of_all} changes", *filter_words(wanted)]
        self.table.border_title = Content(drawable(" · ".join(words)))
        names = {school.school: school.name for school in view.schools} if view else {}
        school = names.get(wanted.school, wanted.school or "") if wanted.school else ""
        self.query_one("#filters", Static).update(filter_line(wanted, school, self.keys_of()))

    @work(group="card", exclusive=True, exit_on_error=False)
    async def _open_card(self, district_id: str, key: str) -> None:
        try:
            await self.read(people.person, district_id, key)
        except NotFound:
            self.say(f"{key} is not in the directory: not yet, or no longer.", severity="warning")
        else:
            self.app.push_screen(PersonScreen(self.desk, district_id, key))


def _open_list(desk: Desk, run_id: str, wanted: ChangeFilter) -> RowPages[ChangeRow]:
    return RowPages.opened(change_lists.changes(desk, run_id, wanted))
