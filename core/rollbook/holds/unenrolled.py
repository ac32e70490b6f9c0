"""A school that would be left with students of whom none is in a class."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Unenrolled:
    """A school whose students are in no class once all has gone in, the term that has begun or is
    near, and how many of their seats go; 0 where there were none before."""

    school: str
    students: int
    seats: int
    term: str
    starts: date

    def words(self, today: date, name: str) -> str:
        """What is the matter, in words."""
        begins = "has begun" if self.starts <= today else "begins"
        return (
            f"none of the {self.students:,} students of {name} would be in a class, and "
            f"{self.term or 'a term'} {begins} on {self.starts}"
        )
