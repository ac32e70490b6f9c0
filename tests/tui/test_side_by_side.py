"""Text in columns, each wrapped within its own."""

from __future__ import annotations

import pytest
from textual.content import Content

from rollbook_tui.widgets.side_by_side import labelled, side_by_side


def plain(lines: list[Content]) -> list[str]:
    return [line.plain.rstrip() for line in lines]


def test_cells_are_wrapped_within_their_columns() -> None:
    cells = [Content("field"), Content("one two three"), Content("x")]
    assert plain(side_by_side(cells, [6, 7, 4])) == ["field   one two  x", "        three"]


def test_an_empty_cell_keeps_its_place() -> None:
    assert plain(side_by_side([Content(""), Content("b")], [3, 3])) == ["     b"]


@pytest.mark.parametrize("width", [10, 14, 20, 40])
def test_a_label_and_its_text_stay_within_the_width(width: int) -> None:
    lines = labelled("label", Content("some words that are longer than a line 王小明"), 6, width)
    assert all(line.cell_length <= width for line in lines)
    assert "".join(plain(lines)).replace(" ", "").endswith("王小明")
