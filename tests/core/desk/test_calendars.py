"""A school calendar is taken over into the district's file, or refused in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.scene import NORTH, Scene
from rollbook.config.home import find_district
from rollbook.desk import auditing, calendars
from rollbook.errors import ConfigInvalid, NotPermitted

EVENTS = (
    "SUMMARY:First day of school\r\nDTSTART;VALUE=DATE:20250818",
    "SUMMARY:Last day of school\r\nDTSTART;VALUE=DATE:20260605",
    "SUMMARY:End of 1st semester\r\nDTSTART;VALUE=DATE:20251219",
    "SUMMARY:Spring break\r\nDTSTART;VALUE=DATE:20260316\r\nRRULE:FREQ=SECONDLY",
    "SUMMARY:No sync during testing\r\nDTSTART;VALUE=DATE:20260420\r\nDTEND;VALUE=DATE:20260425",
    "SUMMARY:Blackout\r\nDTSTART;VALUE=DATE:20260501\r\nRRULE:FREQ=WEEKLY;COUNT=2",
)


def ical(folder: Path, *events: str) -> Path:
    found = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}\r\n{e}\r\nEND:VEVENT\r\n" for n, e in enumerate(events)
    )
    path = folder / "school.ics"
    path.write_text(
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//school//\r\n{found}END:VCALENDAR\r\n"
    )
    return path


def test_a_calendar_goes_into_the_file_and_leaves_the_rest(scene: Scene, tmp_path: Path) -> None:
    path = scene.desk.home.district_file(NORTH)
    path.write_text("# ours\n" + path.read_text())
    file = ical(tmp_path, *EVENTS)
    seen = calendars.import_calendar(scene.desk, NORTH, file, write=False)
    assert (seen.written, path.read_text().count("calendar")) == (False, 0)
    done = calendars.import_calendar(scene.desk, NORTH, file)
    assert done.written
    [year] = done.years
    assert (year.words, year.first_day, year.new) == ("2025-26", date(2025, 8, 18), True)
    assert [term.name for term in year.terms] == ["1st semester"]
    assert path.read_text().startswith("# ours\n")
    calendar = find_district(scene.desk.home, NORTH).calendar
    assert calendar.years["2026"].last_day == date(2026, 6, 5)
    assert [(b.starts.day, b.ends.day) for b in calendar.blackouts] == [(20, 24), (1, 1), (8, 8)]
    assert "calendar.imported" in [e.event for e in auditing.audit(scene.desk, NORTH)]
    again = calendars.import_calendar(scene.desk, NORTH, file)
    assert (again.written, again.years[0].new) == (False, False)


def test_days_of_the_roll_up_that_a_person_wrote_stay(scene: Scene, tmp_path: Path) -> None:
    days = {"first_day": "2025-08-11", "last_day": "2026-06-01", "roll_up_from": "2026-06-20"}
    scene.configure(calendar={"years": {"2026": days}})
    calendars.import_calendar(scene.desk, NORTH, ical(tmp_path, *EVENTS[:2]))
    year = find_district(scene.desk.home, NORTH).calendar.years["2026"]
    assert (year.first_day, year.roll_up_from) == (date(2025, 8, 18), date(2026, 6, 20))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is no iCalendar file"),
        (b"\x00\xff\xfe", "is no iCalendar file"),
        (b"first,last\n2026,2027\n", "is no iCalendar file"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "is no iCalendar file"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", "no event says 'first day of school'"),
        (
            b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;TZID=America:20260817T080000\n"
            b"END:VEVENT\nEND:VCALENDAR\n",
            "is no iCalendar file",
        ),
        (b" " * 5_000_001, "is larger than 5 MB"),
        (None, "cannot be read: No such file"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused(
    scene: Scene, tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "bad.ics"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigInvalid, match=said):
        calendars.import_calendar(scene.desk, NORTH, path)


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([EVENTS[0] + "\r\nRRULE:FREQ=SECONDLY"], "repeats secondly"),
        ([EVENTS[0] + "\r\nRRULE:FREQ=0000Z"], "a date or a rule in it cannot be read"),
        ([EVENTS[0] + f"\r\nRRULE:FREQ=DAILY;COUNT={n}" for n in range(1, 60)], "59 repeating"),
        (["SUMMARY:First day of school\r\nDTSTART:yesterday"], "cannot be read"),
        (["SUMMARY:First day of school"], "cannot be read"),
    ],
)
def test_events_that_would_keep_us_busy_or_make_no_sense_are_refused(
    scene: Scene, tmp_path: Path, events: list[str], said: str
) -> None:
    with pytest.raises(ConfigInvalid, match=said):
        calendars.import_calendar(scene.desk, NORTH, ical(tmp_path, *events))


def test_a_viewer_may_only_look(scene: Scene, tmp_path: Path) -> None:
    desk = scene.at("ann", read_only=True)
    file = ical(tmp_path, *EVENTS)
    assert calendars.import_calendar(desk, NORTH, file, write=False).years
    with pytest.raises(NotPermitted):
        calendars.import_calendar(desk, NORTH, file)
