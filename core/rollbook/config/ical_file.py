"""Reading an iCalendar file, within bounds: no rule in it may keep us busy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rollbook.config.school_events import Event, Wording
from rollbook.errors import ConfigInvalid

if TYPE_CHECKING:
    from icalendar import Calendar

MOST_BYTES = 5_000_000
MOST_REPEATING = 50
"""Repeating events that matter, above which a file is no school calendar."""

_DAILY_AT_MOST = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})

_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError, OSError)
"""What reading a damaged calendar may end in; a zone that is called as a folder of zones is, ends
in the last."""

YEARS = 3
"""Years around today in which events are looked for."""


def read_ical(path: Path, wording: Wording, today: date) -> list[Event]:
    """The events of a file that say something of the school year, around today.

    Raises ``ConfigInvalid`` with what is wrong with the file.
    """
    calendar = _parsed(path)
    try:
        import recurring_ical_events
    except ImportError:
        raise _not_installed() from None
    around = timedelta(days=366 * YEARS)
    try:
        _refuse_busy(path, calendar, wording)
        # What says nothing of the year is not expanded at all.
        calendar.subcomponents = list(_that_matter(calendar, wording))
        found = recurring_ical_events.of(calendar).between(today - around, today + around)
        return [_event(component) for component in found]
    except _UNREADABLE as error:
        raise ConfigInvalid(
            f"{path}: a date or a rule in it cannot be read ({type(error).__name__}).",
            remedy="Export the calendar again.",
        ) from None


def _parsed(path: Path) -> Calendar:
    try:
        from icalendar import Calendar
    except ImportError:
        raise _not_installed() from None
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigInvalid(
            f"{path}: cannot be read: {error.strerror}.", remedy="Name a file that is there."
        ) from None
    if len(content) > MOST_BYTES:
        raise ConfigInvalid(
            f"{path}: is larger than {MOST_BYTES // 1_000_000} MB, which no school calendar is.",
            remedy="Export the school calendar alone.",
        )
    with suppress(*_UNREADABLE):
        found = Calendar.from_ical(content)
        if isinstance(found, Calendar):
            return found
    raise ConfigInvalid(
        f"{path}: is no iCalendar file: it has to begin with BEGIN:VCALENDAR and to end as it "
        "should.",
        remedy="Export the calendar again, as iCalendar (.ics).",
    )


def _not_installed() -> ConfigInvalid:
    return ConfigInvalid(
        "reading calendars takes two more packages.",
        remedy="Install rollbook[calendar], or write [calendar] in the district's file.",
    )


def _that_matter(calendar: Calendar, wording: Wording) -> Iterator[Any]:
    for component in calendar.subcomponents:
        is_event = component.name == "VEVENT"
        if not is_event or wording.matters(str(component.get("SUMMARY", ""))):
            yield component


def _refuse_busy(path: Path, calendar: Calendar, wording: Wording) -> None:
    """Refuse rules that repeat by the hour, and more of them than any school has."""
    repeating = [c for c in _that_matter(calendar, wording) if c.get("RRULE") or c.get("RDATE")]
    rules = [rule for component in repeating for rule in _rules(component.get("RRULE"))]
    often = [str(f) for r in rules for f in r.get("FREQ", ()) if str(f) not in _DAILY_AT_MOST]
    if often or len(repeating) > MOST_REPEATING:
        what = f"repeats {often[0].lower()}" if often else f"has {len(repeating)} repeating events"
        raise ConfigInvalid(
            f"{path}: {what}; first and last days of school do not.",
            remedy="Export the school calendar alone.",
        )


def _rules(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _event(component: Any) -> Event:
    starts = component["DTSTART"].dt
    ends = component.get("DTEND")
    first = _day(starts)
    last = _day(ends.dt) if ends is not None else first
    if ends is not None and not isinstance(ends.dt, datetime):
        last -= timedelta(days=1)
    return Event(str(component.get("SUMMARY", "")), first, max(first, last))


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
