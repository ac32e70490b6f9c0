"""List expected-change plans."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, note, print_table
from rollbook.cli.words import state


@click.command(cls=Command, examples=("rollbook plans", "rollbook plans northfield --ended"))
@click.argument("district_id", metavar="[ID]", required=False, type=DISTRICT)
@click.option("--ended", is_flag=True, help="Also those that are over.")
@click.pass_context
def plans(ctx: click.Context, district_id: str | None, ended: bool) -> None:
    """List what has been announced for a rollover."""
    from rollbook.desk.known_districts import expect_district
    from rollbook.desk.plans import plans as list_plans

    with open_desk(ctx) as desk:
        found = list_plans(desk, district_id, ended=ended)
        if not found:
            expect_district(desk, district_id)
    if settings(ctx).json:
        emit(plain(found))
        return
    if not found:
        note("Nothing is announced.")
        return
    print_table(
        [
            *(Column(title) for title in ("plan", "state", "from", "to")),
            Column("announces", wraps=True),
            Column("reason", wraps=True),
        ],
        [
            (
                plan.id,
                state(plan.state.value),
                plan.draft.starts.isoformat(),
                plan.draft.ends.isoformat(),
                " ".join(line.words for line in plan.lines),
                plan.reason,
            )
            for plan in found
        ],
    )
