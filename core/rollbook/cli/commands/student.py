"""Show a person's card."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit
from rollbook.cli.groups import Command
from rollbook.cli.person_text import person_document, print_person
from rollbook.cli.settings import open_desk, settings


@click.command(
    cls=Command,
    examples=("rollbook student northfield 100234", "rollbook student northfield ada@example.org"),
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.argument("key", metavar="KEY")
@click.pass_context
def student(ctx: click.Context, district_id: str, key: str) -> None:
    """Show a person as the directory holds them.

    KEY is a sourcedId, an identifier, a username or an email address. Teachers and guardians are
    found, too.
    """
    from rollbook.desk.people import person

    with open_desk(ctx) as desk:
        view = person(desk, district_id, key)
    if settings(ctx).json:
        emit(person_document(view))
    else:
        print_person(view)
