"""Validate the configuration."""

from __future__ import annotations

import click

from rollbook.cli.check_text import print_checks
from rollbook.cli.groups import Group
from rollbook.cli.settings import open_desk


@click.group(cls=Group)
def config() -> None:
    """Look after the configuration."""


@config.command(examples=("rollbook config validate",))
@click.pass_context
def validate(ctx: click.Context) -> int:
    """Read every district's file and say what is wrong with it, by file and key.

    Exit code 2 when something is wrong.
    """
    from rollbook.desk.doctor import validate_config

    with open_desk(ctx) as desk:
        checks = validate_config(desk)
    return print_checks(ctx, checks, failed=2)
