"""Stretches of days drawn beside each other over the months of a year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from textual.content import Content

from rollbook_tui.untrusted import drawable

LABEL = 10
LEAST = 26
"""Cells below which months are no longer told apart."""


SHORT = 4
"""A name is not drawn where fewer letters of it would fit."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days, both included; ``ends`` is ``None`` for what has no end yet."""

    starts: date
    ends: date | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """What stands in one line: its stretches, the sign that fills them, and their style."""

    label: str
    stretches: Sequence[Stretch]
    fill: str
    style: str


@dataclass(frozen=True, slots=True)
class Span:
    """The days from the first on, ``days`` of them, in ``cells`` cells."""

    first: date
    days: int
    cells: int

    def cell(self, day: date) -> int:
        """The cell of a day; below 0 or past the last one outside."""
        return (day - self.first).days * self.cells // self.days


def span_of(first: date, last: date, width: int) -> Span | None:
    """The whole months from ``first`` to ``last`` in ``width`` cells; ``None`` for too few."""
    cells = width - LABEL
    if cells < LEAST:
        return None
    begins = first.replace(day=1)
    return Span(begins, (_next_month(last) - begins).days, cells)


def timeline(tracks: Sequence[Track], span: Span, today: date) -> Iterator[Content]:
    """The months, then a line for each track that has something in it; today is marked below."""
    yield _labelled("", Content.styled(_months(span), "$muted"))
    for track in tracks:
        shown = [s for s in track.stretches if _cells(s, span)]
        if shown:
            yield _labelled(track.label, _drawn(track, shown, span))
    at = span.cell(today)
    if 0 <= at < span.cells:
        words = "▲ today" if at + 7 <= span.cells else "today ▲"
        start = at if words.startswith("▲") else at - len(words) + 1
        yield _labelled("", Content.styled(" " * start + words, "bold $primary"))


def _drawn(track: Track, stretches: Sequence[Stretch], span: Span) -> Content:
    line = [" "] * span.cells
    placed = [(_cells(stretch, span), drawable(stretch.name)) for stretch in stretches]
    begins = {cells.start for cells, _ in placed}
    for cells, name in placed:
        # A cell in which the next one begins is the next one's.
        room = len(cells) - (len(cells) > 1 and cells.stop - 1 in begins)
        if room <= min(len(name), SHORT):
            name = ""
        elif room <= len(name):
            name = f"{name[: room - 2]}…"
        for place, cell in enumerate(cells):
            line[cell] = name[place] if place < len(name) else track.fill
    return Content.styled("".join(line), track.style)


def _cells(stretch: Stretch, span: Span) -> range:
    first = max(0, span.cell(stretch.starts))
    last = span.cells - 1 if stretch.ends is None else min(span.cells - 1, span.cell(stretch.ends))
    return range(first, last + 1)


def _months(span: Span) -> str:
    line = [" "] * span.cells
    month, free = span.first, 0
    while (at := span.cell(month)) < span.cells:
        if at >= free:
            for place, letter in enumerate(f"{month:%b}"[: span.cells - at]):
                line[at + place] = letter
            free = at + 4
        month = _next_month(month)
    return "".join(line)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _labelled(label: str, line: Content) -> Content:
    return Content.assemble((label.ljust(LABEL), "$muted"), line.rstrip())
