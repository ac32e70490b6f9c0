"""Say that two people are two people."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import say


@click.command(cls=Command, examples=("rollbook distinct northfield 100234 100871",))
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.pass_context
def distinct(ctx: click.Context, district_id: str, a: str, b: str) -> None:
    """Say that two people are two people, so that the pair is not proposed again."""
    from rollbook.desk.people import distinct as tell_apart

    with open_desk(ctx) as desk:
        tell_apart(desk, district_id, a, b)
    if settings(ctx).json:
        emit({"district": district_id, "a": a, "b": b, "distinct": True})
    else:
        say(f"{a} and {b} are two people; the pair will not be proposed again.")
