"""The roles of a store on PostgreSQL."""

from __future__ import annotations

import click

from rollbook.cli.documents import emit
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings


@click.command(
    cls=Command,
    examples=(
        "rollbook roles > roles.sql",
        "rollbook roles | psql -v ON_ERROR_STOP=1 rollbook",
    ),
)
@click.pass_context
def roles(ctx: click.Context) -> None:
    """Print the SQL with which an administrator of PostgreSQL makes rollbook's roles: viewer,
    operator and approver. It may be run again at any time, and has to be after an upgrade."""
    from rollbook.desk.roles import script

    with open_desk(ctx) as desk:
        made = script(desk)
    if settings(ctx).json:
        emit({"sql": made})
    else:
        click.echo(made, nl=False)
