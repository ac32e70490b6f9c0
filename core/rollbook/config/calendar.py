"""``[calendar]`` of a district's file: what the district itself says of its school years."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

LONGEST_YEAR = timedelta(days=400)
"""A school year that is longer has a wrong date in it."""

_YEAR = re.compile(r"20\d\d")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Term(_Table):
    """A term: its first and its last day."""

    name: str = Field(min_length=1, max_length=100)
    first_day: date
    last_day: date


class CalendarYear(_Table):
    """One school year: its first and last day of school, and when the SIS may roll up.

    ``roll_up_from`` and ``roll_up_to`` are the first and the last day on which students may be
    promoted into the year after; without them it is about the summer.
    """

    first_day: date
    last_day: date
    roll_up_from: date | None = None
    roll_up_to: date | None = None
    terms: tuple[Term, ...] = ()

    @model_validator(mode="after")
    def _days_are_in_order(self) -> CalendarYear:
        if self.last_day <= self.first_day:
            raise ValueError(f"ends ({self.last_day}) before it begins ({self.first_day})")
        if self.last_day - self.first_day > LONGEST_YEAR:
            raise ValueError(f"from {self.first_day} to {self.last_day} is longer than a year")
        opens, closes = self.roll_up_from, self.roll_up_to
        if opens is not None and closes is not None and closes < opens:
            raise ValueError(f"roll_up_to ({closes}) is before roll_up_from ({opens})")
        for term in self.terms:
            if not self.first_day <= term.first_day < term.last_day <= self.last_day:
                raise ValueError(f"term {term.name!r} is not within the year, or ends too early")
        return self


class Blackout(_Table):
    """Days, both included, on which the district wants no sync."""

    name: str = Field(default="", max_length=100)
    starts: date
    ends: date

    @model_validator(mode="after")
    def _days_are_in_order(self) -> Blackout:
        if self.ends < self.starts:
            raise ValueError(f"ends ({self.ends}) before it starts ({self.starts})")
        return self


class Calendar(_Table):
    """The district's calendar; ``years`` by the calendar year in which each ends (``2027``)."""

    years: dict[str, CalendarYear] = {}
    blackouts: tuple[Blackout, ...] = ()

    @field_validator("years")
    @classmethod
    def _years_are_named_by_their_end(
        cls, value: dict[str, CalendarYear]
    ) -> dict[str, CalendarYear]:
        for name, year in value.items():
            if not _YEAR.fullmatch(name) or year.last_day.year != int(name):
                raise ValueError(
                    f"{name!r} ends on {year.last_day}: a school year is called by the year in "
                    f"which it ends, {year.last_day.year}"
                )
        ordered = [value[name] for name in sorted(value)]
        for one, two in pairwise(ordered):
            if two.first_day <= one.last_day:
                raise ValueError(f"one year begins on {two.first_day}, before another has ended")
        return value

    def blackout_on(self, day: date) -> Blackout | None:
        """The blackout that a day falls into."""
        return next((b for b in self.blackouts if b.starts <= day <= b.ends), None)
