"""The parts that the details are put together from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.content import Content

from rollbook.desk.views import Counts, Kind, Verb
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.columns import Column, Placed, headings, line, place
from rollbook_tui.words import VERBS, kind_word

FACT_WIDTH = 12
BAR_WIDTH = 20

Block = Sequence[Content]
"""Some lines that belong together; blocks are set apart by an empty line."""


def joined(blocks: Iterable[Block]) -> Content:
    """The blocks under each other; empty ones are left out."""
    return Content("\n\n").join(Content("\n").join(block) for block in blocks if block)


def section(title: str, lines: Iterable[Content]) -> Block:
    """Lines under a heading; nothing where there are no lines."""
    lines = list(lines)
    return [Content.styled(title, "bold $primary"), *lines] if lines else []


def paragraph(text: str, style: str = "$foreground") -> Content:
    """A paragraph of plain text."""
    return Content.styled(drawable(text), style)


def hanging(text: str, width: int, style: str = "$muted", by: int = 2) -> list[Content]:
    """A paragraph under the line before it, ``by`` cells further in."""
    wrapped = Content.styled(drawable(text), style).wrap(max(10, width - by))
    return [part.rstrip().pad_left(by) for part in wrapped]


def fact(label: str, value: str | Content, width: int) -> Content:
    """``students      41,200``; a long value goes on under its own beginning."""
    return Content("\n").join(fact_lines(label, value, width))


def fact_lines(label: str, value: str | Content, width: int) -> list[Content]:
    """As ``fact``, line by line."""
    text = Content(drawable(value)) if isinstance(value, str) else value
    first, *rest = text.wrap(max(10, width - FACT_WIDTH - 1)) or [Content("")]
    head = Content.assemble(Content.styled(label.ljust(FACT_WIDTH) + " ", "$muted"), first.rstrip())
    return [head, *(part.rstrip().pad_left(FACT_WIDTH + 1) for part in rest)]


def bar(part: float, whole: float, style: str, width: int = BAR_WIDTH) -> Content:
    """A bar that is filled to ``part`` of ``whole``; anything above nothing fills one cell."""
    share = min(1.0, part / whole) if whole else 0.0
    filled = max(int(share > 0), round(share * width))
    return Content.assemble(("━" * filled, style), ("─" * (width - filled), "$rule"))


CountRow = tuple[Content, Counts]
"""A line of a table of counts: what it is about, and the counts."""


def count_table(rows: Sequence[CountRow], width: int, heading: str = "") -> Block:
    """Counts in columns under their headings.

    Each number has its sign, so that a column is read without its colour.
    """
    if not rows:
        return []
    placed = count_columns([counts for _, counts in rows], width, heading)
    return [headings(placed), *count_lines(rows, placed)]


def count_lines(rows: Iterable[CountRow], placed: Placed[CountRow]) -> list[Content]:
    """The rows in columns that are laid out already, so that several tables agree."""
    return [line(row, placed) for row in rows]


def count_columns(every: Sequence[Counts], width: int, heading: str = "") -> Placed[CountRow]:
    """The columns for these counts; those for what is unknown, held or paused when needed."""
    columns: list[Column[CountRow]] = [
        Column(heading, lambda row: row[0], 9, rank=0, grows=True),
    ]
    for name, rank, sign, style in _COUNTS:
        counts = [getattr(count, name) for count in every]
        if name in _WHEN_NEEDED and not any(counts):
            continue
        widest = max((len(_number(count, sign)) for count in counts), default=1)
        columns.append(
            Column(
                name,
                lambda row, name=name, sign=sign, style=style: _cell(  # type: ignore[misc]
                    getattr(row[1], name), sign, style
                ),
                max(len(name), widest),
                rank=rank,
                right=True,
            )
        )
    return place(columns, width)


def kind_rows(counts: Mapping[Kind, Counts]) -> list[CountRow]:
    """A row of ``count_table`` for each kind of which there is anything."""
    return [(Content(kind_word(kind)), counts[kind]) for kind in Kind if kind in counts]


def verb_words(counts: Mapping[Verb, int]) -> Content:
    """``+ 112 add  ~ 318 update``; verbs without any are left out."""
    parts = [
        Content.styled(f"{VERBS[verb].mark} {count:,} {VERBS[verb].word}", VERBS[verb].style)
        for verb, count in counts.items()
        if count
    ]
    return Content("  ").join(parts)


_COUNTS: tuple[tuple[str, int, str, str], ...] = (
    ("before", 2, "", "$muted"),
    ("incoming", 3, "", "$foreground"),
    ("add", 0, "+", "$add"),
    ("update", 0, "~", "$update"),
    ("remove", 0, "-", "$remove"),
    ("unknown", 4, "?", "$muted"),
    ("held", 1, "!", "bold $held"),
    ("paused", 5, "=", "$paused"),
)

_WHEN_NEEDED = frozenset({"unknown", "held", "paused"})


def _number(count: int, sign: str) -> str:
    return f"{sign}{count:,}" if count else "·"


def _cell(count: int, sign: str, style: str) -> Content:
    return Content.styled(_number(count, sign), style if count else "$dimmed")
