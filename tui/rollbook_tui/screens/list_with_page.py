"""A list of what a district has, and the highlighted line in full beside it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from rollbook.desk.desk import Desk
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.record_columns import Column
from rollbook_tui.widgets.record_table import RecordTable

R = TypeVar("R")


class ListWithPage(ConsoleScreen, Generic[R]):
    """The lines of one district. A subclass gives ``columns()``, what is said while they are
    ``READING``, and ``page_of`` a line; it fills ``table`` in ``reload``."""

    AUTO_FOCUS = "RecordTable"
    READING: ClassVar[str]
    NAME: ClassVar[str]
    """What the page is called while no line is highlighted."""

    def __init__(self, desk: Desk, district_id: str) -> None:
        super().__init__(desk)
        self._district_id = district_id

    @abstractmethod
    def columns(self) -> Sequence[Column[R]]:
        """The columns of the list."""

    @abstractmethod
    def title_of(self, line: R) -> str:
        """What the page of a line is called."""

    @abstractmethod
    def page_of(self, line: R, width: int) -> Iterator[Content]:
        """A line in full."""

    def body(self) -> ComposeResult:
        """The list, and the page."""
        with Container(id="panes"):
            yield RecordTable(self.columns(), empty=self.READING, classes="-framed")
            yield Page()

    @property
    def table(self) -> RecordTable[R]:
        """The list."""
        return self.query_one(RecordTable)

    @on(RecordTable.RowHighlighted)
    def _highlighted(self) -> None:
        line = self.table.current

        def lines(width: int) -> Iterator[Content]:
            yield from self.page_of(line, width) if line is not None else ()

        title = self.title_of(line) if line is not None else self.NAME
        page = self.query_one(Page)
        # A line that was read again stays where it was scrolled to.
        (page.keep if title == str(page.border_title or "") else page.show)(lines, title=title)
        self.commands_changed()
