"""The year of a district in words, as a timeline and as days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from textual.content import Content

from rollbook.desk.plan_views import PlanView
from rollbook.desk.season_views import SeasonView, YearView
from rollbook.desk.views import PauseView
from rollbook_tui.details.blocks import fact_lines, hanging, paragraph, section
from rollbook_tui.details.plan import STATES
from rollbook_tui.details.timeline import Stretch, Track, span_of, timeline
from rollbook_tui.season_words import ROLL_UPS, season_sign
from rollbook_tui.untrusted import drawable

MARGIN = timedelta(days=30)
"""Days that a timeline shows around its year."""


@dataclass(frozen=True, slots=True)
class DistrictYear:
    """All that a district's year is drawn from; ``next_runs`` are instants."""

    season: SeasonView
    pauses: Sequence[PauseView]
    plans: Sequence[PlanView]
    next_runs: Sequence[datetime]
    timezone: str


def year_lines(year: DistrictYear, width: int) -> Iterator[Content]:
    """The season, the timeline, then every day of it in words."""
    season = year.season
    yield Content.assemble(
        (drawable(season.name), "bold $foreground"), "  ", season_sign(season.season).both()
    )
    yield from fact_lines("waits for", season.waits_for, width)
    if season.will_do:
        yield from fact_lines("meanwhile", season.will_do, width)
    rolled = f" on {season.rolled_up_on}" if season.rolled_up_on else ""
    state = ROLL_UPS[season.roll_up]
    yield from fact_lines("roll-up", Content.assemble(state.both(), rolled), width)
    if season.blackout:
        yield from fact_lines("blackout", f"{season.blackout}, today", width)
    yield Content("")
    first, last = _shown(season)
    span = span_of(first, last, width)
    if span is not None:
        yield from timeline(list(_tracks(year)), span, season.today)
        yield Content("")
    for block in (
        section("Years", _years(season, width)),
        section("Pauses", _pauses(year.pauses, width)),
        section("Blackouts", _blackouts(season, width)),
        section("Plans", _plans(year.plans, width)),
        section("Next runs", _runs(year)),
    ):
        if block:
            yield from block
            yield Content("")


def _shown(season: SeasonView) -> tuple[date, date]:
    """The days from the beginning of the year that is on, or ends, to that of the next."""
    year, following = season.year, season.following
    if season.today < following.first_day + MARGIN:
        return min(year.first_day, season.today), following.first_day + MARGIN
    return following.first_day, max(following.last_day, season.today) + MARGIN


def _tracks(year: DistrictYear) -> Iterator[Track]:
    season = year.season
    both = (season.year, season.following)
    yield Track("school", [Stretch(y.first_day, y.last_day) for y in both], "━", "$primary")
    terms = [Stretch(t.first_day, t.last_day, t.name) for y in both for t in y.terms]
    for at, row in enumerate(_rows(terms)):
        yield Track("terms" if not at else "", row, "─", "$foreground")
    closes = season.year.roll_up_to or season.following.first_day
    yield Track("roll-up", [Stretch(season.year.roll_up_from, closes)], "░", "$update")
    pauses = [Stretch(p.starts, p.ends, _short(p.id)) for p in year.pauses]
    for at, row in enumerate(_rows(pauses)):
        yield Track("pauses" if not at else "", row, "=", "$paused")
    blackouts = [Stretch(b.starts, b.ends, b.name) for b in season.blackouts]
    blackouts += [
        Stretch(one.starts, one.ends)
        for one in season.not_read
        if one.starts and one.ends and not one.from_hour
    ]
    for at, row in enumerate(_rows(blackouts) or [[]]):
        yield Track("blackout" if not at else "", row, "x", "$error")
    plans = [Stretch(p.draft.starts, p.draft.ends, _short(p.id)) for p in year.plans]
    yield Track("plans", plans, "*", "$held")
    zone = ZoneInfo(year.timezone)
    runs = sorted({moment.astimezone(zone).date() for moment in year.next_runs})
    yield Track("runs", [Stretch(day, day) for day in runs], "|", "$foreground")


def _rows(stretches: Sequence[Stretch]) -> list[list[Stretch]]:
    """Stretches that lie over each other, in as few lines as hold them."""
    rows: list[list[Stretch]] = []
    for stretch in sorted(stretches, key=lambda s: (s.starts, s.ends or date.max)):
        for row in rows:
            if (row[-1].ends or date.max) < stretch.starts:
                row.append(stretch)
                break
        else:
            rows.append([stretch])
    return rows


def _years(season: SeasonView, width: int) -> Iterator[Content]:
    for year in (season.year, season.following):
        yield from _year(year, width)


def _year(year: YearView, width: int) -> Iterator[Content]:
    closes = f" to {year.roll_up_to}" if year.roll_up_to else " on"
    yield from fact_lines(
        year.words,
        f"{year.first_day} to {year.last_day}, by {year.witness}; "
        f"roll-up from {year.roll_up_from}{closes}",
        width,
    )
    for term in year.terms:
        yield from hanging(f"{term.name}: {term.first_day} to {term.last_day}", width)


def _pauses(pauses: Sequence[PauseView], width: int) -> Iterator[Content]:
    for pause in pauses:
        sign = "=" if pause.active else "·"
        first, *rest = hanging(pause.words, width, "$foreground", by=len(pause.id) + 4)
        head = Content.styled(f"{sign} {drawable(pause.id)}  ", "$paused")
        yield head + first.plain.strip()
        yield from rest


def _blackouts(season: SeasonView, width: int) -> Iterator[Content]:
    for blackout in season.blackouts:
        name = f"  {blackout.name}" if blackout.name else ""
        yield paragraph(f"x {blackout.starts} to {blackout.ends}{name}").truncate(
            width, ellipsis=True
        )
    for one in season.not_read:
        yield paragraph(f"x {one.words}  by the schedule").truncate(width, ellipsis=True)


def _plans(plans: Sequence[PlanView], width: int) -> Iterator[Content]:
    for plan in plans:
        sign = STATES[plan.state]
        yield Content.assemble(
            sign.both(),
            f"  {drawable(plan.id)}  {plan.draft.starts} to {plan.draft.ends}  ",
            (drawable(plan.reason), "$muted"),
        ).truncate(width, ellipsis=True)


def _runs(year: DistrictYear) -> Iterator[Content]:
    zone = ZoneInfo(year.timezone)
    for moment in year.next_runs:
        local = moment.astimezone(zone)
        yield paragraph(f"{local:%a} {local.day} {local:%b %Y %H:%M} {year.timezone}")


def _short(identity: str) -> str:
    return identity.rpartition(".")[2]
