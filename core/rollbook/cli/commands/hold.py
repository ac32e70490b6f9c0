"""Show a hold and decide about it."""

from __future__ import annotations

from pathlib import Path

import click

from rollbook.cli.arguments import parse_until
from rollbook.cli.documents import emit, hold_document, plain
from rollbook.cli.groups import Group
from rollbook.cli.hold_text import print_hold, print_relink
from rollbook.cli.run_text import tell_run
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import say
from rollbook.cli.words import when


@click.group(cls=Group)
def hold() -> None:
    """Show a hold, and approve, re-link, reject, snooze or export it."""


@hold.command(examples=("rollbook hold show northfield.12.h1",))
@click.argument("hold_id", metavar="HOLD")
@click.pass_context
def show(ctx: click.Context, hold_id: str) -> None:
    """Show the rule in words, the likely cause, the numbers, and what to type."""
    from rollbook.desk.decisions import hold as show_hold

    with open_desk(ctx) as desk:
        view = show_hold(desk, hold_id)
    if settings(ctx).json:
        emit(hold_document(view))
    else:
        print_hold(ctx, view)


@hold.command(
    examples=(
        "rollbook hold approve northfield.12.h1 --confirm 12 --reason 'moved away, office list'",
    )
)
@click.argument("hold_id", metavar="HOLD")
@click.option("--confirm", type=int, required=True, metavar="N", help="The hold's count.")
@click.option("--reason", required=True, help="Why; it is kept in the audit trail.")
@click.option("--digest", help="The changeset's digest, to approve no other.")
@click.pass_context
def approve(ctx: click.Context, hold_id: str, confirm: int, reason: str, digest: str | None) -> int:
    """Let in what the hold keeps back.

    --confirm is the count that you saw. With another number, or when a newer file has come in,
    nothing is changed and the exit code is 6. Exit code 3: another hold of the run is still open,
    or this one wants a second person. Exit code 5: it has to be somebody else.
    """
    from rollbook.desk.decisions import approve as approve_hold

    with open_desk(ctx) as desk:
        view = approve_hold(desk, hold_id, confirm=confirm, reason=reason, digest=digest)
    return tell_run(ctx, view)


@hold.command(
    examples=(
        "rollbook hold relink northfield.12.h1",
        "rollbook hold relink northfield.12.h1 --confirm 790 --reason 'new SIS, new ids'",
    )
)
@click.argument("hold_id", metavar="HOLD")
@click.option("--confirm", type=int, metavar="N", help="The plan's count: carry it out.")
@click.option("--reason", default="", help="Why; it is kept in the audit trail.")
@click.option("--digest", help="The plan's digest, to carry out no other.")
@click.pass_context
def relink(
    ctx: click.Context, hold_id: str, confirm: int | None, reason: str, digest: str | None
) -> int:
    """Let new records take the places of old ones, where a re-key is held (R4).

    Without --confirm nothing is changed: the plan is printed, as counts and pairs of ids. Nothing
    is lost for whoever follows the old ids; what has no counterpart is held as ever.
    """
    from rollbook.desk.relinking import relink as relink_hold
    from rollbook.desk.relinking import relink_preview

    with open_desk(ctx) as desk:
        if confirm is None:
            plan = relink_preview(desk, hold_id)
            if settings(ctx).json:
                emit(plain(plan))
            else:
                print_relink(ctx, plan)
            return 0
        view = relink_hold(desk, hold_id, confirm=confirm, reason=reason, digest=digest)
    return tell_run(ctx, view)


@hold.command(examples=("rollbook hold reject northfield.12.h1 --reason 'export was cut off'",))
@click.argument("hold_id", metavar="HOLD")
@click.option("--reason", required=True, help="Why; it is kept in the audit trail.")
@click.pass_context
def reject(ctx: click.Context, hold_id: str, reason: str) -> int:
    """Turn down what the hold keeps back; the directory stays as it is."""
    from rollbook.desk.decisions import reject as reject_hold

    with open_desk(ctx) as desk:
        view = reject_hold(desk, hold_id, reason=reason)
    return tell_run(ctx, view)


@hold.command(
    examples=(
        "rollbook hold snooze northfield.12.h1 --until 8h",
        "rollbook hold snooze northfield.12.h1 --until 2026-08-31",
    )
)
@click.argument("hold_id", metavar="HOLD")
@click.option("--until", required=True, metavar="T", help="8h, 3d, a date or an ISO time.")
@click.pass_context
def snooze(ctx: click.Context, hold_id: str, until: str) -> None:
    """Keep a hold quiet for a while; it stays held.

    A date means its first minute in the district's time zone.
    """
    from rollbook.desk.decisions import hold as show_hold
    from rollbook.desk.decisions import snooze as snooze_hold
    from rollbook.desk.districts import district

    with open_desk(ctx) as desk:
        zone = district(desk, show_hold(desk, hold_id).district).summary.timezone
        view = snooze_hold(desk, hold_id, until=parse_until(until, desk.clock(), zone))
    if settings(ctx).json:
        emit(hold_document(view))
    else:
        say(f"{view.id}  {view.state.value} until {when(view.snoozed_until)}")


@hold.command(examples=("rollbook hold export northfield.12.h1 held.csv",))
@click.argument("hold_id", metavar="HOLD")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def export(ctx: click.Context, hold_id: str, file: Path) -> None:
    """Write the list of what a hold keeps back to a CSV file."""
    from rollbook.desk.exports import export_hold

    with open_desk(ctx) as desk:
        rows = export_hold(desk, hold_id, file)
    if settings(ctx).json:
        emit({"hold": hold_id, "file": str(file), "rows": rows})
    else:
        say(f"{rows:,} changes written to {file}")
