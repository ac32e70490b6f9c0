"""List merges."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, note, print_table
from rollbook.cli.words import when


@click.command(cls=Command, examples=("rollbook merges", "rollbook merges northfield"))
@click.argument("district_id", metavar="[ID]", required=False, type=DISTRICT)
@click.pass_context
def merges(ctx: click.Context, district_id: str | None) -> None:
    """List merges, also those that were split again."""
    from rollbook.desk.people import merges as list_merges

    with open_desk(ctx) as desk:
        found = list_merges(desk, district_id)
    if settings(ctx).json:
        emit(plain(found))
    elif found:
        titles = ("merge", "state", "keep", "lose", "made", "by", "reason")
        print_table(
            [Column(title, wraps=title in ("keep", "lose", "reason")) for title in titles],
            [
                (
                    merge.id,
                    merge.state.value,
                    merge.keep,
                    merge.lose,
                    when(merge.created_at),
                    merge.created_by,
                    merge.reason,
                )
                for merge in found
            ],
        )
    else:
        note("No merges.")
