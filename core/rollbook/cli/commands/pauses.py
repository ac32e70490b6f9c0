"""List pauses."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.groups import Command
from rollbook.cli.spans import Span, list_spans
from rollbook.desk.views import PauseView


@click.command(cls=Command, examples=("rollbook pauses", "rollbook pauses northfield --ended"))
@click.argument("district_id", metavar="[ID]", required=False, type=DISTRICT)
@click.option("--ended", is_flag=True, help="Also those that are over.")
@click.pass_context
def pauses(ctx: click.Context, district_id: str | None, ended: bool) -> None:
    """List pauses."""
    from rollbook.desk.pausing import pauses as list_pauses

    list_spans(
        ctx,
        district_id,
        lambda desk: list_pauses(desk, district_id, ended=ended),
        _line,
        titles=("pause", "what"),
        none="Nothing is paused.",
    )


def _line(pause: PauseView) -> Span:
    words = "resumed" if pause.resumed_at else "paused" if pause.active else "not today"
    return Span(pause.id, words, pause.starts, pause.ends, pause.words, pause.reason)
