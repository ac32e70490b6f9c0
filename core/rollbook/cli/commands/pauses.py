"""List pauses."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, note, print_table
from rollbook.cli.words import state
from rollbook.desk.views import PauseView


@click.command(cls=Command, examples=("rollbook pauses", "rollbook pauses northfield --ended"))
@click.argument("district_id", metavar="[ID]", required=False, type=DISTRICT)
@click.option("--ended", is_flag=True, help="Also those that are over.")
@click.pass_context
def pauses(ctx: click.Context, district_id: str | None, ended: bool) -> None:
    """List pauses."""
    from rollbook.desk.known_districts import expect_district
    from rollbook.desk.pausing import pauses as list_pauses

    with open_desk(ctx) as desk:
        found = list_pauses(desk, district_id, ended=ended)
        if not found:
            expect_district(desk, district_id)
    if settings(ctx).json:
        emit(plain(found))
        return
    if not found:
        note("Nothing is paused.")
        return
    titles = ("pause", "state", "from", "to")
    print_table(
        [
            *(Column(title) for title in titles),
            Column("what", wraps=True),
            Column("reason", wraps=True),
        ],
        [
            (
                pause.id,
                state(_state(pause)),
                pause.starts.isoformat(),
                pause.ends.isoformat() if pause.ends else "-",
                pause.words,
                pause.reason,
            )
            for pause in found
        ],
    )


def _state(pause: PauseView) -> str:
    if pause.resumed_at:
        return "resumed"
    return "paused" if pause.active else "not today"
