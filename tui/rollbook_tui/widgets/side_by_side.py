"""Pieces of text beside each other, each wrapped within its own column."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

GAP = 2


def side_by_side(cells: Sequence[Content], widths: Sequence[int]) -> list[Content]:
    """The lines that ``cells`` make when each is wrapped to its width."""
    columns = [
        cell.wrap(max(1, width)) or [Content("")] for cell, width in zip(cells, widths, strict=True)
    ]
    height = max(len(lines) for lines in columns)
    return [
        Content(" " * GAP).join(
            _filled(lines[row] if row < len(lines) else Content(""), width)
            for lines, width in zip(columns, widths, strict=True)
        )
        for row in range(height)
    ]


def labelled(label: str, text: Content, label_width: int, width: int) -> list[Content]:
    """``label`` on the left, dimmed, and ``text`` wrapped beside it."""
    rest = max(1, width - label_width - GAP)
    return side_by_side([Content.styled(label, "$muted"), text], [label_width, rest])


def _filled(line: Content, width: int) -> Content:
    line = line.rstrip()
    return line.pad_right(max(0, width - line.cell_length))
