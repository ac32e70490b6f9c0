"""The evidence of a roll-up, school by school: the grades of last year and those of now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content

from rollbook.desk import seasons
from rollbook.desk.desk import Desk
from rollbook.desk.season_views import RollUpView, SchoolRollUpView
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.details.roll_up import district_lines, school_lines
from rollbook_tui.screens.base import EVERYWHERE, ConsoleScreen
from rollbook_tui.season_words import roll_up_sign
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.page import Page
from rollbook_tui.widgets.record_columns import Column, Tone
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.row_pages import HeldRows, RowPages

Line = SchoolRollUpView | RollUpView
"""A line of the list: the first stands for the whole district."""

_TONES = {"bold $held": Tone.HELD, "$primary": Tone.GOOD}


def _share(line: Line) -> str:
    evidence = line.evidence
    return f"{100 * evidence.share(evidence.up):.1f} %" if evidence.decided else ""


COLUMNS: tuple[Column[Line], ...] = (
    Column(
        "school",
        lambda x: x.name if isinstance(x, SchoolRollUpView) else "the whole district",
        24,
        16,
        grow=1,
    ),
    Column(
        "roll-up",
        lambda x: f"{roll_up_sign(x.state).mark} {roll_up_sign(x.state).word}",
        17,
        12,
        tone=lambda x: _TONES.get(roll_up_sign(x.state).style, Tone.MUTED),
    ),
    Column("up", _share, 7, right=True),
    Column("same", lambda x: f"{x.evidence.stayed:,}", 7, drop=1, right=True),
    Column("gone", lambda x: f"{x.evidence.gone:,}", 7, drop=2, right=True),
    Column("students", lambda x: f"{sum(g.now for g in x.grades):,}", 8, drop=3, right=True),
)


class RollUpScreen(ConsoleScreen):
    """The schools, and the grades of the highlighted one."""

    ACTS: ClassVar[Commands] = EVERYWHERE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/year.tcss"
    AUTO_FOCUS = "RecordTable"

    def __init__(self, desk: Desk, district_id: str) -> None:
        super().__init__(desk)
        self._district_id = district_id

    def body(self) -> ComposeResult:
        """The schools, and the highlighted one's grades."""
        with Container(id="panes"):
            yield RecordTable(COLUMNS, empty="Counting the grades …", classes="-framed")
            yield Page()

    def path(self) -> Sequence[str]:
        """The district."""
        return (self._district_id, "roll-up")

    @property
    def table(self) -> RecordTable[Line]:
        """The schools."""
        return self.query_one(RecordTable)

    async def reload(self) -> None:
        """Count again."""
        view = await self.read(seasons.roll_up, self._district_id)
        lines: list[Line] = [view, *view.schools]
        self.table.renew(RowPages(HeldRows(lines)))
        self.table.border_title = Content(f"Roll-up · {len(view.schools):,} schools")

    @on(RecordTable.RowHighlighted)
    def _highlighted(self) -> None:
        line = self.table.current

        def lines(width: int) -> Iterator[Content]:
            if isinstance(line, SchoolRollUpView):
                yield from school_lines(line, width)
            elif line is not None:
                yield from district_lines(line, width)

        name = line.name if isinstance(line, SchoolRollUpView) else "Grades"
        self.query_one(Page).show(lines, title=drawable(name))
