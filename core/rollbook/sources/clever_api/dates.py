"""Clever's dates as OneRoster's."""

from __future__ import annotations

import re

_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII).fullmatch
_BEGINS = re.compile(r"(\d{4})-(\d\d)-\d\d", re.ASCII).match
_NEW_YEAR = 8
"""The month from which on a term that ends belongs to the school year that has begun."""


def iso_day(said: str) -> str:
    """``4/9/2012`` as ``2012-04-09``, the day of a time, and whatever else as it stands."""
    if found := _AMERICAN(said):
        month, day, year = found.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    if found := _BEGINS(said):
        return found[0]
    return said


def school_year(ends: str) -> str:
    """The school year, by the year in which it ends, of a term that ends on a day: one that ends in
    the autumn belongs to the year to come. Blank where there is no day."""
    found = _BEGINS(ends)
    if found is None:
        return ""
    return str(int(found[1]) + (int(found[2]) >= _NEW_YEAR))
