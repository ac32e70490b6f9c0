"""Cells that hold a date or a school year."""

from __future__ import annotations

import re
from datetime import date

from rollbook.roster.records import Value
from rollbook.sources.oneroster_csv.cells import BadCell, Known, Place, Reader

_OLDEST_YEAR = 1900
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?(Z|[+-]00:?00)?", re.ASCII).fullmatch
_YEAR = re.compile(r"(19|20|21)\d\d", re.ASCII).fullmatch
_YEARS = re.compile(r"((?:19|20|21)\d\d) ?[-/\u2013] ?(\d{4}|\d\d)", re.ASCII).fullmatch


def date_reader(place: Place) -> Reader:
    """A day as ``YYYY-MM-DD``, the calendar's, from 1900 on; midnight beside it is left off."""
    known: Known = {}

    def read(cell: str, line: int) -> Value:
        text = place.filled(cell, line)
        if text is None:
            return None
        day, rest = text[:10], text[10:]
        if not _DATE(day) or (rest and not _MIDNIGHT(rest)):
            raise BadCell(
                "bad-date",
                f"{place.column.header} is not a date as OneRoster writes it.",
                "Have the export write dates as YYYY-MM-DD, such as 2026-08-31.",
            )
        if not _on_calendar(day):
            raise BadCell(
                "bad-date",
                f"{place.column.header} is no day of the calendar from {_OLDEST_YEAR} on.",
                "Correct the date in the source.",
            )
        if rest:
            place.note("date-with-time", line)
        elif text == cell:
            known[cell] = day
        return day

    return known, read


def year_reader(place: Place) -> Reader:
    """A school year as the calendar year in which it ends; ``2025-2026`` is ``2026``."""
    known: Known = {}

    def read(cell: str, line: int) -> Value:
        text = place.filled(cell, line)
        if text is None:
            return None
        if _YEAR(text):
            if text == cell:
                known[cell] = text
            return text
        if years := _YEARS(text):
            ends = str(int(years[1]) + 1)
            if ends.endswith(years[2]):
                place.note("school-year", line)
                return ends
        raise BadCell(
            "bad-value",
            f"{place.column.header} is not a school year.",
            "Have the export write the year in which it ends: 2026 for 2025-2026.",
        )

    return known, read


def _on_calendar(day: str) -> bool:
    try:
        return date.fromisoformat(day).year >= _OLDEST_YEAR
    except ValueError:
        return False
