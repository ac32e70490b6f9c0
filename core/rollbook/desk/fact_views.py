"""What is known of a student for a school year, and what a run makes of it, as it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rollbook.roster.student_facts import Entry, Topic

__all__ = ["FactsTold", "StudentFacts", "Topic"]


@dataclass(frozen=True, slots=True)
class StudentFacts:
    """Attendance or discipline of a student in the newest school year of which there is some.

    ``school_year`` is the calendar year in which it ends; ``label`` says it in words, and whether
    it is over. ``totals`` count days, periods or times by type, the most first; ``entries`` are the
    newest first.
    """

    topic: Topic
    school_year: str
    label: str
    is_over: bool
    totals: Mapping[str, float]
    entries: tuple[Entry, ...]

    @property
    def in_words(self) -> str:
        """``absent 7.5, tardy 3``."""
        return ", ".join(f"{name} {number:g}" for name, number in self.totals.items())


@dataclass(frozen=True, slots=True)
class FactsTold:
    """Students of whom a run has brought what is known up to date, and of whom it still waits."""

    applied: int = 0
    waiting: int = 0
