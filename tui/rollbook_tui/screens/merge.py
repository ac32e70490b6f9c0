"""Two people side by side, and what becomes of them when they are made one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from rollbook.desk import people
from rollbook.desk.desk import Desk
from rollbook.desk.views import MergePreview
from rollbook.errors import Stale
from rollbook_tui.acts.people import tell_apart
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.moves import MOVES
from rollbook_tui.commands.people import MERGING, MergingState
from rollbook_tui.dialogs.decide import Decide
from rollbook_tui.screens.base import EVERYWHERE, ConsoleScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.merge_lines import (
    KEEP,
    LOSE,
    MERGE_COLUMNS,
    MergeLine,
    first_choice,
    merge_lines,
    survivors,
)
from rollbook_tui.widgets.merge_outcome import outcome_lines, sentences
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import HeldRows, RowPages


class MergeTable(RecordTable[MergeLine], inherit_bindings=False):
    """The two people; left and right choose values here, and nothing is marked."""

    ACTS: ClassVar[Commands] = MOVES
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(MOVES)]


class MergeScreen(ConsoleScreen):
    """Make one person of two: which record survives, and with which values."""

    ACTS: ClassVar[Commands] = (*MERGING, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/merge.tcss"
    AUTO_FOCUS = "MergeTable"

    def __init__(self, desk: Desk, district_id: str, keep: str, lose: str) -> None:
        super().__init__(desk)
        self._district_id = district_id
        self._keep = keep
        self._lose = lose
        self._choices: dict[str, str] = {}
        self._preview: MergePreview | None = None

    def body(self) -> ComposeResult:
        """The two people, and below what the merge does."""
        with Vertical():
            yield MergeTable(MERGE_COLUMNS, empty="Reading the two people …", classes="-framed")
            yield Page()

    def path(self) -> Sequence[str]:
        """The district and the two."""
        return (self._district_id, "duplicates", "merge")

    def state(self) -> MergingState:
        """The preview and the highlighted field."""
        line = self.table.current if self.is_mounted else None
        return MergingState(super().state().read_only, self._preview, line.field if line else None)

    @property
    def table(self) -> MergeTable:
        """The two people."""
        return self.query_one(MergeTable)

    async def reload(self) -> None:
        """Read the two again; choices stay."""
        self._show(await self._look())

    def action_take_left(self) -> None:
        """The survivor's value."""
        self._take(KEEP)

    def action_take_right(self) -> None:
        """The other one's value."""
        self._take(LOSE)

    def action_take_other(self) -> None:
        """The value that is not taken now."""
        line = self.table.current
        if line is not None:
            self._take(LOSE if line.source == KEEP else KEEP)

    def action_swap_people(self) -> None:
        """The other record survives, with its own values."""
        self._keep, self._lose = self._lose, self._keep
        self._choices = {}
        self.action_reload()

    def action_make_one(self) -> None:
        """Ask and merge."""
        self.start(self._merge())

    def action_tell_apart(self) -> None:
        """Ask and note that they are two."""
        self.start(self._tell_apart())

    @on(RecordTable.RowHighlighted)
    def _highlighted(self) -> None:
        self._show_outcome()
        self.commands_changed()

    async def _look(self) -> MergePreview:
        return await self.read(
            people.merge_preview, self._district_id, self._keep, self._lose, choices=self._choices
        )

    def _show(self, preview: MergePreview) -> None:
        first = self._preview is None
        self._preview = preview
        self.table.border_title = Content(f"Make one of two · {drawable(preview.keep.label)}")
        self._show_lines()
        if first:
            self.table.cursor = first_choice(merge_lines(preview, self._choices))

    def _show_lines(self) -> None:
        if self._preview is not None:
            lines = merge_lines(self._preview, self._choices)
            self.table.renew(RowPages(HeldRows(lines)))

    def _show_outcome(self) -> None:
        preview, line = self._preview, self.table.current
        if preview is not None:
            page = self.query_one(Page)
            page.keep(lambda width: outcome_lines(preview, line, width), title="What happens")

    def _take(self, side: str) -> None:
        line = self.table.current
        if line is not None and line.field is not None:
            self._choices[line.field.field] = side
            self._show_lines()

    async def _merge(self) -> None:
        """Look once more with the choices made, ask, and merge exactly what was seen."""
        shown, fresh = self._preview, await self._look()
        if shown is None or _changed(shown, fresh):
            self._show(fresh)
            self.say(
                "One of the two has changed since you looked. Look again, then merge.",
                title="Changed meanwhile",
                severity="warning",
            )
            return
        question = Decide("Make one of two?", _question(fresh, self._choices), yes="Merge")
        reason = await self.app.push_screen_wait(question)
        if reason is None:
            return
        try:
            made = await self.act(
                self._district_id,
                "merging",
                people.merge,
                self._district_id,
                fresh.keep.id,
                fresh.lose.id,
                reason=reason,
                choices=dict(self._choices),
                token=fresh.token,
            )
        except Stale as error:
            self.report(error)
            self.action_reload()
            return
        self.say(f"{made.lose} is part of {made.keep} now.", title=f"{made.id} merged")
        self._leave()

    async def _tell_apart(self) -> None:
        if (preview := self._preview) is None:
            return
        ids = (preview.keep.id, preview.lose.id)
        names = (preview.keep.label, preview.lose.label)
        if await tell_apart(self, self._district_id, ids, names):
            self._leave()

    def _leave(self) -> None:
        if self.is_attached:
            self.dismiss()


def _changed(shown: MergePreview, fresh: MergePreview) -> bool:
    """Whether either record is another one than the one that was shown."""
    return (shown.keep.version, shown.lose.version) != (fresh.keep.version, fresh.lose.version)


def _question(preview: MergePreview, choices: Mapping[str, str]) -> Content:
    taken = [name for name, side in survivors(preview, choices).items() if side == LOSE]
    lines = [
        Content.assemble((drawable(preview.keep.label), "bold"), f"  {drawable(preview.keep.id)}"),
        Content.assemble(("takes in  ", "$muted"), drawable(preview.lose.id)),
        Content(""),
        *(Content.assemble(("! ", "bold $held"), drawable(text)) for text in preview.warnings),
        *map(Content, sentences(preview)),
    ]
    if taken:
        words = ", ".join(name.replace("_", " ") for name in taken)
        lines.append(Content(f"From the other record: {words}."))
    return Content("\n").join(lines)
