"""List the districts."""

from __future__ import annotations

import click

from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, note, print_table
from rollbook.cli.words import command_line, state, when


@click.command(cls=Command, examples=("rollbook districts", "rollbook districts --json"))
@click.pass_context
def districts(ctx: click.Context) -> None:
    """List the districts and how each stands.

    A district whose file cannot be read is listed, too, with what is wrong with it.
    """
    from rollbook.desk.districts import districts as list_districts

    with open_desk(ctx) as desk:
        found = list_districts(desk)
    if settings(ctx).json:
        emit(plain(found))
        return
    if not found:
        add = command_line(ctx, "district", "add", "ID", "--name", "NAME", "--path", "PATH")
        note(f"No districts yet. Add one: {add}")
        return
    columns = [
        Column("district"),
        Column("state"),
        Column("season"),
        Column("students", right=True),
        Column("schools", right=True),
        Column("held", right=True),
        Column("paused", right=True),
        Column("last applied"),
        Column("note", wraps=True),
    ]
    print_table(
        columns,
        [
            (
                district.id,
                state(district.state.value),
                district.season or "-",
                district.students,
                district.schools,
                district.held,
                district.paused,
                when(district.last_applied_at),
                district.note,
            )
            for district in found
        ],
    )
