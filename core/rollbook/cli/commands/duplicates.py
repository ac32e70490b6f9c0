"""List likely duplicates."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, note, print_table
from rollbook.cli.words import command_line


@click.command(cls=Command, examples=("rollbook duplicates northfield",))
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.pass_context
def duplicates(ctx: click.Context, district_id: str) -> None:
    """List pairs who may be one person, the likeliest first."""
    from rollbook.desk.people import duplicates as list_duplicates

    with open_desk(ctx) as desk:
        pairs = list_duplicates(desk, district_id)
    if settings(ctx).json:
        emit(plain(pairs))
        return
    if not pairs:
        note("No likely duplicates.")
        return
    wide = ("a", "b", "evidence")
    print_table(
        [
            Column("score", right=True),
            Column("role"),
            *(Column(title, wraps=True) for title in wide),
        ],
        [
            (
                f"{pair.score:.2f}",
                pair.role.value,
                f"{pair.a} {pair.label_a}",
                f"{pair.b} {pair.label_b}",
                pair.evidence,
            )
            for pair in pairs
        ],
    )
    first = pairs[0]
    lose = first.b if first.suggested_keep == first.a else first.a
    words = ("merge", district_id, first.suggested_keep, lose, "--preview")
    note(f"One person: {command_line(ctx, *words)}")
    note(f"Two people: {command_line(ctx, 'distinct', district_id, first.a, first.b)}")
