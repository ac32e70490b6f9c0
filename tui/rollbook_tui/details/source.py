"""A district's source: when it was read last, what came, and what was wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from textual.content import Content

from rollbook.desk.views import SourceHealth, SourceState
from rollbook_tui.details.blocks import fact
from rollbook_tui.times import ago, stamp, tight, until
from rollbook_tui.untrusted import drawable
from rollbook_tui.words import OVERDUE, SOURCES, Sign

_FAILED = frozenset({SourceState.REFUSED, SourceState.UNREACHABLE})


WORTH_TELLING = 1.0
"""Seconds that fetching takes before anybody asks."""


def source_age(source: SourceHealth | None, now: datetime) -> Content:
    """``✓3h``: the sign of a source and the age of its last pull, in six cells."""
    if source is None:
        return Content("")
    sign = _sign(source)
    age = tight(now - source.pulled_at) if source.pulled_at else "never"
    return Content.styled(f"{sign.mark}{age}", sign.style)


def source_words(source: SourceHealth | None) -> str:
    """The words that a filter such as ``source:overdue`` finds."""
    if source is None:
        return ""
    state = SOURCES[source.state].word.replace(" ", "-")
    return f"{state} source:{OVERDUE.word}" if source.overdue else state


def source_lines(source: SourceHealth | None, now: datetime, width: int) -> Iterable[Content]:
    """Where a roster comes from, and how old it is."""
    if source is None:
        return
    if source.overdue and source.expected_by is not None:
        yield Content.assemble(OVERDUE.both(), f": expected by {stamp(source.expected_by)}")
    yield fact("last read", _last_read(source, now), width)
    if source.new_at and source.pulled_at and source.new_at < source.pulled_at:
        yield fact("new data", ago(source.new_at, now), width)
    if source.next_at is not None:
        next_read = f"{until(source.next_at, now)}, {stamp(source.next_at)}"
        yield fact("next read", next_read, width)
    if source.state in _FAILED:
        sign = SOURCES[source.state]
        said = f" {ago(source.tried_at, now)}: {drawable(source.failure)}"
        yield fact("last try", Content.assemble(sign.both(), said), width)
    yield fact("type", source.type, width)
    yield fact("from", source.where, width)


def _last_read(source: SourceHealth, now: datetime) -> str:
    if source.pulled_at is None:
        return "never"
    parts = [ago(source.pulled_at, now)]
    if source.rows is not None:
        parts.append(f"{source.rows:,} rows")
    if source.seconds is not None and source.seconds >= WORTH_TELLING:
        parts.append(f"fetched in {source.seconds:.1f} s")
    return ", ".join(parts)


def _sign(source: SourceHealth) -> Sign:
    if source.state in _FAILED or not source.overdue:
        return SOURCES[source.state]
    return OVERDUE
