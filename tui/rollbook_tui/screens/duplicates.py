"""People who may be one, and the merges that were made of such people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from rollbook.desk import auditing, people
from rollbook.desk.desk import Desk
from rollbook.desk.views import AuditEntry, DuplicatePair, MergeState, MergeView
from rollbook_tui.acts.people import split_merge, tell_apart
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.people import DUPLICATES, MADE, PAIRS, DuplicatesState
from rollbook_tui.commands.rows import IN_ROWS
from rollbook_tui.screens.base import EVERYWHERE, ConsoleScreen
from rollbook_tui.screens.help import Help
from rollbook_tui.screens.merge import MergeScreen
from rollbook_tui.times import stamp
from rollbook_tui.widgets.record_columns import Column, Tone
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import HeldRows, RowPages
from rollbook_tui.words import ROLES

PAIR_COLUMNS: tuple[Column[DuplicatePair], ...] = (
    Column("sure", lambda pair: f"{pair.score:.0%}", 4, right=True),
    Column("one", lambda pair: pair.label_a, 20, 16, grow=1),
    Column("the other", lambda pair: pair.label_b, 20, 16, grow=1, drop=2),
    Column("who", lambda pair: ROLES[pair.role][0], 12, 8, drop=1),
    Column("evidence", lambda pair: pair.evidence, 50, 46, grow=1),
)

_STATES = {MergeState.ACTIVE: "in force", MergeState.SPLIT: "split"}

MADE_COLUMNS: tuple[Column[MergeView], ...] = (
    Column("merge", lambda merge: merge.id, 18, 14),
    Column("state", lambda merge: _STATES[merge.state], 8),
    Column("survivor", lambda merge: merge.label, 24, 14, grow=1),
    Column("when", lambda merge: stamp(merge.created_at), 22, drop=2),
    Column("by", lambda merge: merge.created_by, 14, 8, drop=3),
    Column("reason", lambda merge: merge.reason, 30, 12, grow=1, drop=1, tone=lambda _: Tone.MUTED),
)

NO_PAIRS = (
    "Nobody here looks like somebody else.\nNew pairs are looked for whenever this is opened."
)
NO_MERGES = "No merge was made in this district yet."


class DuplicatesScreen(ConsoleScreen):
    """The likely duplicates of a district, and the merges made in it."""

    ACTS: ClassVar[Commands] = (*DUPLICATES, *EVERYWHERE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/duplicates.tcss"
    AUTO_FOCUS = f"#{PAIRS}"

    def __init__(self, desk: Desk, district_id: str) -> None:
        super().__init__(desk)
        self._district_id = district_id
        self._newest: Sequence[AuditEntry] = ()

    def body(self) -> ComposeResult:
        """The pairs, and the merges below."""
        with Vertical():
            looking = "Looking for people who may be one …"
            yield RecordTable(PAIR_COLUMNS, empty=looking, id=PAIRS, classes="-framed")
            yield RecordTable(MADE_COLUMNS, id=MADE, classes="-framed")

    def path(self) -> Sequence[str]:
        """The district."""
        return (self._district_id, "duplicates")

    def pane(self) -> str:
        """The list that has the focus."""
        return MADE if self.is_mounted and self.made.has_focus else PAIRS

    def state(self) -> DuplicatesState:
        """The highlighted lines."""
        read_only = super().state().read_only
        if not self.is_mounted:
            return DuplicatesState(read_only)
        return DuplicatesState(read_only, self.pairs.current, self.made.current)

    @property
    def pairs(self) -> RecordTable[DuplicatePair]:
        """The likely pairs."""
        return self.query_one(f"#{PAIRS}", RecordTable)

    @property
    def made(self) -> RecordTable[MergeView]:
        """The merges made."""
        return self.query_one(f"#{MADE}", RecordTable)

    async def reload(self) -> None:
        """Read the merges, the newest first; look for pairs where something happened since."""
        newest = await self.read(auditing.audit, self._district_id, limit=1)
        if newest == self._newest:
            return
        merges = [*await self.read(people.merges, self._district_id)][::-1]
        self.made.set_empty(NO_MERGES)
        self.made.renew(RowPages(HeldRows(merges)))
        self.made.border_title = f"Merges made · {len(merges):,}"
        pairs = await self.read(people.duplicates, self._district_id)
        self._newest = newest
        self.pairs.set_empty(NO_PAIRS)
        self.pairs.renew(RowPages(HeldRows(pairs)))
        self.pairs.border_title = f"Likely duplicates · {len(pairs):,}"

    def action_reload(self) -> None:
        """Look again, whether something happened or not."""
        self._newest = ()
        super().action_reload()

    def action_open_merge(self) -> None:
        """Put the highlighted pair side by side."""
        if (pair := self.pairs.current) is not None:
            keep = pair.suggested_keep
            lose = pair.b if keep == pair.a else pair.a
            self.app.push_screen(MergeScreen(self.desk, self._district_id, keep, lose))

    def action_two_people(self) -> None:
        """Tell the highlighted pair apart."""
        if (pair := self.pairs.current) is not None:
            names = (pair.label_a, pair.label_b)
            self.start(tell_apart(self, self._district_id, (pair.a, pair.b), names))

    def action_split_merge(self) -> None:
        """Take the highlighted merge back."""
        if (merge := self.made.current) is not None:
            self.start(split_merge(self, merge))

    def action_other_list(self) -> None:
        """Go to the other list."""
        (self.pairs if self.made.has_focus else self.made).focus()

    def action_show_help(self) -> None:
        """Open the help of this screen and of its lists."""
        acts = (*self.ACTS, *IN_ROWS)
        self.app.push_screen(Help(acts, self.state(), self.pane(), self.keys_of()))

    @on(RecordTable.RowHighlighted)
    def _highlighted(self) -> None:
        self.commands_changed()

    @on(RecordTable.RowSelected, f"#{PAIRS}")
    def _selected(self) -> None:
        self.action_open_merge()
