"""Show a run, and turn down one that waits."""

from __future__ import annotations

import click

from rollbook.cli.groups import Group
from rollbook.cli.run_text import tell_run
from rollbook.cli.settings import open_desk


@click.group(cls=Group)
def run() -> None:
    """Look into one run, or turn it down."""


@run.command(examples=("rollbook run show northfield.12", "rollbook run show northfield.12 --json"))
@click.argument("run_id", metavar="RUN")
@click.pass_context
def show(ctx: click.Context, run_id: str) -> None:
    """Show a run with its counts, holds and findings."""
    from rollbook.desk.history import run as show_run

    with open_desk(ctx) as desk:
        view = show_run(desk, run_id)
    tell_run(ctx, view)


@run.command(examples=("rollbook run reject northfield.12 --reason 'the old file again'",))
@click.argument("run_id", metavar="RUN")
@click.option("--reason", required=True, help="Why; it is kept in the audit trail.")
@click.option("--digest", help="The changeset's digest, to reject no other.")
@click.pass_context
def reject(ctx: click.Context, run_id: str, reason: str, digest: str | None) -> int:
    """Turn down a previewed or held changeset with all its open holds.

    The next sync compares anew what the source has then. Of deltas a bulk set has to come next.

    With another digest, when part of it has been applied, or when it waits no longer, nothing is
    changed and the exit code is 6.
    """
    from rollbook.desk.decisions import reject_run

    with open_desk(ctx) as desk:
        view = reject_run(desk, run_id, reason=reason, digest=digest)
    return tell_run(ctx, view)
