"""Show a run."""

from __future__ import annotations

import click

from rollbook.cli.documents import emit, run_document
from rollbook.cli.groups import Group
from rollbook.cli.run_text import print_run
from rollbook.cli.settings import open_desk, settings


@click.group(cls=Group)
def run() -> None:
    """Look into one run."""


@run.command(examples=("rollbook run show northfield.12", "rollbook run show northfield.12 --json"))
@click.argument("run_id", metavar="RUN")
@click.pass_context
def show(ctx: click.Context, run_id: str) -> None:
    """Show a run with its counts, holds and findings."""
    from rollbook.desk.history import run as show_run

    with open_desk(ctx) as desk:
        view = show_run(desk, run_id)
    if settings(ctx).json:
        emit(run_document(view))
    else:
        print_run(ctx, view)
