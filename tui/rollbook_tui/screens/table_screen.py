"""What the screens with one long table have in common: search, marks, copy and export."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path
from typing import Any, ClassVar

from textual import on

from rollbook_tui.commands.command import Command
from rollbook_tui.commands.rows import IN_ROWS
from rollbook_tui.dialogs.save_as import SaveAs, free_path, typed_path
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.screens.help import Help
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.search_line import SearchLine

MOST_COPIED = 1_000
"""More ids than these are not for a clipboard, and reading their rows would take a while."""


class TableScreen(ConsoleScreen):
    """A ``RecordTable`` with a ``SearchLine``; ``EXPORTED`` is what an export is called."""

    AUTO_FOCUS = "RecordTable"
    EXPORTED: ClassVar[str]
    SUFFIXES: ClassVar[tuple[str, ...]] = (".csv",)

    @property
    @abstractmethod
    def table(self) -> RecordTable[Any]:
        """The table."""

    @abstractmethod
    def search(self, text: str) -> None:
        """List what has ``text`` in it; the empty text lists all."""

    @abstractmethod
    def id_of(self, row: Any) -> str:
        """The id of a row, to copy."""

    @abstractmethod
    def export_stem(self) -> str:
        """The name of an export's file without its ending."""

    @abstractmethod
    async def export_to(self, path: Path) -> int:
        """Write what is listed to ``path``; gives how many rows that were."""

    def action_show_help(self) -> None:
        """Open the help of this screen and of its table."""
        acts = (*self.ACTS, *IN_ROWS)
        self.app.push_screen(Help(acts, self.state(), self.pane(), self.keys_of()))

    def do(self, command: type[Command[Any]]) -> None:
        """Do what a command does, or say why that cannot be done now."""
        if refusal := command.refusal(self.state()):
            self.say(refusal, title=f"{command.label}: not now", severity="warning")
        else:
            self.call_later(self.run_action, command.action)

    def action_search(self) -> None:
        """Open the search line."""
        self.query_one(SearchLine).open()

    def action_go_back(self) -> None:
        """Out of the search, then out of the marks, then out of the screen."""
        if self.query_one(SearchLine).close():
            self.table.focus()
        elif not self.table.clear_marks():
            super().action_go_back()

    def action_copy_id(self) -> None:
        """Copy the marked ids, one a line, or the highlighted one."""
        table = self.table
        if len(table.marks) > MOST_COPIED:
            self.say(
                f"{len(table.marks):,} ids are too many to copy. Export writes the list to a file.",
                severity="warning",
            )
            return
        marked = [table.row_at(index) for index in table.marks] or [table.current]
        ids = [self.id_of(row) for row in marked if row is not None]
        if not ids:
            return
        self.app.copy_to_clipboard("\n".join(ids))
        self.say(f"{ids[0]} copied." if len(ids) == 1 else f"{len(ids):,} ids copied.")

    def action_export(self) -> None:
        """Ask where to, and write."""
        self.start(self._export())

    @on(SearchLine.Searched)
    def _searched(self, message: SearchLine.Searched) -> None:
        self.search(message.text)

    @on(SearchLine.Left)
    def _left_search(self) -> None:
        self.table.focus()

    @on(RecordTable.MarksChanged)
    def _marks_changed(self, message: RecordTable.MarksChanged) -> None:
        words = [f"{message.count:,} marked"] if message.count else []
        if message.reached:
            words.append(f"{message.reached:,} in the range")
        message.table.border_subtitle = " · ".join(words)

    async def _export(self) -> None:
        suggested = free_path(self.desk.home.exports, self.export_stem(), self.SUFFIXES[0])
        question = SaveAs(self.EXPORTED, suggested, self.SUFFIXES)
        answer = await self.app.push_screen_wait(question)
        if answer is None:
            return
        path = typed_path(answer)
        count = await self.export_to(path)
        self.say(f"{count:,} rows written to {path}", title="Exported")
