"""Merge two people."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.person_text import person_document
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, note, print_block, print_table, say
from rollbook.cli.words import command_line
from rollbook.desk.views import MergePreview


@click.command(
    cls=Command,
    examples=(
        "rollbook merge northfield 100234 100871 --preview",
        "rollbook merge northfield 100234 100871 --take email --reason 'same birth certificate'",
    ),
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.argument("keep", metavar="KEEP")
@click.argument("lose", metavar="LOSE")
@click.option("--reason", help="Why; needed unless --preview is given.")
@click.option(
    "--take", "taken", multiple=True, metavar="FIELD", help="Take this field from LOSE; repeatable."
)
@click.option("--token", help="The preview's token: refuse if either person changed since.")
@click.option("--preview", is_flag=True, help="Only show what it would do.")
@click.pass_context
def merge(
    ctx: click.Context,
    district_id: str,
    keep: str,
    lose: str,
    reason: str | None,
    taken: tuple[str, ...],
    token: str | None,
    preview: bool,
) -> None:
    """Make one person of two: KEEP stays, with the enrollments and the family of both.

    `rollbook split` takes it apart again. Exit code 6: one of the two changed since the preview.
    """
    from rollbook.desk.people import merge as merge_people
    from rollbook.desk.people import merge_preview

    choices = dict.fromkeys(taken, "lose")
    if preview:
        with open_desk(ctx) as desk:
            seen = merge_preview(desk, district_id, keep, lose, choices=choices)
        if settings(ctx).json:
            document = plain(seen)
            assert isinstance(document, dict)
            people = {"keep": person_document(seen.keep), "lose": person_document(seen.lose)}
            emit({**document, **people})
        else:
            _print_preview(ctx, seen)
        return
    if not reason:
        raise click.UsageError("Missing option '--reason'.", ctx)
    with open_desk(ctx) as desk:
        made = merge_people(
            desk, district_id, keep, lose, reason=reason, choices=choices, token=token
        )
    if settings(ctx).json:
        emit(plain(made))
    else:
        say(f"{made.id}  {made.lose} is now part of {made.keep}")
        words = ("split", made.id, "--reason", "WHY")
        note(f"Take it apart again: {command_line(ctx, *words)}")


def _print_preview(ctx: click.Context, seen: MergePreview) -> None:
    titles = ("field", f"keep {seen.keep.id}", f"lose {seen.lose.id}", "stays")
    print_table(
        [Column(title, wraps=True) for title in titles],
        [(f.field, f.keep, f.lose, f"{f.survivor} ({f.source})") for f in seen.fields],
    )
    say()
    print_block(
        [
            (
                "enrollments",
                f"{seen.enrollments_moved} move, {seen.enrollments_dropped} are double",
            ),
            ("family", f"{seen.guardians_moved} links move"),
            ("roles", f"{seen.roles_moved} move"),
            *(("warning", warning) for warning in seen.warnings),
            ("token", seen.token),
        ]
    )
    words = ("merge", seen.district, seen.keep.id, seen.lose.id)
    note(f"Nothing was changed. Merge: {command_line(ctx, *words, '--reason', 'WHY')}")
