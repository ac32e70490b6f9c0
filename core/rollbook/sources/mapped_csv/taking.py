"""Which rows of a source file some rows of the normal set are made of, and how often each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rollbook.sources.mapped_csv.cell_spec import EACH, FIRST
from rollbook.sources.mapped_csv.cells import Cells, Make, Row, fitting
from rollbook.sources.mapped_csv.mapping import People, Records


class Taking:
    """Takes rows apart as ``each`` and ``split`` say, and leaves out those that do not fit."""

    def __init__(self, rows: Records | People) -> None:
        self._each, self._split = rows.each, rows.split
        self._fits = fitting(rows.needs, rows.when, rows.unless)

    def rows(self, row: Row) -> Iterator[Row]:
        """The row, once for each of its values where it is taken apart."""
        if not self._each:
            if self._fits(row):
                yield row
            return
        values = [row.get(column, "") for column in self._each]
        if self._split is not None:
            values = [part.strip() for part in values[0].split(self._split)]
        filled = [value for value in dict.fromkeys(values) if value]
        for place, value in enumerate(filled):
            one = {**row, EACH: value, FIRST: "true" if place == 0 else "false"}
            if self._fits(one):
                yield one


def makers(rows: Records | People, cells: Cells) -> dict[str, Make]:
    """What makes each column, without those that the source does not have."""
    found = {name: cells.maker(cell) for name, cell in rows.columns.items()}
    return {name: make for name, make in found.items() if make is not None}


def headers(file: str, rows: Records | People) -> Mapping[str, str]:
    """The source's names of the columns that are taken from just one, by file and column."""
    found: dict[str, str] = {}
    for name, cell in rows.columns.items():
        if cell.column is not None and cell.column not in (EACH, FIRST):
            found[f"{file}:{name}"] = cell.column
    return found
