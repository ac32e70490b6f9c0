"""Days and hours on which a district is not read: those of its calendar and of its schedule."""

from __future__ import annotations

from datetime import date

from rollbook.config.district import District
from rollbook.desk.season_views import NotReadView


def blackout_on(district: District, day: date) -> str | None:
    """What a blackout that has the whole of a day is called; ``None`` without one."""
    if (blackout := district.calendar.blackout_on(day)) is not None:
        return blackout.name or "blackout"
    for one in not_read(district):
        if one.starts and one.ends and not one.from_hour and one.starts <= day <= one.ends:
            return "blackout of the schedule"
    return None


def not_read(district: District) -> tuple[NotReadView, ...]:
    """The blackouts of ``[schedule]`` in a district's file."""
    return tuple(
        NotReadView(one.first_day, one.last_day, one.begins, one.ends)
        for one in district.schedule.blackouts
    )
