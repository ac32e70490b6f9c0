"""Pause part of a district's sync."""

from __future__ import annotations

from datetime import date, timedelta

import click

from rollbook.cli.arguments import DAY, DISTRICT, KINDS, ROLES, VERBS
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import note, say
from rollbook.cli.words import command_line
from rollbook.desk.views import Kind, RoleGroup, Verb

PRESETS = ("summer", "blackout", "additions-only")


@click.command(
    cls=Command,
    examples=(
        "rollbook pause northfield --preset summer --from 2026-06-10 --to 2026-08-20 \\",
        "    --reason 'summer break'",
        "rollbook pause northfield --preset summer --until ready --to 2026-09-01 \\",
        "    --reason 'until the SIS has rolled up'",
        "rollbook pause northfield --school hs-1 --verb remove --reason 'schedules not final'",
    ),
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.option("--school", help="Only this school, by its org id.")
@click.option("--kind", "kinds", type=KINDS, multiple=True, help="Only this kind; repeatable.")
@click.option("--verb", "verbs", type=VERBS, multiple=True, help="Only this verb; repeatable.")
@click.option("--role", "roles", type=ROLES, multiple=True, help="Only these people; repeatable.")
@click.option("--from", "starts", type=DAY, metavar="DATE", help="The first day; else today.")
@click.option("--to", "ends", type=DAY, metavar="DATE", help="The last day; else until resumed.")
@click.option(
    "--until",
    metavar="ready|DATE",
    help="ready: until the roll-up is done, or --to; a date: the day on which it is over.",
)
@click.option("--preset", type=click.Choice(PRESETS), help="A pause that has a name.")
@click.option("--reason", required=True, help="Why; it is kept in the audit trail.")
@click.pass_context
def pause(
    ctx: click.Context,
    district_id: str,
    school: str | None,
    kinds: tuple[str, ...],
    verbs: tuple[str, ...],
    roles: tuple[str, ...],
    starts: date | None,
    ends: date | None,
    until: str | None,
    preset: str | None,
    reason: str,
) -> None:
    """Let part of a sync do nothing for a while.

    What is paused is still read and previewed; it waits. Days are the district's own.
    """
    from rollbook.desk.pausing import pause as pause_district

    if until is not None and until != "ready":
        if ends is not None:
            raise click.UsageError("Give --to or a date with --until, not both.", ctx)
        ends = _day(until) - timedelta(days=1)
    with open_desk(ctx) as desk:
        view = pause_district(
            desk,
            district_id,
            school=school,
            kinds=[Kind(kind) for kind in kinds],
            verbs=[Verb(verb) for verb in verbs],
            roles=[RoleGroup(role) for role in roles],
            starts=starts,
            ends=ends,
            preset=preset,
            until_ready=until == "ready",
            reason=reason,
        )
    if settings(ctx).json:
        emit(plain(view))
    else:
        say(f"{view.id}  {view.words}")
        note(f"End it: {command_line(ctx, 'resume', view.id)}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no date; write ready, or a date as 2026-08-31.", param_hint="--until"
        ) from None
