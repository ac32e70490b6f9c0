"""Tables and blocks: drawn on a terminal, plain aligned text anywhere else."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import click

from rollbook.cli.plain import visible

_NARROWEST = 16
"""Characters that a column which wraps has at least."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title and side; numbers stand on the right. ``wraps`` may break on a terminal."""

    title: str
    right: bool = False
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Styled:
    """A cell whose text also has a colour; the colour never says what the text does not."""

    text: str
    style: str


Cell = str | int | Styled


def drawn() -> bool:
    """Whether stdout is a terminal that can draw."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def coloured() -> bool:
    """Whether stdout may be given colours."""
    return drawn() and not os.environ.get("NO_COLOR")


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    """Print a table. Cells are untrusted text: nothing in them is markup or an escape."""
    body = [tuple(_styled(cell) for cell in row) for row in rows]
    gap = _gap(columns, body) if drawn() else None
    if gap is None:
        _align(columns, body)
    else:
        _draw(columns, body, gap)


def say(text: str = "") -> None:
    """Print a line of a result, wrapped on a terminal."""
    text = visible(text)
    click.echo(textwrap.fill(text, _width(), break_on_hyphens=False) if drawn() else text)


def note(text: str) -> None:
    """Tell something on stderr that is no part of the result."""
    click.echo(visible(text), err=True)


def print_block(rows: Iterable[tuple[str, str]], *, wrap: bool = True) -> None:
    """Print names and values, one under the other; a row without a value is left out.

    What is there to be copied is printed with ``wrap`` off, in one line whatever the terminal.
    """
    kept = [(name, visible(value)) for name, value in rows if value]
    indent = max((len(name) for name, _ in kept), default=0) + 4
    for name, value in kept:
        label = f"  {name:<{indent - 2}}"
        lines = textwrap.wrap(value, max(20, _width() - indent), break_on_hyphens=False)
        if not (wrap and drawn()):
            lines = [value]
        click.echo(label + f"\n{'':{indent}}".join(lines))


def _styled(cell: Cell) -> Styled:
    if isinstance(cell, Styled):
        return Styled(visible(cell.text), cell.style)
    return Styled(f"{cell:,}" if isinstance(cell, int) else visible(cell), "")


def _width() -> int:
    return min(shutil.get_terminal_size().columns, 100)


def _gap(columns: Sequence[Column], body: Sequence[Sequence[Styled]]) -> int | None:
    """Blanks between columns with which the table fits the terminal, or ``None``."""
    widths = _widths(columns, body)
    needed = sum(
        min(width, _NARROWEST) if column.wraps else width
        for column, width in zip(columns, widths, strict=True)
    )
    room = shutil.get_terminal_size().columns
    return next((gap for gap in (2, 1) if needed + gap * (len(columns) - 1) <= room), None)


def _draw(columns: Sequence[Column], body: Sequence[Sequence[Styled]], gap: int) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(
            Text(column.title),
            justify="right" if column.right else "left",
            overflow="fold",
            no_wrap=not column.wraps,
        )
    for row in body:
        table.add_row(*(Text(cell.text, style=cell.style) for cell in row))
    Console(markup=False, highlight=False, emoji=False).print(table)


def _align(columns: Sequence[Column], body: Sequence[Sequence[Styled]]) -> None:
    from rich.cells import cell_len

    widths = _widths(columns, body)
    for line in ([column.title for column in columns], *([c.text for c in row] for row in body)):
        cells = []
        for column, width, text in zip(columns, widths, line, strict=True):
            blanks = " " * (width - cell_len(text))
            cells.append(blanks + text if column.right else text + blanks)
        click.echo("  ".join(cells).rstrip())


def _widths(columns: Sequence[Column], body: Sequence[Sequence[Styled]]) -> list[int]:
    from rich.cells import cell_len

    return [
        max([cell_len(column.title), *(cell_len(row[at].text) for row in body)])
        for at, column in enumerate(columns)
    ]
