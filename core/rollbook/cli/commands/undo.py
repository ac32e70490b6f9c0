"""Undo a run."""

from __future__ import annotations

import click

from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.run_text import print_counts, tell_run
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, note, print_table, say


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
@click.option(
    "--generation",
    type=int,
    metavar="N",
    help="That of the preview: nothing is done where the directory was written since.",
)
@click.pass_context
def undo(
    ctx: click.Context, run_id: str, reason: str | None, preview: bool, generation: int | None
) -> int:
    """Take a run back with a new run that is its inverse.

    Exit code 6 when a later run has touched the same records, or accounts.
    """
    from rollbook.desk.undoing import (
        after_undo,
        generation_now,
        undo_accounts_preview,
        undo_facts_preview,
        undo_preview,
    )
    from rollbook.desk.undoing import undo as undo_run

    if preview:
        with open_desk(ctx) as desk:
            now = generation_now(desk, run_id)
            counts, of_accounts = undo_preview(desk, run_id), undo_accounts_preview(desk, run_id)
            students, next_sync = undo_facts_preview(desk, run_id), after_undo(desk, run_id)
        if settings(ctx).json:
            told = {"counts": plain(counts), "accounts": plain(of_accounts), "students": students}
            emit({"run": run_id, "generation": now} | told)
        else:
            if counts:
                print_counts(counts)
            if of_accounts:
                print_table(
                    (Column("accounts"), Column("changes", right=True)),
                    [(verb.value, number) for verb, number in of_accounts.items()],
                )
            if students:
                say(f"Attendance or discipline of {students:,} students would be taken back.")
            note(f"Nothing was changed; the directory is at generation {now}.")
            _note(next_sync)
        return 0
    if not reason:
        raise click.UsageError("Missing option '--reason'.", ctx)
    with open_desk(ctx) as desk:
        view = undo_run(desk, run_id, reason=reason, generation=generation)
        next_sync = after_undo(desk, run_id)
    code = tell_run(ctx, view)
    _note(next_sync)
    return code


def _note(words: str) -> None:
    if words:
        note(words)
