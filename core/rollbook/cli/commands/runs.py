"""List runs."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT, LIMIT
from rollbook.cli.documents import emit, summary_document
from rollbook.cli.groups import Command
from rollbook.cli.run_text import print_runs
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import note


@click.command(cls=Command, examples=("rollbook runs", "rollbook runs northfield --limit 10"))
@click.argument("district_id", metavar="[ID]", required=False, type=DISTRICT)
@click.option("--limit", type=LIMIT, default=200, show_default=True)
@click.pass_context
def runs(ctx: click.Context, district_id: str | None, limit: int) -> None:
    """List runs, newest first."""
    from rollbook.desk.history import runs as list_runs
    from rollbook.desk.known_districts import expect_district

    with open_desk(ctx) as desk:
        found = list_runs(desk, district_id, limit=limit)
        if not found:
            expect_district(desk, district_id)
    if settings(ctx).json:
        emit([summary_document(run) for run in found])
    elif found:
        print_runs(found)
    else:
        note("No runs yet.")
