"""A change in words: sign, verb, kind, who, and each field before and after."""

from __future__ import annotations

import click

from rollbook.cli.person_text import shown
from rollbook.cli.plain import visible
from rollbook.cli.tables import coloured
from rollbook.cli.words import SIGNS
from rollbook.desk.views import ChangeRow, Lane, Verb

_COLOURS: dict[Verb, str | int] = {Verb.ADD: "cyan", Verb.UPDATE: "yellow", Verb.REMOVE: 208}


def print_change(row: ChangeRow) -> None:
    """Print a change in a line, and an update's fields below it."""
    head = f"{SIGNS[row.verb]} {row.verb.value:<6} {row.kind.value:<16}"
    lane = (
        f"{row.lane.value} ({row.hold})" if row.lane is Lane.HELD and row.hold else row.lane.value
    )
    rest = "  ".join(filter(None, (row.id, row.label, row.school_name, lane)))
    if coloured():
        head = click.style(head, fg=_COLOURS[row.verb])
    click.echo(f"{head}  {visible(rest)}")
    if row.verb is Verb.UPDATE:
        before, after = row.before or {}, row.after or {}
        for field in [*before, *(name for name in after if name not in before)]:
            old, new = (shown(side.get(field)) or "nothing" for side in (before, after))
            click.echo(visible(f"      {field}: {old} -> {new}"))
