"""Dates and numbers as exports write them, to be written as OneRoster does."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_PARTS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d{2})",
    "MM": r"(?P<month>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{2})",
    "D": r"(?P<day>\d{1,2})",
}
_PART = re.compile("YYYY|YY|MM|M|DD|D")
_MIDNIGHT = r"(?:[ T]0?0:00(?::00(?:\.0+)?)?(?:Z| ?AM)?)?"
_CENTURY = 2000


def date_pattern(form: str) -> re.Pattern[str]:
    """What matches a date of a form such as ``MM/DD/YYYY`` or ``D.M.YY``, with midnight or not.

    Two digits of a year are of this century. Raises ``ValueError`` for a form that lacks a part.
    """
    found = _PART.findall(form)
    if sorted(part[0] for part in found) != ["D", "M", "Y"]:
        raise ValueError(f"{form!r} is no form of a date: write it like MM/DD/YYYY")
    pieces = [_PARTS.get(piece, re.escape(piece)) for piece in _pieces(form)]
    return re.compile("".join(pieces) + _MIDNIGHT, re.ASCII)


def dates(forms: Sequence[str]) -> Callable[[str], str]:
    """Writes a date of the first form that fits as ``YYYY-MM-DD``, and anything else as it is."""
    patterns = [date_pattern(form) for form in forms]

    def write(text: str) -> str:
        for pattern in patterns:
            if found := pattern.fullmatch(text):
                parts = found.groupdict()
                year = parts.get("year") or str(_CENTURY + int(parts["short"]))
                return f"{year}-{int(parts['month']):02}-{int(parts['day']):02}"
        return text

    return write


def school_years(month: int) -> Callable[[str], str]:
    """Writes a date as the year in which its school year ends, which begins in a month (1 to 12);
    anything else as it is."""
    pattern = re.compile(r"(\d{4})-(\d\d)-\d\d", re.ASCII)

    def write(text: str) -> str:
        found = pattern.fullmatch(text)
        return str(int(found[1]) + (int(found[2]) >= month)) if found else text

    return write


def numbers(decimal: str) -> Callable[[str], str]:
    """Writes a number without thousands signs and empty decimals, and anything else as it is."""
    thousands = "," if decimal == "." else "."
    whole = rf"\d+|\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+"
    pattern = re.compile(rf"(-?)({whole})(?:{re.escape(decimal)}(\d*))?", re.ASCII)

    def write(text: str) -> str:
        found = pattern.fullmatch(text)
        if found is None:
            return text
        decimals = (found[3] or "").rstrip("0")
        digits = found[2].replace(thousands, "")
        return f"{found[1]}{digits}" + (f".{decimals}" if decimals else "")

    return write


def _pieces(form: str) -> list[str]:
    return [piece for piece in re.split(f"({_PART.pattern})", form) if piece]
