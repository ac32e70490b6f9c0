"""Is everything in order."""

from __future__ import annotations

import click

from rollbook.cli.check_text import print_checks
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk


@click.command(cls=Command, examples=("rollbook doctor", "rollbook doctor --json"))
@click.pass_context
def doctor(ctx: click.Context) -> int:
    """Say whether everything is in order, and what to do where it is not.

    Exit code 1 when something is not.
    """
    from rollbook.desk.doctor import doctor as examine

    with open_desk(ctx) as desk:
        checks = examine(desk)
    return print_checks(ctx, checks, failed=1)
