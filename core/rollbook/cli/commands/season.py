"""Where in its year a district is."""

from __future__ import annotations

from datetime import date

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, note, print_block, print_table, say
from rollbook.desk.season_views import (
    BlackoutView,
    NotReadView,
    SeasonView,
    TermView,
    Witness,
    YearView,
)

_SAID_BY = {
    Witness.CALENDAR: "by the district's calendar",
    Witness.SESSIONS: "by the sessions of its source",
    Witness.NEIGHBOUR: "if it is like the year beside it",
    Witness.NOBODY: "as is usual; nobody says",
}


@click.command(cls=Command, examples=("rollbook season", "rollbook season northfield --json"))
@click.argument("district_id", metavar="[ID]", required=False, type=DISTRICT)
@click.pass_context
def season(ctx: click.Context, district_id: str | None) -> None:
    """Show where in its year a district is, or every district.

    What it waits for, what rollbook does meanwhile, and when its school years begin and end.
    """
    from rollbook.desk import seasons

    with open_desk(ctx) as desk:
        if district_id is not None:
            view = seasons.season(desk, district_id)
            emit(plain(view)) if settings(ctx).json else _print(view)
            return
        found = seasons.seasons(desk)
    if settings(ctx).json:
        emit(plain(found))
    elif found:
        columns = [Column("district"), Column("season"), Column("year")]
        rows = [
            (one.district, one.season or "-", one.year.words, one.roll_up, one.waits_for)
            for one in found
        ]
        print_table([*columns, Column("roll-up"), Column("waits for", wraps=True)], rows)
    else:
        note("No districts yet.")


def _print(view: SeasonView) -> None:
    say(f"{view.district}  {view.name}  {view.season or 'never synced'}")
    years = (view.year, view.following)
    grades = next((y.words for y in years if y.school_year == view.grades_of), "of both years")
    print_block(
        [
            ("waits for", view.waits_for),
            ("rollbook", view.will_do),
            ("today", view.blackout or ""),
            ("year", _year(view.year)),
            *((f"term {term.name}", _days(term)) for term in view.year.terms),
            ("next year", _year(view.following)),
            *(("blackout", _blackout(one)) for one in view.blackouts if one.ends >= view.today),
            *(("not read", one.words) for one in view.not_read if _lies_ahead(one, view.today)),
            ("roll-up", f"{view.roll_up}{_since(view)}"),
            ("grades", grades),
            ("not enrolled", ", ".join(view.unenrolled)),
        ]
    )


def _since(view: SeasonView) -> str:
    if view.lagging:
        return f": {', '.join(view.lagging)}"
    return f", seen on {view.rolled_up_on}" if view.rolled_up_on else ""


def _year(year: YearView) -> str:
    closes = f" to {year.roll_up_to}" if year.roll_up_to else " on"
    return (
        f"{year.words}, {_days(year)} ({_SAID_BY[year.witness]}); "
        f"roll-up from {year.roll_up_from}{closes}"
    )


def _blackout(days: BlackoutView) -> str:
    return f"{days.starts} to {days.ends}" + (f": {days.name}" if days.name else "")


def _lies_ahead(one: NotReadView, today: date) -> bool:
    return one.ends is None or one.ends >= today


def _days(span: YearView | TermView) -> str:
    return f"{span.first_day} to {span.last_day}"
