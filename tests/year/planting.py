"""On which days which accidents happen: every one that a district can have, each on a day of its
own, the true file again on the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from year.accidents import Accident
from year.accidents_files import FILES
from year.accidents_people import PEOPLE
from year.accidents_year import LAST_YEAR, SCHOOL_YEAR, TWICE
from year.calendar import is_working_day
from year.profiles import Profile

ALL: tuple[Accident, ...] = (*PEOPLE, *FILES, *SCHOOL_YEAR)
"""Those that may happen on any day of the school year."""

_FIRST, _LAST = date(2025, 9, 15), date(2026, 5, 28)


def planted(profile: Profile, seed: int) -> dict[date, Accident]:
    """The accidents of a district's year by day; those of the roll-up and the new year as well."""
    chance = Random(f"{seed}|{profile.id}|planting")
    happen = [accident for accident in ALL if accident.of(profile)]
    chance.shuffle(happen)
    terms = profile.year(2026).terms
    days = [
        day
        for day in (_FIRST + timedelta(days=n) for n in range((_LAST - _FIRST).days))
        if is_working_day(day)
        and is_working_day(day + timedelta(days=1))
        and all(abs((day - term.start).days) > 2 for term in terms)
        and abs((day - profile.turn.sessions).days) > 2
    ]
    found = {days[len(days) * place // len(happen)]: a for place, a in enumerate(happen)}
    found[profile.turn.rolls[-1] + timedelta(days=2)] = TWICE
    found[date(2026, 9, 10)] = LAST_YEAR
    return found


def one_by_one(profile: Profile, some: Sequence[Accident], first: date) -> dict[date, Accident]:
    """Some accidents, the first three days after ``first``, and each two days after the last."""
    happen = [accident for accident in some if accident.of(profile)]
    return {first + timedelta(days=3 + 2 * place): a for place, a in enumerate(happen)}
