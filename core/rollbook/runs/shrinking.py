"""How long a district's files are on most days, and which of them a plan lets be shorter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.directory import expected_plans, runs, snapshots
from rollbook.errors import InputRefused
from rollbook.rollover.expected_classes import OF_CLASSES
from rollbook.rollover.expected_plan import ClassFate
from rollbook.roster.kinds import Kind
from rollbook.runs.expected import plan_of
from rollbook.runs.school_year import school_years
from rollbook.snapshots.quality import SHRUNK


@dataclass(frozen=True, slots=True)
class UsualSizes:
    """Rows by file, and the kinds of which the plan in force announces that they are replaced."""

    rows: dict[str, float]
    announced: tuple[Kind, ...] = ()


def usual_sizes(connection: Connection, district: str, today: date) -> UsualSizes:
    """What R8 compares an input with. Under a plan for classes, that is no more than what was
    taken in last: a file that somebody has looked at once need not be looked at every night."""
    usual = snapshots.usual_rows(connection, district)
    row = expected_plans.in_force(connection, district, today)
    if row is None or plan_of(row).classes is ClassFate.STAY:
        return UsualSizes(usual)
    last = runs.last_applied_sync(connection, district)
    taken_in = snapshots.get(connection, district, last.snapshot) if last is not None else None
    for name, count in ((taken_in.rows or {}) if taken_in is not None else {}).items():
        usual[name] = min(usual.get(name, count), count)
    return UsualSizes(usual, OF_CLASSES)


def with_season(
    connection: Connection, district: District, error: InputRefused, today: date
) -> InputRefused:
    """A refusal by R8, with other advice where a file is short between two school years."""
    if error.code != SHRUNK or school_years(connection, district).in_session(today):
        return error
    return InputRefused(
        error.message,
        code=error.code,
        file=error.file,
        remedy="Between two school years a SIS that is rolling up sends parts of itself: wait for "
        "its next exports. If this is all, announce in a plan that classes are replaced or end, or "
        "raise thresholds.shrink_percent in the district's file; the next run is then a review.",
    )
