"""The audit trail."""

from __future__ import annotations

import json
from pathlib import Path

import click

from rollbook.cli.arguments import DISTRICT, LIMIT
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Group
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, note, print_table, say


@click.group(
    cls=Group,
    default="list",
    examples=("rollbook audit", "rollbook audit northfield --limit 20", "rollbook audit verify"),
)
def audit() -> None:
    """Show the audit trail, or verify its chain. Without a command: list."""


@audit.command(
    "list", examples=("rollbook audit northfield --limit 20", "rollbook audit list --json")
)
@click.argument("district_id", metavar="[ID]", required=False, type=DISTRICT)
@click.option("--limit", type=LIMIT, default=500, show_default=True)
@click.pass_context
def list_entries(ctx: click.Context, district_id: str | None, limit: int) -> None:
    """List what was done, by whom and when, newest first."""
    from rollbook.desk.auditing import audit as list_audit

    with open_desk(ctx) as desk:
        entries = list_audit(desk, district_id, limit=limit)
    if settings(ctx).json:
        emit(plain(entries))
    elif entries:
        titles = ("at", "who", "event", "district", "subject", "what")
        print_table(
            [
                Column("seq", right=True),
                *(Column(title, wraps=title in ("subject", "what")) for title in titles),
            ],
            [
                (
                    str(entry.seq),
                    f"{entry.at:%Y-%m-%d %H:%M:%SZ}",
                    entry.who,
                    entry.event,
                    entry.district or "-",
                    entry.subject or "-",
                    json.dumps(plain(entry.body), ensure_ascii=False) if entry.body else "",
                )
                for entry in entries
            ],
        )
    else:
        note("Nothing was done yet.")


@audit.command(
    examples=("rollbook audit verify", "rollbook audit verify --head /mnt/other/audit-head")
)
@click.option(
    "--head",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where the head was noted (else what HOME/audit.toml names).",
)
@click.pass_context
def verify(ctx: click.Context, head: Path | None) -> int:
    """Verify that no entry of the trail was changed, added or taken out.

    Where the head of the trail is noted in a second place, the trail has to go on from there.

    Exit code 1 when it does not, or when the chain is broken.
    """
    from rollbook.desk.auditing import verify as verify_chain

    with open_desk(ctx) as desk:
        verdict = verify_chain(desk, head)
    if settings(ctx).json:
        emit(plain(verdict))
    else:
        say(verdict.message)
        say(f"{verdict.entries:,} entries, head {verdict.head}")
    return 0 if verdict.ok else 1
