"""Cells are exactly as wide as they must be, whatever stands in them."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from rollbook_tui.widgets.cell_text import fit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ada",
        "Wolfeschlegelsteinhausen",
        "王小明",
        "王小明王小明王",
        "🎓 Ada 🎓",
        "👩‍👩‍👧 family name",
        "Zoe\u0308 e\u0301te\u0301",
        "[bold]Bob[/bold] [/x]",
        "\x1b[31mred\x1b[0m",
        "line\nbreak\ttab",
        "\u202eturned\u202c",
        "half \ud800 pair",
    ],
)
@pytest.mark.parametrize("width", [1, 2, 5, 9, 12])
def test_a_cell_has_its_width_and_nothing_that_moves_the_cursor(text: str, width: int) -> None:
    cell = fit(text, width)
    assert cell_len(cell) == width
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in cell)
    cell.encode()


def test_what_is_cut_off_is_said_to_be() -> None:
    assert fit("Northfield", 10) == "Northfield"
    assert fit("Northfield", 9) == "Northfie…"
    assert fit("王小明", 5) == "王小…"
    assert fit("王小明", 4) == "王… "


def test_numbers_stand_to_the_right() -> None:
    assert fit("12", 5, right=True) == "   12"


def test_markup_stays_what_it_is() -> None:
    assert fit("[red]Bob[/]", 12) == "[red]Bob[/] "


def test_a_cell_without_room_is_empty() -> None:
    assert fit("Ada", 0) == ""
