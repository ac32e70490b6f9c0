"""Every district's place in its year in one pass: its season, what it waits for, what is next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from rollbook.config.district import District
from rollbook.config.home import load_districts
from rollbook.desk.blackouts import blackout_on
from rollbook.desk.desk import Desk
from rollbook.desk.kept_season import kept_standing
from rollbook.desk.plan_presenting import state_of
from rollbook.desk.plan_views import PlanState
from rollbook.desk.schedules import next_times
from rollbook.desk.season_views import RollUpState, Season
from rollbook.directory import expected_plans, grade_memory, holds, pauses
from rollbook.directory.grade_memory import GradeYear
from rollbook.directory.records import school_names
from rollbook.rollover.season import before_first_run, season_words
from rollbook.runs.pauses import is_active, local_date


@dataclass(frozen=True, slots=True)
class YearLine:
    """A district's line: ``season`` is ``None`` before its first run.

    ``blackout`` names the one of today; ``plans`` are the states of the plans that are not over,
    ``pauses`` how many are in force, ``next_run`` when a service reads it next.
    """

    district: str
    name: str
    today: date
    season: Season | None
    waits_for: str
    will_do: str
    roll_up: RollUpState | None
    rolled_up_on: date | None
    blackout: str | None
    pauses: int
    plans: tuple[PlanState, ...]
    next_run: datetime | None


def year_overview(desk: Desk) -> tuple[YearLine, ...]:
    """Where in its year every district is, as far as its last write tells, by id.

    A district whose file cannot be read is left out. ``rollbook.desk.seasons`` has more on one.
    """
    districts, _ = load_districts(desk.home)
    ids = [district.id for district in districts]
    now = desk.clock()
    with desk.store.read() as connection:
        years = grade_memory.years_of(connection, ids)
        days = {district.id: local_date(now, district.timezone) for district in districts}
        resting = Counter(
            row.district
            for row in pauses.of_district(connection, None)
            if row.district in days and is_active(row, days[row.district])
        )
        held = holds.waiting_by_district(connection, now)
        plans: dict[str, list[PlanState]] = {}
        for plan in expected_plans.of_district(connection, None):
            if plan.district in days:
                state = state_of(plan, days[plan.district])
                if state not in (PlanState.OVER, PlanState.ENDED):
                    plans.setdefault(plan.district, []).append(state)
        return tuple(
            replace(
                _line(
                    connection,
                    district,
                    years.get(district.id),
                    days[district.id],
                    held.get(district.id, 0),
                ),
                pauses=resting[district.id],
                plans=tuple(plans.get(district.id, ())),
                next_run=next(iter(next_times(district, now, 1)), None),
            )
            for district in districts
        )


def _line(
    connection: Connection, district: District, kept: GradeYear | None, today: date, held: int
) -> YearLine:
    line = YearLine(
        district=district.id,
        name=district.name,
        today=today,
        season=None,
        waits_for=before_first_run(held),
        will_do="",
        roll_up=None,
        rolled_up_on=None,
        blackout=blackout_on(district, today),
        pauses=0,
        plans=(),
        next_run=None,
    )
    if kept is None:
        return line
    standing = kept_standing(district, kept)
    if standing.lagging or standing.unenrolled:
        names = school_names(connection, district.id)
        standing = replace(
            standing,
            lagging=_named(standing.lagging, names),
            unenrolled=_named(standing.unenrolled, names),
        )
    words = season_words(standing, today, held)
    return replace(
        line,
        season=words.season,
        waits_for=words.waits_for,
        will_do=words.will_do,
        roll_up=standing.roll_up,
        rolled_up_on=kept.rolled_up,
    )


def _named(schools: Sequence[str], names: Mapping[str, str]) -> list[str]:
    return sorted(names.get(school, school) for school in schools)
