"""Apply a previewed changeset."""

from __future__ import annotations

import click

from rollbook.cli.groups import Command
from rollbook.cli.progress import progress
from rollbook.cli.run_text import tell_run
from rollbook.cli.settings import open_desk


@click.command(cls=Command, examples=("rollbook apply northfield.12",))
@click.argument("run_id", metavar="RUN")
@click.pass_context
def apply(ctx: click.Context, run_id: str) -> int:
    """Apply the changeset that `sync --preview` saved, and no other.

    Exit code 6 when the directory has moved on since: preview again.
    """
    from rollbook.desk.syncing import apply as apply_run

    with open_desk(ctx) as desk, progress() as report:
        view = apply_run(desk, run_id, progress=report)
    return tell_run(ctx, view)
