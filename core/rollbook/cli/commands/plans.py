"""List expected-change plans."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.groups import Command
from rollbook.cli.spans import Span, list_spans
from rollbook.desk.plan_views import PlanView


@click.command(cls=Command, examples=("rollbook plans", "rollbook plans northfield --ended"))
@click.argument("district_id", metavar="[ID]", required=False, type=DISTRICT)
@click.option("--ended", is_flag=True, help="Also those that are over.")
@click.pass_context
def plans(ctx: click.Context, district_id: str | None, ended: bool) -> None:
    """List what has been announced for a rollover."""
    from rollbook.desk.plans import plans as list_plans

    list_spans(
        ctx,
        district_id,
        lambda desk: list_plans(desk, district_id, ended=ended),
        _line,
        titles=("plan", "announces"),
        none="Nothing is announced.",
    )


def _line(plan: PlanView) -> Span:
    words = " ".join(line.words for line in plan.lines)
    draft = plan.draft
    return Span(plan.id, plan.state.value, draft.starts, draft.ends, words, plan.reason)
