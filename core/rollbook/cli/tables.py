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


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title and side; numbers stand on the right."""

    title: str
    right: bool = False


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
    if drawn():
        _draw(columns, body)
    else:
        _align(columns, body)


def say(text: str = "") -> None:
    """Print a line of a result, wrapped on a terminal."""
    text = visible(text)
    click.echo(textwrap.fill(text, _width(), break_on_hyphens=False) if drawn() else text)


def note(text: str) -> None:
    """Tell something on stderr that is no part of the result."""
    click.echo(visible(text), err=True)


def print_block(rows: Iterable[tuple[str, str]]) -> None:
    """Print names and values, one under the other; a row without a value is left out."""
    kept = [(name, visible(value)) for name, value in rows if value]
    indent = max((len(name) for name, _ in kept), default=0) + 4
    for name, value in kept:
        label = f"  {name:<{indent - 2}}"
        lines = textwrap.wrap(value, max(20, _width() - indent), break_on_hyphens=False)
        if not drawn():
            lines = [value]
        click.echo(label + f"\n{'':{indent}}".join(lines))


def _styled(cell: Cell) -> Styled:
    if isinstance(cell, Styled):
        return Styled(visible(cell.text), cell.style)
    return Styled(f"{cell:,}" if isinstance(cell, int) else visible(cell), "")


def _width() -> int:
    return min(shutil.get_terminal_size().columns, 100)


def _draw(columns: Sequence[Column], body: Sequence[Sequence[Styled]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        side = "right" if column.right else "left"
        table.add_column(Text(column.title), justify=side, overflow="fold")  # type: ignore[arg-type]
    for row in body:
        table.add_row(*(Text(cell.text, style=cell.style) for cell in row))
    Console(markup=False, highlight=False, emoji=False).print(table)


def _align(columns: Sequence[Column], body: Sequence[Sequence[Styled]]) -> None:
    from rich.cells import cell_len

    lines = [[column.title for column in columns], *([cell.text for cell in row] for row in body)]
    widths = [max(cell_len(line[at]) for line in lines) for at in range(len(columns))]
    for line in lines:
        cells = []
        for column, width, text in zip(columns, widths, line, strict=True):
            gap = " " * (width - cell_len(text))
            cells.append(gap + text if column.right else text + gap)
        click.echo("  ".join(cells).rstrip())
