"""When districts are read next."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, note, print_table
from rollbook.cli.words import command_line, when
from rollbook.desk.schedule_views import ScheduleView, SlotView


@click.command(
    cls=Command, examples=("rollbook schedule", "rollbook schedule northfield --count 10")
)
@click.argument("district_id", metavar="[ID]", required=False, type=DISTRICT)
@click.option(
    "--count",
    type=click.IntRange(1, 1000),
    default=3,
    show_default=True,
    help="How many of the next times are shown of each district.",
)
@click.pass_context
def schedule(ctx: click.Context, district_id: str | None, count: int) -> None:
    """Show when districts are read next, and what became of the last times.

    The times stand in the districts' files, under [schedule]; rollbook serve reads at them.
    """
    from rollbook.desk.schedules import schedules
    from rollbook.desk.services import services

    with open_desk(ctx) as desk:
        found = schedules(desk, district_id, count=count)
        working = services(desk)
    if settings(ctx).json:
        emit({"services": plain(working), "districts": plain(found)})
        return
    if not found:
        note("No district has a [schedule] in its file.")
        return
    print_table(
        [Column("district"), Column("next", wraps=True), Column("last", wraps=True)],
        [(view.district, _next(view), _last(view)) for view in found],
    )
    if not working:
        note(f"No service works on them just now: {command_line(ctx, 'serve')}")


def _next(view: ScheduleView) -> str:
    zone = ZoneInfo(view.timezone)
    parts = [f"{moment.astimezone(zone):%a %d %b %H:%M %Z}" for moment in view.next]
    if view.arrives:
        parts.append("when files arrive")
    if view.blackout_until is not None:
        parts.append(f"nothing until {when(view.blackout_until)}: blackout")
    return "; ".join(parts) or "never: no times in the [schedule] of its file"


def _last(view: ScheduleView) -> str:
    return "; ".join(_told(slot) for slot in view.newest[:1]) or "-"


def _told(slot: SlotView) -> str:
    ended = f"{slot.run} {slot.run_state}" if slot.run else f"{slot.state.lower()} {slot.message}"
    missed = f" (for {slot.missed} missed)" if slot.missed else ""
    return f"{slot.slot}{missed}: {ended}"
