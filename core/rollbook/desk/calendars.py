"""A district's calendar: taking it over from an iCalendar file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollbook.config.calendar import Blackout, Calendar, CalendarYear
from rollbook.config.edited_file import edit_district
from rollbook.config.home import find_district
from rollbook.config.ical_file import read_ical
from rollbook.config.school_events import SchoolEvents, Wording, school_events
from rollbook.desk.desk import Desk
from rollbook.desk.season_views import BlackoutView, TermView
from rollbook.directory import audit
from rollbook.rollover.school_years import year_words
from rollbook.runs.lock import district_lock
from rollbook.runs.pauses import local_date

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


@dataclass(frozen=True, slots=True)
class ImportedYear:
    """A school year that a calendar has, as it goes into the district's file; ``new`` says that it
    was not there, or otherwise."""

    school_year: int
    words: str
    first_day: date
    last_day: date
    terms: tuple[TermView, ...]
    new: bool


@dataclass(frozen=True, slots=True)
class CalendarImport:
    """What was found in a calendar. ``notes`` say what was decided where it left a choice;
    ``written`` whether the district's file has it now."""

    district: str
    years: tuple[ImportedYear, ...]
    blackouts: tuple[BlackoutView, ...]
    notes: tuple[str, ...]
    written: bool


def import_calendar(
    desk: Desk,
    district_id: str,
    file: Path,
    *,
    first_day: Sequence[str] = (),
    last_day: Sequence[str] = (),
    blackout: Sequence[str] = (),
    write: bool = True,
) -> CalendarImport:
    """Take first and last days, terms and blackouts over into ``[calendar]`` of a district's file.

    ``first_day``, ``last_day`` and ``blackout`` are words by which this calendar's events are
    known, in the place of the usual ones. A year that is there already keeps its days for the
    roll-up. Without ``write`` it is only looked at. Raises ``ConfigInvalid``, ``NotFound``,
    ``NotPermitted`` and ``Busy``.
    """
    district = find_district(desk.home, district_id)
    usual = Wording()
    wording = Wording(
        first_day=tuple(first_day) or usual.first_day,
        last_day=tuple(last_day) or usual.last_day,
        blackout=tuple(blackout) or usual.blackout,
    )
    today = local_date(desk.clock(), district.timezone)
    found = school_events(read_ical(file, wording, today), wording)
    merged = _merged(district.calendar, found)
    if write and merged != district.calendar:
        _write(desk, district_id, merged)
    return _view(district_id, district.calendar, merged, found, write)


def _merged(kept: Calendar, found: SchoolEvents) -> Calendar:
    """The calendar with what was found in the place of what it says of the same years."""
    years = dict(kept.years)
    for name, year in found.years.items():
        before = years.get(name)
        if before is not None:
            year = year.model_copy(
                update={
                    "roll_up_from": before.roll_up_from,
                    "roll_up_to": before.roll_up_to,
                    "terms": year.terms or before.terms,
                }
            )
        years[name] = CalendarYear.model_validate(year.model_dump())
    blackouts = {(b.starts, b.ends): b for b in (*kept.blackouts, *found.blackouts)}
    ordered = [blackouts[days] for days in sorted(blackouts)]
    return Calendar(years=dict(sorted(years.items())), blackouts=tuple(ordered))


def _write(desk: Desk, district_id: str, calendar: Calendar) -> None:
    actor = desk.actor()

    def put(document: TOMLDocument) -> None:
        document["calendar"] = calendar.model_dump(mode="python", exclude_defaults=True)

    with district_lock(desk.store, desk.home.locks, district_id):
        with desk.store.write() as connection:
            body = calendar.model_dump(mode="json", exclude_defaults=True)
            audit.write(connection, actor, "calendar.imported", district=district_id, body=body)
        edit_district(desk.home, district_id, put)


def _view(
    district_id: str, before: Calendar, after: Calendar, found: SchoolEvents, written: bool
) -> CalendarImport:
    return CalendarImport(
        district=district_id,
        years=tuple(
            ImportedYear(
                int(name),
                year_words(int(name)),
                year.first_day,
                year.last_day,
                tuple(TermView(t.name, t.first_day, t.last_day) for t in year.terms),
                before.years.get(name) != year,
            )
            for name, year in after.years.items()
            if name in found.years
        ),
        blackouts=tuple(_blackout(b) for b in found.blackouts),
        notes=found.notes,
        written=written and before != after,
    )


def _blackout(blackout: Blackout) -> BlackoutView:
    return BlackoutView(blackout.name, blackout.starts, blackout.ends)
