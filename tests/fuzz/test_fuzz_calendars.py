"""School calendars as programs write them, damaged: read, or told what is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import event, given
from hypothesis import strategies as st

from fuzz.budget import fuzzed, is_told
from fuzz.damage import Damaged, Edit, edits
from rollbook.config.ical_file import read_ical
from rollbook.config.school_events import Event, Wording
from rollbook.errors import ConfigInvalid

TODAY = date(2026, 9, 1)

_GOOD = "\r\n".join(
    (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//school//", "BEGIN:VEVENT", "UID:1"),
        *("SUMMARY:First day of school", "DTSTART;VALUE=DATE:20260817", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:2", "SUMMARY:Last day of school", "DTSTART:20270528T140000Z"),
        *("DTEND:20270528T150000Z", "END:VEVENT", "BEGIN:VEVENT", "UID:3", "SUMMARY:No sync"),
        *("DTSTART;TZID=America/Chicago:20261005T080000", "RRULE:FREQ=WEEKLY;COUNT=3"),
        *("EXDATE;TZID=America/Chicago:20261012T080000", "END:VEVENT", "END:VCALENDAR", ""),
    )
).encode()


def _read(content: bytes) -> list[Event] | None:
    with TemporaryDirectory() as place:
        path = Path(place) / "school.ics"
        path.write_bytes(content)
        try:
            return read_ical(path, Wording(), TODAY)
        except ConfigInvalid as error:
            is_told(error)
            told = error.message
    assert str(path) in told
    return None


@fuzzed(100)
@given(st.lists(edits, min_size=1, max_size=4))
def test_a_damaged_calendar_is_told(wounds: list[Edit]) -> None:
    damaged = Damaged(_GOOD)
    for edit in wounds:
        damaged.do(edit)
    found = _read(bytes(damaged.content))
    event("refused" if found is None else "read")
    for one in found or ():
        assert one.first_day <= one.last_day


def test_the_good_one_is_read() -> None:
    found = _read(_GOOD)
    assert found is not None
    assert sorted(one.first_day for one in found) == [
        *(date(2026, 8, 17), date(2026, 10, 5), date(2026, 10, 19), date(2027, 5, 28))
    ]


@fuzzed(100)
@given(st.binary(max_size=60), st.booleans())
def test_any_bytes_are_told(content: bytes, begun: bool) -> None:
    _read((b"BEGIN:VCALENDAR\r\n" if begun else b"") + content)
