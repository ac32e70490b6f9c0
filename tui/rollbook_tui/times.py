"""Times as people say them, counted from the desk's own clock."""

from __future__ import annotations

from datetime import datetime, timedelta

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def span(length: timedelta) -> str:
    """The largest unit of a length of time: ``now``, ``12 min``, ``3 h``, ``2 d``, ``5 w``."""
    seconds = abs(int(length.total_seconds()))
    if seconds < _MINUTE:
        return "now"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} h"
    if seconds < 21 * _DAY:
        return f"{seconds // _DAY} d"
    return f"{seconds // (7 * _DAY)} w"


def tight(length: timedelta) -> str:
    """As ``span`` in at most five cells: ``now``, ``12min``, ``3h``, ``2d``, ``5w``."""
    return span(length).replace(" ", "")


def ago(moment: datetime | None, now: datetime) -> str:
    """``3 h ago``, or ``never``."""
    if moment is None:
        return "never"
    words = span(now - moment)
    return "just now" if words == "now" else f"{words} ago"


def until(moment: datetime, now: datetime) -> str:
    """``in 20 h``, or how long it is past: ``3 h ago``."""
    if moment <= now:
        return ago(moment, now)
    words = span(moment - now)
    return "in less than a minute" if words == "now" else f"in {words}"


def day_and_time(moment: datetime) -> str:
    """``Mon 17 Aug 09:30 UTC``, for a time within days; the caller hands it over in UTC."""
    return f"{moment:%a} {moment.day} {moment:%b %H:%M} UTC"


def stamp(moment: datetime) -> str:
    """``17 Aug 2026 09:30 UTC``; the caller hands over a time in UTC."""
    return f"{moment.day} {moment:%b %Y %H:%M} UTC"
