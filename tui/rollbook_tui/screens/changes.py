"""Every change of a run, however many there are, and what each of them does field by field."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from rollbook.desk import change_lists, exports
from rollbook.desk.desk import Desk
from rollbook.desk.views import ChangeFilter, ChangeRow
from rollbook_tui.commands.changes import CHANGES, ChangesState, OpenPerson
from rollbook_tui.commands.command import Commands, bindings
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
from rollbook_tui.screens.run_list import FORMATS, RunListScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.change_columns import CHANGE_COLUMNS
from rollbook_tui.widgets.field_changes import FieldChanges
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import RowPages
from rollbook_tui.widgets.search_line import SearchLine

EVERY_CHANGE = ChangeFilter()


class ChangesScreen(RunListScreen[ChangeFilter, ChangeRow]):
    """The list behind the counts of a run, or of one hold of it."""

    ACTS: ClassVar[Commands] = (*CHANGES, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/changes.tcss"
    EXPORTED = "the changes listed"
    EMPTY = "This run changes nothing."
    NONE_LEFT = (
        "No change is like that.\n"
        "Take a filter back: choose “all” there, or press esc in the search."
    )

    def __init__(
        self,
        desk: Desk,
        run_id: str,
        filter: ChangeFilter = EVERY_CHANGE,  # noqa: A002 - as the desk calls it
    ) -> None:
        super().__init__(desk, run_id, filter)

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

    def open_list(self, desk: Desk, wanted: ChangeFilter) -> RowPages[ChangeRow]:
        """The changes."""
        return RowPages.opened(change_lists.changes(desk, self._run_id, wanted))

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
        self.choose("Kind of record", kind_options, "kind")

    def action_filter_verb(self) -> None:
        """Ask for the change to list."""
        self.choose("Change", verb_options, "verb")

    def action_filter_school(self) -> None:
        """Ask for the school to list."""
        self.choose("School", school_options, "school")

    def action_filter_lane(self) -> None:
        """Ask for the state to list."""
        self.choose("State", lane_options, "lane")

    def action_open_person(self) -> None:
        """Open the card of the person that the change is about."""
        row = self.table.current
        if row is not None and (person := person_of(row)) is not None:
            self.open_card(person)

    @on(RecordTable.RowHighlighted, "#list")
    def _highlighted(self) -> None:
        self.query_one(FieldChanges).show_change(self.table.current)
        self.commands_changed()

    @on(RecordTable.RowSelected, "#list")
    def _selected(self) -> None:
        self.do(OpenPerson)

    def entitle(self, count: str) -> None:
        """The filters stand in a line of their own as well."""
        view, wanted = self._view, self._filter
        of_all = f" of {total_changes(view):,}" if view else ""
        words = [f"{count}{of_all} changes", *filter_words(wanted)]
        self.table.border_title = Content(drawable(" · ".join(words)))
        school = self.school_name(wanted.school) if wanted.school else ""
        self.query_one("#filters", Static).update(filter_line(wanted, school, self.keys_of()))
