"""Of which school year each student's grade is once a changeset is in; graduation hangs on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.directory import grade_memory
from rollbook.rollover.grade_year import YearOfGrades
from rollbook.roster.grade_moves import Place
from rollbook.roster.records import Values, text
from rollbook.runs.school_year import year_of_grades


@dataclass(frozen=True, slots=True)
class Years:
    """The year of the grades, and whether the changeset itself moves it on."""

    grades: YearOfGrades
    moves_on: bool = False

    @property
    def basis(self) -> str:
        """The years as a part of what all accounts are derived from."""
        if (year := self.grades.everywhere) is not None:
            return str(year)
        return f"{self.grades.school_year}+{','.join(sorted(self.grades.rolled))}"

    def former(
        self, connection: Connection, district: str, people: Iterable[str]
    ) -> dict[str, Place | None]:
        """Where some people were last year, as far as it matters and is remembered."""
        if self.grades.everywhere is not None:
            return {}
        return grade_memory.former_places(connection, district, people)

    def of(self, was: Place | None, now: Values) -> int:
        """The year in which the school year ends that the grade of a student is of; ``was`` is
        where they were last year, ``now`` what their record will say."""
        if (year := self.grades.everywhere) is not None:
            return year
        return self.grades.of(was, text(now, "primary_org_id") or "")


def place_of(values: Values) -> Place:
    """The place that a student's record says."""
    grades = values.get("grades")
    written = ",".join(grades) if isinstance(grades, list) else ""
    return Place(text(values, "primary_org_id") or "", written)


def years_now(connection: Connection, district: District, today: date) -> Years:
    """The years as the directory is."""
    return Years(year_of_grades(connection, district, today))
