"""List holds."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit, hold_document
from rollbook.cli.groups import Command
from rollbook.cli.hold_text import print_holds
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import note
from rollbook.cli.words import command_line


@click.command(cls=Command, examples=("rollbook holds", "rollbook holds northfield --decided"))
@click.argument("district_id", metavar="[ID]", required=False, type=DISTRICT)
@click.option("--decided", is_flag=True, help="Also those that need no decision any more.")
@click.pass_context
def holds(ctx: click.Context, district_id: str | None, decided: bool) -> None:
    """List what waits for a decision."""
    from rollbook.desk.decisions import holds as list_holds
    from rollbook.desk.known_districts import expect_district

    with open_desk(ctx) as desk:
        found = list_holds(desk, district_id, decided=decided)
        if not found:
            expect_district(desk, district_id)
    if settings(ctx).json:
        emit([hold_document(hold) for hold in found])
    elif found:
        print_holds(found)
        note(f"Look into one: {command_line(ctx, 'hold', 'show', found[0].id)}")
    else:
        note("Nothing waits for a decision.")
