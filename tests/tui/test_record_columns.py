"""How columns share the width of a table."""

from __future__ import annotations

import pytest

from rollbook_tui.widgets.record_columns import Column, place, place_all, total_width


def column(title: str, width: int, minimum: int = 0, grow: int = 0, drop: int = 0) -> Column[str]:
    return Column(title, str, width, minimum, grow, drop)


COLUMNS = (
    column("change", 8),
    column("kind", 12, drop=2),
    column("name", 24, 10, grow=2),
    column("school", 16, 8, grow=1, drop=1),
    column("id", 10, drop=3),
)


def widths(available: int) -> dict[str, int]:
    return {p.column.title: p.width for p in place(COLUMNS, available)}


def test_with_room_to_spare_the_growing_columns_share_it() -> None:
    assert widths(108) == {"change": 8, "kind": 12, "name": 44, "school": 26, "id": 10}


def test_with_too_little_room_the_elastic_columns_are_squeezed_first() -> None:
    assert widths(67) == {"change": 8, "kind": 12, "name": 17, "school": 12, "id": 10}


def test_then_columns_are_dropped_the_highest_first() -> None:
    assert list(widths(54)) == ["change", "kind", "name", "school"]
    assert list(widths(42)) == ["change", "name", "school"]
    assert list(widths(28)) == ["change", "name"]


def test_what_never_goes_keeps_its_least_width_and_overflows() -> None:
    assert widths(10) == {"change": 8, "name": 10}


@pytest.mark.parametrize("available", range(20, 140))
def test_the_width_is_used_to_the_last_cell_and_never_exceeded(available: int) -> None:
    assert total_width(place(COLUMNS, available)) == available


def test_in_full_every_column_has_the_width_it_likes() -> None:
    assert [p.width for p in place_all(COLUMNS, 10)] == [8, 12, 24, 16, 10]
    assert total_width(place_all(COLUMNS, 200)) == 200
