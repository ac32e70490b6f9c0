"""A small district with a short history, made by the real engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from rollbook.demo.damage import blank_cell
from rollbook.demo.days import drop_students, next_day
from rollbook.demo.doubles import duplicate_students
from rollbook.demo.founding import make_district
from rollbook.demo.write import write_oneroster
from rollbook.desk.decisions import approve, holds
from rollbook.desk.desk import Desk, open_desk
from rollbook.desk.districts import add_district
from rollbook.desk.people import duplicates, merge
from rollbook.desk.syncing import sync

ID = "northfield"
FIRST_RUN, MERGE_RUN, HELD_RUN = "northfield.1", "northfield.2", "northfield.3"
HOLD = "northfield.3.h1"
MERGE = "northfield.m1"


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def open_at(home: Path, moment: datetime, *, read_only: bool = False) -> Desk:
    """Dana's desk in that home at a moment."""
    return open_desk(home, operator="dana.kim", clock=Clock(moment), read_only=read_only)


MONDAY = datetime(2026, 10, 5, 14, 30, tzinfo=UTC)
FRIDAY = MONDAY + timedelta(days=4)


def tell(home: Path) -> None:
    """A first sync, a merge, and a file in which a quarter of a school's students is missing.

    Two pairs of doubles are left, and one row of the last file is set aside.
    """
    desk = open_at(home, MONDAY)
    district = make_district(
        7, "Northfield Public Schools", schools=3, students=180, first_day=date(2026, 8, 17)
    )
    district = duplicate_students(district, 3)
    drop = write_oneroster(district, home / "drop")
    add_district(desk, ID, name=district.name, timezone="America/Chicago", path=drop)
    sync(desk, ID)
    for hold in holds(desk, ID):
        approve(desk, hold.id, confirm=hold.count, reason="First sync, looked through.")
    pair = duplicates(desk, ID)[0]
    merge(desk, ID, pair.a, pair.b, reason="Entered twice by two offices.")
    desk.close()
    desk = open_at(home, FRIDAY)
    later = next_day(district, days=4, arrivals=6)
    write_oneroster(drop_students(later, later.schools[0].name, 0.25), drop)
    blank_cell(drop, row=41)
    sync(desk, ID)
    desk.close()
