"""In which season a district really is, as its own system knows."""

from __future__ import annotations

from datetime import date

from rollbook.rollover.school_years import SETTLED_AFTER
from rollbook.rollover.season import CLOSING_DAYS, ENROLLED_DAYS, REST_DAYS, Season
from year.profiles import Profile


def true_season(profile: Profile, day: date) -> Season:
    """The season of a day: what has happened by then is the system's, the widths of the seasons
    are rollbook's own. Who was added in the first weeks of a year is simply in session; where a
    pause lasts until a day, nothing goes in and no season comes before it has ended."""
    this, coming, turn = profile.year(2026), profile.year(2027), profile.turn
    if day < turn.rolls[0] and day <= this.last:
        return Season.CLOSING if day > this.last - CLOSING_DAYS else Season.IN_SESSION
    if day < turn.rolls[-1]:
        rested = day >= min(this.last + REST_DAYS, turn.rolls[0])
        return Season.WAITING_FOR_ROLL_UP if rested else Season.SUMMER
    if profile.summer == "pause" and day <= turn.classes[-1]:
        return Season.WAITING_FOR_ROLL_UP
    if day < turn.classes[-1]:
        late = day >= coming.first - ENROLLED_DAYS
        return Season.WAITING_FOR_ENROLLMENTS if late else Season.ROLLED_UP
    if day < coming.first:
        return Season.READY
    return Season.LIVE if day < coming.first + SETTLED_AFTER else Season.IN_SESSION
