"""How a row is read: which cell fills which field, and by which reader."""

from __future__ import annotations

from collections.abc import Callable

from rollbook.sources.oneroster_csv.cells import (
    CellReader,
    Known,
    Place,
    Reader,
    flag_reader,
    id_reader,
    ids_reader,
    list_reader,
    text_reader,
    user_ids_reader,
    word_reader,
)
from rollbook.sources.oneroster_csv.collected import Findings
from rollbook.sources.oneroster_csv.dates import date_reader, year_reader
from rollbook.sources.oneroster_csv.header import Matched
from rollbook.sources.oneroster_csv.layouts import Cell, Column, Layout, Need

Step = tuple[int, str, bool, Known, CellReader, Column]
"""Where the cell stands, the field, whether it may be blank, what is known, the reader, the column.

A bare tuple, for it is taken apart for every cell of every row.
"""

_READERS: dict[Cell, Callable[[Place], Reader]] = {
    Cell.TEXT: text_reader,
    Cell.ID: id_reader,
    Cell.IDS: ids_reader,
    Cell.LIST: list_reader,
    Cell.USER_IDS: user_ids_reader,
    Cell.FLAG: flag_reader,
    Cell.DATE: date_reader,
    Cell.WORD: word_reader,
    Cell.YEAR: year_reader,
}


def plan_row(
    matched: Matched, layout: Layout, file: str, findings: Findings, ids: Known
) -> list[Step]:
    """A step for each column that the file has."""
    steps: list[Step] = []
    for at, column in matched.columns:
        place = Place(column, file, layout.kind, findings, ids)
        known, read = _READERS[column.cell](place)
        steps.append((at, column.field, column.need is Need.OPTIONAL, known, read, column))
    return steps
