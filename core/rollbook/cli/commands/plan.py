"""Announce what a rollover will change, look at it, try it, agree to it, end it."""

from __future__ import annotations

import json
from datetime import date

import click

from rollbook.cli.arguments import DAY, DISTRICT
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Group
from rollbook.cli.plan_options import PlanOptions, plan_options
from rollbook.cli.plan_text import print_plan, print_tried
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import note
from rollbook.cli.words import command_line
from rollbook.desk.plan_views import PlanView


@click.group(cls=Group)
def plan() -> None:
    """Announce what a rollover will change, so that only what deviates from it is held."""


@plan.command(
    examples=(
        "rollbook plan add northfield --from 2026-06-15 --to 2026-07-31 --graduates 12 \\",
        "    --promotion --classes replaced --move '05 Elm School -> Central Middle' \\",
        "    --new 'KG 180-240' --total 'Central Middle 590-640' --reason 'rollover 2026'",
        "rollbook plan suggest northfield --from 2026-06-15 --to 2026-07-31 > plan.json",
        "rollbook plan add northfield --draft plan.json --reason 'rollover 2026'",
    )
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@plan_options
@click.option("--reason", required=True, help="Why; it is kept in the audit trail.")
@click.pass_context
def add(ctx: click.Context, /, district_id: str, reason: str, **options: object) -> None:
    """Propose a plan; it counts once a second person has agreed to it.

    What it names goes in without a hold from the first day to the last, both included; everything
    else is judged as ever. Schools are named by id or name, and what may be repeated may as well
    be one list: '12; 08 at Elm School <= 40'. The form in the console takes the same.
    """
    from rollbook.desk.plans import add_plan, schools_to_name

    given = PlanOptions.of(options)
    with open_desk(ctx) as desk:
        draft = given.drafted(lambda: schools_to_name(desk, district_id))
        view = add_plan(desk, district_id, draft, reason=reason)
    _print(ctx, view)
    if not settings(ctx).json:
        note(f"Somebody else agrees to it: {command_line(ctx, 'plan', 'agree', view.id)}")


@plan.command(
    name="try",
    examples=(
        "rollbook plan try northfield --from 2026-06-15 --to 2026-07-31 --graduates 12 --promotion",
        "rollbook plan try northfield --run northfield.41 --from 2026-06-15 --to 2026-07-31 \\",
        "    --suggested",
    ),
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@plan_options
@click.option("--run", "run_id", metavar="RUN", help="The run to try it on; else the newest.")
@click.option("--suggested", is_flag=True, help="Try the plan of an ordinary rollover.")
@click.pass_context
def try_(
    ctx: click.Context,
    /,
    district_id: str,
    run_id: str | None,
    suggested: bool,
    **options: object,
) -> None:
    """Say what a plan would expect of a previewed run, and what would be held. Saves nothing."""
    from rollbook.desk.plans import schools_to_name, suggested_plan
    from rollbook.desk.trying_plans import try_plan

    given = PlanOptions.of(options)
    with open_desk(ctx) as desk:
        if suggested:
            draft = suggested_plan(desk, district_id, *given.days_alone())
        else:
            draft = given.drafted(lambda: schools_to_name(desk, district_id))
        view = try_plan(desk, district_id, draft, run_id)
    if settings(ctx).json:
        emit(plain(view))
    else:
        print_tried(view)


@plan.command(
    examples=("rollbook plan suggest northfield --from 2026-06-15 --to 2026-07-31 > plan.json",)
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.option("--from", "starts", type=DAY, required=True, metavar="DATE", help="The first day.")
@click.option("--to", "ends", type=DAY, required=True, metavar="DATE", help="The last day.")
@click.pass_context
def suggest(ctx: click.Context, district_id: str, starts: date, ends: date) -> None:
    """Print the plan of an ordinary rollover, with the numbers of today, as JSON.

    Change in it what is otherwise here; `plan add --draft` and `plan try --draft` take it in.
    """
    from rollbook.desk.plans import suggested_plan

    with open_desk(ctx) as desk:
        draft = suggested_plan(desk, district_id, starts, ends)
    click.echo(json.dumps(plain(draft), indent=2))


@plan.command(examples=("rollbook plan show northfield.e1",))
@click.argument("plan_id", metavar="PLAN")
@click.pass_context
def show(ctx: click.Context, plan_id: str) -> None:
    """Show what a plan announces, and what has gone in under it."""
    from rollbook.desk.plans import plan as show_plan

    with open_desk(ctx) as desk:
        view = show_plan(desk, plan_id)
    _print(ctx, view)


@plan.command(examples=("rollbook plan agree northfield.e1",))
@click.argument("plan_id", metavar="PLAN")
@click.pass_context
def agree(ctx: click.Context, plan_id: str) -> None:
    """Agree to a plan that somebody else has proposed. Exit code 5: it was you."""
    from rollbook.desk.plans import agree_to_plan

    with open_desk(ctx) as desk:
        view = agree_to_plan(desk, plan_id)
    _print(ctx, view)


@plan.command(examples=("rollbook plan end northfield.e1",))
@click.argument("plan_id", metavar="PLAN")
@click.pass_context
def end(ctx: click.Context, plan_id: str) -> None:
    """End a plan now. What it let through and has not gone in yet has to be judged anew."""
    from rollbook.desk.plans import end_plan

    with open_desk(ctx) as desk:
        view = end_plan(desk, plan_id)
    _print(ctx, view)


def _print(ctx: click.Context, view: PlanView) -> None:
    if settings(ctx).json:
        emit(plain(view))
    else:
        print_plan(view)
