"""Academic sessions, with their dates and years read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rollbook.roster.records import Value, text

_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True, slots=True)
class Session:
    """An academic session; ``ends`` is the first day after it, as OneRoster has it.

    ``school_year`` is the calendar year in which its school year ends, as the source says.
    """

    id: str
    title: str
    type: str
    school_year: int | None
    starts: date
    ends: date

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.ends - timedelta(days=1)

    @property
    def is_plausible(self) -> bool:
        """Whether the school year that it names is one that its dates can be in."""
        if self.school_year is None:
            return True
        late = self.ends.month >= 7
        return self.school_year in (self.ends.year, self.ends.year + late)

    @property
    def is_summer(self) -> bool:
        """Whether it is a term of the summer, outside the year that it is counted in."""
        return (
            (self.starts.month, self.starts.day) >= (5, 15)
            and (self.ends.month, self.ends.day) <= (9, 1)
            and self.starts.year == self.ends.year
        )


def session(session_id: str, values: Mapping[str, Value]) -> Session | None:
    """The session in a record; ``None`` for one without both its dates."""
    starts, ends = text(values, "start_date"), text(values, "end_date")
    if not starts or not ends:
        return None
    return Session(
        id=session_id,
        title=text(values, "title") or "",
        type=text(values, "type") or "",
        school_year=_year(text(values, "school_year") or ""),
        starts=date.fromisoformat(starts),
        ends=date.fromisoformat(ends),
    )


def _year(written: str) -> int | None:
    """The last year that is named: ``2027`` and ``2026-2027`` are one."""
    years = _YEAR.findall(written)
    return int(years[-1]) if years else None
