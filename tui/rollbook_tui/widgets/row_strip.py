"""The lines that a table of records draws, in as few style runs as the row allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from rollbook_tui.widgets.cell_text import fit
from rollbook_tui.widgets.record_columns import GAP, Placed, Row, Tone

GUTTER = 2
"""Cells before the first column, for the mark."""

MARK = "●"


def header_strip(placed: Sequence[Placed[Row]], width: int, style: Style) -> Strip:
    """The titles of the columns, in one run of ``width`` cells or more."""
    titles = [fit(p.column.title, p.width, right=p.column.right) for p in placed]
    return _strip([(" " * GUTTER + (" " * GAP).join(titles), style)], width, style)


def message_strip(text: str, width: int, style: Style) -> Strip:
    """One line of a message that stands where rows would be."""
    return _strip([(" " * GUTTER + fit(text, max(0, width - GUTTER)), style)], width, style)


def row_strip(
    placed: Sequence[Placed[Row]],
    row: Row,
    width: int,
    style: Style,
    tones: Mapping[Tone, Style],
    *,
    marked: bool,
) -> Strip:
    """One row. Cells that have a tone are drawn in it; ``tones`` is empty on the cursor's row."""
    parts: list[tuple[str, Style]] = [(f"{MARK if marked else ' '} ", style)]
    for position, p in enumerate(placed):
        column = p.column
        if position:
            parts.append((" " * GAP, style))
        tone = column.tone(row) if column.tone and tones else None
        cell = fit(column.cell(row), p.width, right=column.right)
        parts.append((cell, style if tone is None else style + tones[tone]))
    return _strip(parts, width, style)


def _strip(parts: Iterable[tuple[str, Style]], width: int, style: Style) -> Strip:
    """The parts filled up to ``width``, with neighbours of one style joined into one run."""
    runs: list[tuple[list[str], Style]] = []
    length = 0
    for text, part_style in parts:
        length += cell_len(text)
        _append(runs, text, part_style)
    if length < width:
        _append(runs, " " * (width - length), style)
    segments = [Segment("".join(texts), run_style) for texts, run_style in runs]
    return Strip(segments, max(length, width))


def _append(runs: list[tuple[list[str], Style]], text: str, style: Style) -> None:
    if runs and runs[-1][1] == style:
        runs[-1][0].append(text)
    else:
        runs.append(([text], style))
