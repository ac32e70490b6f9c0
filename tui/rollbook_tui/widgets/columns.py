"""Lines in columns that give way in a set order where there is little room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textual.content import Content

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A column. The higher its ``rank``, the sooner it gives way; rank 0 stays.

    ``width`` is its width in cells; a column that ``grows`` has it for a minimum, and takes what
    the others leave.
    """

    heading: str
    cell: Callable[[T], Content]
    width: int
    rank: int = 0
    right: bool = False
    grows: bool = False


Placed = tuple[tuple[Column[T], int], ...]
"""The columns that are shown, and how wide."""


def place(columns: Sequence[Column[T]], width: int, gap: int = 1) -> Placed[T]:
    """The columns that fit into ``width`` cells with ``gap`` between them."""
    shown = list(columns)
    while len(shown) > 1 and _needed(shown, gap) > width:
        last = max(shown, key=lambda column: column.rank)
        if last.rank == 0:
            break
        shown.remove(last)
    left = max(0, width - _needed(shown, gap))
    growing = sum(column.grows for column in shown)
    placed: list[tuple[Column[T], int]] = []
    for column in shown:
        extra = 0
        if column.grows:
            extra = left // growing
            left -= extra
            growing -= 1
        placed.append((column, column.width + extra))
    return tuple(placed)


def line(row: T, placed: Placed[T], gap: int = 1) -> Content:
    """A row in its columns; what is too long ends in an ellipsis."""
    return Content(" " * gap).join(_fit(column.cell(row), column, wide) for column, wide in placed)


def headings(placed: Placed[T], gap: int = 1) -> Content:
    """The headings of the columns."""
    return Content(" " * gap).join(
        _fit(Content.styled(column.heading, "$muted"), column, wide) for column, wide in placed
    )


def _fit(cell: Content, column: Column[T], width: int) -> Content:
    if cell.cell_length > width:
        return cell.truncate(width, ellipsis=True)
    room = width - cell.cell_length
    return cell.pad_left(room) if column.right else cell.pad_right(room)


def _needed(columns: Sequence[Column[T]], gap: int) -> int:
    return sum(column.width for column in columns) + gap * (len(columns) - 1)
