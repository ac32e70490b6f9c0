"""Kinds by verbs: what is taken for a new pause, and which pauses are over each cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from rollbook.desk.views import PauseView
from rollbook_tui import words
from rollbook_tui.commands.command import Commands, bindings
from rollbook_tui.commands.moves import MOVES
from rollbook_tui.commands.pauses import GRID
from rollbook_tui.pause_cells import LINES, VERBS, Cell, Covered, covering
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.page import Page

LABEL = 16
LEAST = 11
"""Cells of a column: a box and a short mark."""

MOST = 20


class PauseGrid(Page, inherit_bindings=False):
    """The cursor goes over cells, and over the names of lines and verbs, which stand for all that
    is in them. It begins in the corner, which stands for everything."""

    ACTS: ClassVar[Commands] = (*GRID, *MOVES)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ACTS)]

    class Moved(Message):
        """The cursor is on something else, or other pauses are under it."""

    class Taken(Message):
        """Cells were taken or left out."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self.taken: frozenset[Cell] = frozenset()
        self._row = self._column = -1
        self._pauses: Sequence[PauseView] = ()
        self._school: str | None = None

    def on_mount(self) -> None:
        """Draw it."""
        self._draw()

    def on_focus(self) -> None:
        """The cursor stands out while it has the focus."""
        self._draw()

    def on_blur(self) -> None:
        """As for ``on_focus``."""
        self._draw()

    @property
    def under_cursor(self) -> tuple[Cell, ...]:
        """The cells that the cursor stands for."""
        rows = LINES if self._row < 0 else LINES[self._row : self._row + 1]
        columns = VERBS if self._column < 0 else VERBS[self._column : self._column + 1]
        return tuple((line, verb) for line in rows for verb in columns)

    @property
    def place(self) -> str:
        """Where the cursor is, in words: ``remove · students``."""
        line = LINES[self._row].label if self._row >= 0 else "all kinds"
        verb = words.VERBS[VERBS[self._column]].word if self._column >= 0 else "all verbs"
        return f"{line} · {verb}"

    @property
    def pauses_under_cursor(self) -> tuple[PauseView, ...]:
        """The pauses over any of the cells that the cursor stands for."""
        found = {
            covered.pause.id: covered.pause
            for cell in self.under_cursor
            for covered in covering(self._pauses, self._school, cell)
        }
        return tuple(found.values())

    def show_pauses(self, pauses: Sequence[PauseView], school: str | None) -> None:
        """Show the pauses of a school, or of the district; what is taken stays."""
        self._pauses, self._school = pauses, school
        self._draw()
        self.post_message(self.Moved())

    def take(self, cells: frozenset[Cell]) -> None:
        """Take these cells and no others."""
        self.taken = cells
        self._draw()
        self.post_message(self.Taken())

    def action_toggle_cells(self) -> None:
        """Take what the cursor stands for, or leave it out when all of it is taken."""
        cells = frozenset(self.under_cursor)
        self.take(self.taken - cells if cells <= self.taken else self.taken | cells)

    def action_cell_left(self) -> None:
        """One to the left."""
        self._go(self._row, self._column - 1)

    def action_cell_right(self) -> None:
        """One to the right."""
        self._go(self._row, self._column + 1)

    def action_move_down(self) -> None:
        """One down."""
        self._go(self._row + 1, self._column)

    def action_move_up(self) -> None:
        """One up."""
        self._go(self._row - 1, self._column)

    def action_move_first(self) -> None:
        """To the verbs' names."""
        self._go(-1, self._column)

    def action_move_last(self) -> None:
        """To the last line."""
        self._go(len(LINES), self._column)

    action_page_down = action_half_page_down = action_move_last
    action_page_up = action_half_page_up = action_move_first

    def _go(self, row: int, column: int) -> None:
        self._row = max(-1, min(row, len(LINES) - 1))
        self._column = max(-1, min(column, len(VERBS) - 1))
        top, shown = self.scroll_offset.y, self.scrollable_content_region.height
        line = self._row + 1
        if not top <= line < top + shown:
            self.scroll_to(y=line if line < top else line - shown + 1, animate=False)
        self._draw()
        self.post_message(self.Moved())

    def _draw(self) -> None:
        self.keep(self._drawn)

    def _drawn(self, width: int) -> Iterator[Content]:
        wide = max(LEAST, min(MOST, (width - LABEL) // len(VERBS)))
        names = [words.VERBS[verb] for verb in VERBS]
        yield Content("").join(
            [
                self._named("everything", "$muted", LABEL, self._at(-1, -1)),
                *(
                    self._named(f"{n.mark} {n.word}", n.style, wide, self._at(-1, at))
                    for at, n in enumerate(names)
                ),
            ]
        )
        for row, line in enumerate(LINES):
            style = "bold $foreground" if row == self._row else "$foreground"
            yield Content("").join(
                [
                    self._named(line.label, style, LABEL, self._at(row, -1)),
                    *(
                        self._cell((line, verb), wide, self._at(row, at))
                        for at, verb in enumerate(VERBS)
                    ),
                ]
            )

    def _at(self, row: int, column: int) -> bool:
        return (row, column) == (self._row, self._column)

    def _named(self, name: str, style: str, width: int, at_cursor: bool) -> Content:
        drawn = Content.styled(name, self._cursor(style) if at_cursor else style)
        return drawn.pad_right(width - drawn.cell_length)

    def _cell(self, cell: Cell, width: int, at_cursor: bool) -> Content:
        taken = cell in self.taken
        style = "bold $primary" if taken else "$muted"
        box = Content.styled("[x]" if taken else "[ ]", self._cursor(style) if at_cursor else style)
        over = cover_words(list(covering(self._pauses, self._school, cell)))
        drawn = Content.assemble(box, (f" {over}" if over else "", "$paused"))
        return drawn.truncate(width - 1, ellipsis=True, pad=True).pad_right(1)

    def _cursor(self, style: str) -> str:
        return f"{style} reverse" if self.has_focus else f"{style} underline"


def cover_words(covered: Sequence[Covered]) -> str:
    """``= p2``; ``part p2`` where it is not over all of it, ``later p2`` where it is yet to begin;
    ``+1`` for each further one."""
    if not covered:
        return ""
    first = min(covered, key=lambda c: (not c.pause.active, not c.whole))
    sign = ("=" if first.whole else "part") if first.pause.active else "later"
    more = f" +{len(covered) - 1}" if len(covered) > 1 else ""
    return f"{sign} {drawable(first.pause.id.rpartition('.')[2])}{more}"
