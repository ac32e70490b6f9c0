"""What the lists behind the counts of a run have in common: they are filtered, and read off the
event loop, however long they are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Generic, TypeVar

from textual import work

from rollbook.desk import history, people
from rollbook.desk.account_views import AccountChangeFilter
from rollbook.desk.desk import Desk
from rollbook.desk.views import ChangeFilter, RunView
from rollbook.errors import NotFound
from rollbook_tui.dialogs.choose import Choose, Option
from rollbook_tui.screens.person import PersonScreen
from rollbook_tui.screens.table_screen import TableScreen
from rollbook_tui.widgets.row_pages import RowPages

FORMATS = {".csv": "csv", ".ndjson": "ndjson"}
STILL_COUNTING = "The run is still being counted. Try again in a moment."

F = TypeVar("F", ChangeFilter, AccountChangeFilter)
R = TypeVar("R")


class RunListScreen(TableScreen, Generic[F, R]):
    """The rows of a run, or of one hold of it, that a filter leaves.

    ``EMPTY`` is said where a run has none at all, ``NONE_LEFT`` where the filter leaves none.
    """

    SUFFIXES = tuple(FORMATS)
    EMPTY: ClassVar[str]
    NONE_LEFT: ClassVar[str]

    def __init__(self, desk: Desk, run_id: str, wanted: F) -> None:
        super().__init__(desk)
        self._run_id = run_id
        self._filter: F = wanted
        self._view: RunView | None = None

    @abstractmethod
    def open_list(self, desk: Desk, wanted: F) -> RowPages[R]:
        """The rows that a filter leaves, counted and with the first page read."""

    @abstractmethod
    def entitle(self, count: str) -> None:
        """Say how many are listed, of how many once the run has been counted, and which."""

    async def reload(self) -> None:
        """Read the list, then the run's counts, again; cursor and marks stay."""
        await self._read_list(self.table.renew)
        self._view = await self.read(history.run, self._run_id)
        self.entitle(f"{self.table.row_count:,}")

    def search(self, text: str) -> None:
        """List what has ``text`` in label or id."""
        self._narrow(replace(self._filter, search=text or None))

    def choose(
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

    def open_card(self, person: str) -> None:
        """Open the card of a person."""
        if self._view is None:
            self.say(STILL_COUNTING)
        else:
            self._open_card(self._view.summary.district, person)

    def school_name(self, school: str) -> str:
        """What a school is called, once the run has been counted; else its id."""
        schools = self._view.schools if self._view else ()
        return next((s.name for s in schools if s.school == school and s.name), school)

    def _narrow(self, wanted: F) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self.entitle("reading …")
            self._list_anew()

    @work(group="list", exclusive=True, exit_on_error=False)
    async def _list_anew(self) -> None:
        await self._read_list(self.table.show)

    async def _read_list(self, show: Callable[[RowPages[R]], None]) -> None:
        """Read the list and show it, unless another one was asked for meanwhile."""
        wanted = self._filter
        pages = await self.read(self.open_list, wanted)
        if wanted != self._filter:
            return
        show(pages)
        self.table.set_empty(self.EMPTY if wanted == type(wanted)() else self.NONE_LEFT)
        self.entitle(f"{self.table.row_count:,}")

    @work(group="card", exclusive=True, exit_on_error=False)
    async def _open_card(self, district_id: str, person: str) -> None:
        try:
            await self.read(people.person, district_id, person)
        except NotFound:
            text = f"{person} is not in the directory: not yet, or no longer."
            self.say(text, severity="warning")
        else:
            self.app.push_screen(PersonScreen(self.desk, district_id, person))
