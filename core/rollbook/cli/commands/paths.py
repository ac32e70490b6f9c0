"""Where things are kept."""

from __future__ import annotations

import click

from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, print_table


@click.command(cls=Command, examples=("rollbook paths", "rollbook paths --json"))
@click.pass_context
def paths(ctx: click.Context) -> None:
    """Print where the store, the district files, the snapshots and the logs are."""
    from rollbook.desk.doctor import paths as list_paths

    with open_desk(ctx) as desk:
        found = list_paths(desk)
    if settings(ctx).json:
        emit(plain(found))
    else:
        rows = [(name, str(path)) for name, path in found.items()]
        print_table([Column("what"), Column("path")], rows)
