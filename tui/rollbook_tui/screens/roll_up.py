"""The evidence of a roll-up, school by school: the grades of last year and those of now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from rollbook.desk import seasons
from rollbook.desk.season_views import RollUpView, SchoolRollUpView
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.details.roll_up import district_lines, school_lines
from rollbook_tui.screens.base import EVERYWHERE
from rollbook_tui.screens.list_with_page import ListWithPage
from rollbook_tui.season_words import roll_up_sign
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.record_columns import Column, Tone
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


class RollUpScreen(ListWithPage[Line]):
    """The schools, and the grades of the highlighted one."""

    ACTS: ClassVar[Commands] = EVERYWHERE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]
    CSS_PATH = "../styles/year.tcss"
    READING = "Counting the grades …"
    NAME = "Grades"

    def columns(self) -> Sequence[Column[Line]]:
        """A school, how far it is, and what its students did."""
        return COLUMNS

    def title_of(self, line: Line) -> str:
        """The school's name."""
        return drawable(line.name) if isinstance(line, SchoolRollUpView) else self.NAME

    def page_of(self, line: Line, width: int) -> Iterator[Content]:
        """The grades of before and of now."""
        if isinstance(line, SchoolRollUpView):
            return school_lines(line, width)
        return district_lines(line, width)

    def path(self) -> Sequence[str]:
        """The district."""
        return (self._district_id, "roll-up")

    async def reload(self) -> None:
        """Count again."""
        view = await self.read(seasons.roll_up, self._district_id)
        lines: list[Line] = [view, *view.schools]
        self.table.renew(RowPages(HeldRows(lines)))
        self.table.border_title = Content(f"Roll-up · {len(view.schools):,} schools")
