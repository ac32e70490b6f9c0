"""Split a merge."""

from __future__ import annotations

import click

from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import say


@click.command(
    cls=Command, examples=("rollbook split northfield.m2 --reason 'twins, not one person'",)
)
@click.argument("merge_id", metavar="MERGE")
@click.option("--reason", default="two people", show_default=True, help="Why; it is audited.")
@click.pass_context
def split(ctx: click.Context, merge_id: str, reason: str) -> None:
    """Take a merge apart: both people are as they were before."""
    from rollbook.desk.people import split as split_merge

    with open_desk(ctx) as desk:
        view = split_merge(desk, merge_id, reason=reason)
    if settings(ctx).json:
        emit(plain(view))
    else:
        say(f"{view.id}  {view.keep} and {view.lose} are two people again")
