"""Undo a run."""

from __future__ import annotations

import click

from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.run_text import print_counts, tell_run
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, note, print_table


@click.command(
    cls=Command,
    examples=(
        "rollbook undo northfield.12 --preview",
        "rollbook undo northfield.12 --reason 'wrong export, see ticket 4711'",
    ),
)
@click.argument("run_id", metavar="RUN")
@click.option("--reason", help="Why; needed unless --preview is given.")
@click.option("--preview", is_flag=True, help="Only count what it would do.")
@click.pass_context
def undo(ctx: click.Context, run_id: str, reason: str | None, preview: bool) -> int:
    """Take a run back with a new run that is its inverse.

    Exit code 6 when a later run has touched the same records, or accounts.
    """
    from rollbook.desk.undoing import undo as undo_run
    from rollbook.desk.undoing import undo_accounts_preview, undo_preview

    if preview:
        with open_desk(ctx) as desk:
            counts, of_accounts = undo_preview(desk, run_id), undo_accounts_preview(desk, run_id)
        if settings(ctx).json:
            emit({"run": run_id, "counts": plain(counts), "accounts": plain(of_accounts)})
        else:
            if counts:
                print_counts(counts)
            if of_accounts:
                print_table(
                    (Column("accounts"), Column("changes", right=True)),
                    [(verb.value, number) for verb, number in of_accounts.items()],
                )
            note("Nothing was changed.")
        return 0
    if not reason:
        raise click.UsageError("Missing option '--reason'.", ctx)
    with open_desk(ctx) as desk:
        view = undo_run(desk, run_id, reason=reason)
    return tell_run(ctx, view)
