"""The card of a person: what the directory holds about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from rollbook.desk import people
from rollbook.desk.desk import Desk
from rollbook.desk.views import PersonView
from rollbook.errors import NotFound
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.people import PERSON, PersonState
from rollbook_tui.screens.base import EVERYWHERE, ConsoleScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.person_card import card_lines


class PersonScreen(ConsoleScreen):
    """One person of a district, found by id, number, username or email address."""

    ACTS: ClassVar[Commands] = (*PERSON, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    AUTO_FOCUS = "Page"

    def __init__(self, desk: Desk, district_id: str, key: str) -> None:
        super().__init__(desk)
        self._district_id = district_id
        self._key = key
        self._view: PersonView | None = None

    def body(self) -> ComposeResult:
        """The card."""
        yield Page()

    def path(self) -> Sequence[str]:
        """The district and the person's id."""
        return (self._district_id, "people", self._view.id if self._view else self._key)

    def state(self) -> PersonState:
        """The person."""
        return PersonState(super().state().read_only, self._view)

    async def reload(self) -> None:
        """Read the card again."""
        page = self.query_one(Page)
        try:
            view = await self.read(people.person, self._district_id, self._key)
        except NotFound as error:
            told = drawable(str(error))
            page.show(lambda width: _nobody(told, width), title="Nobody")
            return
        self._view = view
        page.keep(lambda width: card_lines(view, width), title="Person")
        self.commands_changed()

    def action_copy_person(self) -> None:
        """Copy the person's id."""
        if self._view is not None:
            self.app.copy_to_clipboard(self._view.id)
            self.say(f"{self._view.id} copied.")


def _nobody(told: str, width: int) -> Iterator[Content]:
    yield from Content.styled(told[:1].upper() + told[1:], "bold").wrap(width)
    yield Content("")
    yield from Content(HOW_TO_FIND).wrap(width)


HOW_TO_FIND = (
    "A person is found by id, number, username or email address, as they are in the roster."
)
