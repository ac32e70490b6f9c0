"""End a pause."""

from __future__ import annotations

import click

from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import note, say
from rollbook.cli.words import command_line, when


@click.command(cls=Command, examples=("rollbook resume northfield.p3",))
@click.argument("pause_id", metavar="PAUSE")
@click.pass_context
def resume(ctx: click.Context, pause_id: str) -> None:
    """End a pause. What waited for it goes in with the next sync."""
    from rollbook.desk.pausing import resume as resume_pause

    with open_desk(ctx) as desk:
        view = resume_pause(desk, pause_id)
    if settings(ctx).json:
        emit(plain(view))
    else:
        say(f"{view.id}  resumed {when(view.resumed_at)}")
        note(f"Let in what waited: {command_line(ctx, 'sync', view.district)}")
