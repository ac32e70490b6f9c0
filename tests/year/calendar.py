"""When a school year begins and ends, its terms, and the days without school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Terms = Literal["semesters", "trimesters"]


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a school year; ``end`` is the first day after it."""

    id: str
    title: str
    type: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """A school year by the year that it ends in; ``last`` is its last day of school."""

    ends: int
    first: date
    last: date
    terms: tuple[Term, ...]

    @property
    def id(self) -> str:
        """The id of its session."""
        return f"y{self.ends}"

    @property
    def title(self) -> str:
        """Such as ``2025-2026``."""
        return f"{self.ends - 1}-{self.ends}"

    def term_on(self, day: date) -> Term:
        """The term that a day falls into; before the first one the first, after the last the
        last."""
        begun = [term for term in self.terms if term.start <= day]
        return begun[-1] if begun else self.terms[0]


_FIRST_DAY = date(2025, 8, 18)
_WEEKS = {"semesters": (0, 21, 42), "trimesters": (0, 12, 26, 42)}
_TERM_NAMES = {
    "semesters": ("Semester 1", "Semester 2"),
    "trimesters": ("Trimester 1", "Trimester 2", "Trimester 3"),
}


def school_year(ends: int, kind: Terms) -> SchoolYear:
    """The school year that ends in ``ends``: each begins 52 weeks after the one before."""
    first = _FIRST_DAY + timedelta(weeks=52 * (ends - 2026))
    last = first + timedelta(weeks=42, days=-3)
    bounds = [first + timedelta(weeks=week) for week in _WEEKS[kind]]
    bounds[-1] = last + timedelta(days=1)
    word = "semester" if kind == "semesters" else "term"
    terms = tuple(
        Term(f"y{ends}t{number}", f"{title} {ends - 1}-{ends % 100}", word, start, end)
        for number, (title, start, end) in enumerate(
            zip(_TERM_NAMES[kind], bounds, bounds[1:], strict=False), 1
        )
    )
    return SchoolYear(ends, first, last, terms)


def _days(first: str, last: str) -> set[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return {start + timedelta(days=n) for n in range((end - start).days + 1)}


HOLIDAYS = frozenset(
    _days("2025-09-01", "2025-09-01")
    | _days("2025-11-26", "2025-11-28")
    | _days("2025-12-22", "2026-01-02")
    | _days("2026-01-19", "2026-01-19")
    | _days("2026-02-16", "2026-02-16")
    | _days("2026-03-16", "2026-03-20")
    | _days("2026-05-25", "2026-05-25")
    | _days("2026-07-03", "2026-07-03")
    | _days("2026-09-07", "2026-09-07")
)


def is_working_day(day: date) -> bool:
    """Whether the school's office enters anything: on weekdays that are no holidays."""
    return day.weekday() < 5 and day not in HOLIDAYS
