"""Notices to people: what was sent, and whether sending works."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT, LIMIT
from rollbook.cli.check_text import print_checks
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Group
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, note, print_table
from rollbook.cli.words import state, when


@click.group(
    cls=Group,
    default="list",
    examples=(
        "rollbook notices",
        "rollbook notices northfield --limit 20",
        "rollbook notices test --to you@example.org",
    ),
)
def notices() -> None:
    """List what people were told, or try out whether they can be. Without a command: list."""


@notices.command("list", examples=("rollbook notices northfield", "rollbook notices list --json"))
@click.argument("district_id", metavar="[ID]", required=False, type=DISTRICT)
@click.option("--limit", type=LIMIT, default=50, show_default=True)
@click.pass_context
def list_notices(ctx: click.Context, district_id: str | None, limit: int) -> None:
    """List notices, newest first, with what became of each."""
    from rollbook.desk.known_districts import expect_district
    from rollbook.desk.noticing import notices as listed

    with open_desk(ctx) as desk:
        found = listed(desk, district_id, limit=limit)
        if not found:
            expect_district(desk, district_id)
    if settings(ctx).json:
        emit(plain(found))
    elif found:
        titles = ("made", "event", "about", "by", "state", "sent")
        print_table(
            [
                *(Column(title, wraps=title == "about") for title in titles),
                Column("tries", right=True),
                Column("message", wraps=True),
            ],
            [
                (
                    when(view.created_at),
                    view.event,
                    view.subject,
                    view.channel,
                    state(view.state.lower()),
                    when(view.sent_at),
                    view.tries,
                    view.message,
                )
                for view in found
            ],
        )
    else:
        note("Nobody was told anything yet.")


@notices.command(
    "test", examples=("rollbook notices test", "rollbook notices test --to you@example.org")
)
@click.option("--to", metavar="ADDRESS", help="Whom to send it to (else whom notices.toml names).")
@click.pass_context
def test_notices(ctx: click.Context, to: str | None) -> int:
    """Send a test by every channel that notices.toml names.

    Exit code 1 when one of them does not take it.
    """
    from rollbook.desk.noticing import try_notices

    with open_desk(ctx) as desk:
        checks = try_notices(desk, to)
    return print_checks(ctx, checks, failed=1)
