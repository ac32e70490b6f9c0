"""Lists of what is good from one day to another: pauses and plans."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import click

from rollbook.cli.documents import emit, plain
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Cell, Column, note, print_table
from rollbook.cli.words import state

if TYPE_CHECKING:
    from rollbook.desk.desk import Desk

_View = TypeVar("_View")


@dataclass(frozen=True, slots=True)
class Span:
    """A line: its id, the word for how it stands, its days, what it is about and why."""

    id: str
    state: str
    starts: date
    ends: date | None
    what: str
    reason: str


def list_spans(
    ctx: click.Context,
    district_id: str | None,
    read: Callable[[Desk], Sequence[_View]],
    line: Callable[[_View], Span],
    *,
    titles: tuple[str, str],
    none: str,
) -> None:
    """Print what ``read`` finds of a district, or of all. ``titles`` are those of the id and of
    what it is about, ``none`` is said where there is nothing. Raises ``NotFound``."""
    from rollbook.desk.known_districts import expect_district

    with open_desk(ctx) as desk:
        found = read(desk)
        if not found:
            expect_district(desk, district_id)
    if settings(ctx).json:
        emit(plain(found))
        return
    if not found:
        note(none)
        return
    called, about = titles
    columns = [*map(Column, (called, "state", "from", "to")), Column(about, wraps=True)]
    print_table([*columns, Column("reason", wraps=True)], [_row(line(view)) for view in found])


def _row(span: Span) -> tuple[Cell, ...]:
    days = (span.starts.isoformat(), span.ends.isoformat() if span.ends else "-")
    return (span.id, state(span.state), *days, span.what, span.reason)
