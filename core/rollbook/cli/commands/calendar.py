"""A district's calendar."""

from __future__ import annotations

from pathlib import Path

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Group
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import note, print_block, say


@click.group(cls=Group)
def calendar() -> None:
    """Take a district's calendar over from a file.

    What it says goes into [calendar] of the district's file, which may be written by hand as well.
    `rollbook season ID` shows what is known of its years.
    """


@calendar.command(
    "import",
    examples=(
        "rollbook calendar import northfield 2026-27.ics --preview",
        "rollbook calendar import northfield 2026-27.ics --first-day 'Erster Schultag'",
    ),
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--first-day", multiple=True, help="Words of the event on the first day of school.")
@click.option("--last-day", multiple=True, help="Words of the event on the last day of school.")
@click.option("--blackout", multiple=True, help="Words of events on days without a sync.")
@click.option("--preview", is_flag=True, help="Only say what would be written.")
@click.pass_context
def import_file(
    ctx: click.Context,
    district_id: str,
    file: Path,
    first_day: tuple[str, ...],
    last_day: tuple[str, ...],
    blackout: tuple[str, ...],
    preview: bool,
) -> None:
    """Read first and last days of school, terms and blackouts from an iCalendar file.

    Years that the file does not have stay as they are.
    """
    from rollbook.desk.calendars import import_calendar

    with open_desk(ctx) as desk:
        found = import_calendar(
            desk,
            district_id,
            file,
            first_day=first_day,
            last_day=last_day,
            blackout=blackout,
            write=not preview,
        )
    if settings(ctx).json:
        emit(plain(found))
        return
    for year in found.years:
        before = "" if year.new else " (as before)"
        say(f"{year.words}{before}")
        print_block(
            [
                ("school", f"{year.first_day} to {year.last_day}"),
                *((term.name, f"{term.first_day} to {term.last_day}") for term in year.terms),
            ]
        )
    for days in found.blackouts:
        say(f"blackout {days.starts} to {days.ends}: {days.name}")
    for said in found.notes:
        note(said)
    note("Written to the district's file." if found.written else "Nothing was written.")
