"""A question with a list of answers, each with a number beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from rollbook_tui.commands.command import Command, Commands, State, bindings
from rollbook_tui.dialogs.dialog import Cancel, Dialog
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.record_columns import Column
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import HeldRows, RowPages

V = TypeVar("V")

FILTER_FROM = 13
"""A list of so many answers has a line to type a part of one."""


LABEL_MOST = 16
"""Cells that a label has for itself, however long the note beside it."""

NOTE_LEAST = 10
"""Cells that a long note keeps beside a label that has too few."""


AROUND = 14
"""Cells of the frame, and around and between the columns."""


@dataclass(frozen=True, slots=True)
class Option(Generic[V]):
    """An answer. ``note`` stands to the right of it, such as how many there are."""

    value: V
    label: str
    note: str = ""


class OptionDown(Command[State]):
    """Go to the next answer."""

    id = "dialog.option-down"
    action = "option_down"
    label = "Next answer"
    keys = "down"
    palette = False


class OptionUp(Command[State]):
    """Go to the answer before."""

    id = "dialog.option-up"
    action = "option_up"
    label = "Answer before"
    keys = "up"
    palette = False


class Choose(Dialog[Option[V] | None]):
    """The answer chosen, or ``None`` for escape; the cursor begins on ``current``."""

    ACTS: ClassVar[Commands] = (OptionDown, OptionUp, Cancel)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    DEFAULT_CSS = """
    Choose > .frame { min-width: 56; }
    Choose RecordTable {
        height: auto;
        max-height: 14;
        scrollbar-size-horizontal: 0;
        background: $surface;
    }
    """

    def __init__(self, title: str, options: Sequence[Option[V]], current: V) -> None:
        super().__init__()
        self._title = title
        self._options = options
        self._current = current
        self._filtered = len(options) >= FILTER_FROM
        self.takes_type_ahead = self._filtered

    def compose(self) -> ComposeResult:
        frame = Vertical(classes="frame")
        frame.border_title = Content(drawable(self._title))
        frame.border_subtitle = Content("enter take it · esc leave")
        label = max(cell_len(drawable(option.label)) for option in self._options)
        columns: list[Column[Option[V]]] = [
            Column("", lambda option: option.label, min(label, LABEL_MOST), grow=1)
        ]
        longest = max(cell_len(drawable(option.note)) for option in self._options)
        frame.styles.width = label + longest + AROUND
        if longest:
            least = min(longest, NOTE_LEAST)
            columns.append(Column("", lambda option: option.note, longest, least, right=True))
        with frame:
            if self._filtered:
                yield Input(placeholder="Type a part of it", compact=True)
            yield RecordTable(columns, header=False, empty="Nothing has that in its name.")

    def on_mount(self) -> None:
        """Begin with the answer that holds now."""
        values = [option.value for option in self._options]
        at = values.index(self._current) if self._current in values else 0
        self._table.show(RowPages(HeldRows(self._options)), cursor=at)
        (self.query_one(Input) if self._filtered else self._table).focus()

    def action_option_down(self) -> None:
        """Move in the list while a part of an answer is typed."""
        self._table.action_move_down()

    def action_option_up(self) -> None:
        """Move in the list while a part of an answer is typed."""
        self._table.action_move_up()

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        event.stop()
        wanted = event.value.casefold().split()
        left = [o for o in self._options if all(w in o.label.casefold() for w in wanted)]
        self._table.show(RowPages(HeldRows(left)))

    @on(Input.Submitted)
    @on(RecordTable.RowSelected)
    def _take(self, event: Input.Submitted | RecordTable.RowSelected) -> None:
        event.stop()
        if (option := self._table.current) is not None:
            self.dismiss(option)

    @property
    def _table(self) -> RecordTable[Option[V]]:
        return self.query_one(RecordTable)
