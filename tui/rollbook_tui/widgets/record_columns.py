"""The columns of a table of records, and how they share the width there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Generic, TypeVar

Row = TypeVar("Row")

GAP = 2
"""Cells between two columns."""


class Tone(StrEnum):
    """What a cell's colour stands for; the cell says the same in a word or a sign."""

    ADD = "add"
    UPDATE = "update"
    REMOVE = "remove"
    HELD = "held"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column. Widths are in cells.

    ``width`` is what it likes to have and ``minimum`` what it can be squeezed to (0: it keeps
    ``width``). ``grow`` is its share of what is left over. Where there is too little, columns
    go, the highest ``drop`` first; those with ``drop`` 0 never go.
    """

    title: str
    cell: Callable[[Row], str]
    width: int
    minimum: int = 0
    grow: int = 0
    drop: int = 0
    right: bool = False
    tone: Callable[[Row], Tone | None] | None = None

    @property
    def least(self) -> int:
        """The width below which the column is of no use."""
        return self.minimum or self.width


@dataclass(frozen=True, slots=True)
class Placed(Generic[Row]):
    """A column that is shown, and how wide."""

    column: Column[Row]
    width: int


def place(columns: Sequence[Column[Row]], available: int) -> list[Placed[Row]]:
    """The columns that are shown in ``available`` cells, in order, with their widths.

    Columns are dropped until the least widths fit, then squeezed in proportion, or what is left
    over goes to those that grow. Where even the undroppable do not fit, they keep their least
    widths and the table is wider than the screen.
    """
    shown = list(columns)
    while _total([c.least for c in shown]) > available and any(c.drop for c in shown):
        shown.remove(max(shown, key=lambda column: column.drop))
    wanted = [column.width for column in shown]
    spare = available - _total(wanted)
    widths = _squeeze(shown, -spare) if spare < 0 else _widen(shown, spare)
    return [Placed(column, width) for column, width in zip(shown, widths, strict=True)]


def place_all(columns: Sequence[Column[Row]], available: int) -> list[Placed[Row]]:
    """Every column in the width it likes, however wide that makes the table."""
    spare = max(0, available - _total([column.width for column in columns]))
    widths = _widen(columns, spare)
    return [Placed(column, width) for column, width in zip(columns, widths, strict=True)]


def total_width(placed: Sequence[Placed[Row]]) -> int:
    """The cells that the placed columns and the gaps between them take."""
    return _total([p.width for p in placed])


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * max(0, len(widths) - 1)


def _squeeze(columns: Sequence[Column[Row]], missing: int) -> list[int]:
    slack = [column.width - column.least for column in columns]
    missing = min(missing, sum(slack))
    taken = _share(missing, slack)
    return [column.width - cut for column, cut in zip(columns, taken, strict=True)]


def _widen(columns: Sequence[Column[Row]], spare: int) -> list[int]:
    given = _share(spare, [column.grow for column in columns])
    return [column.width + more for column, more in zip(columns, given, strict=True)]


def _share(amount: int, weights: Sequence[int]) -> list[int]:
    """``amount`` split in proportion to ``weights``, in whole cells that add up to it."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    edges = [0]
    for weight in weights:
        edges.append(edges[-1] + weight)
    points = [amount * edge // whole for edge in edges]
    return [end - start for start, end in pairwise(points)]
