"""Sync one district, several or all."""

from __future__ import annotations

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit, run_document
from rollbook.cli.failures import describe, document_of, tell
from rollbook.cli.groups import Command
from rollbook.cli.progress import progress
from rollbook.cli.run_text import print_run, run_exit_code, tell_run
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import note, say
from rollbook.desk.views import RunView
from rollbook.errors import NotPermitted, RollbookError

URGENCY = (4, 1, 2, 6, 5, 3, 0)
"""Exit codes of several districts, the most urgent first: no data at all before a decision."""


@click.command(
    cls=Command,
    examples=(
        "rollbook sync northfield --preview",
        "rollbook sync northfield",
        "rollbook sync northfield lakeside --json",
        "rollbook sync --all",
    ),
)
@click.argument("district_ids", metavar="ID...", nargs=-1, type=DISTRICT)
@click.option("--all", "every", is_flag=True, help="Every district.")
@click.option("--preview", is_flag=True, help="Stop when the changeset is saved and judged.")
@click.pass_context
def sync(ctx: click.Context, district_ids: tuple[str, ...], every: bool, preview: bool) -> int:
    """Read a district's source, compare, judge, and apply what no rule holds.

    With --preview nothing is applied; see the changeset, then let it in with `rollbook apply`.

    Exit code 3: something is held, or accounts wait for the list beside their policy; 4: the input
    was refused; 1: the source could not be read. With several districts the most urgent one's, in
    the order 4, 1, 2, 6, 5, 3, 0.
    """
    if every == bool(district_ids):
        raise click.UsageError("Name the districts, or give --all, not both.", ctx)
    if not every and len(district_ids) == 1:
        view = _sync(ctx, district_ids[0], preview)
        return tell_run(ctx, view)
    ended = [(id_, _try(ctx, id_, preview)) for id_ in district_ids or _all(ctx)]
    if settings(ctx).json:
        emit([_document(id_, end) for id_, end in ended])
    else:
        for number, (id_, end) in enumerate(ended):
            if number:
                say()
            if isinstance(end, RunView):
                print_run(ctx, end)
            else:
                say(f"{id_}  {tell(end)}")
        if not ended:
            note("No districts yet.")
    return min((_exit_code(end) for _, end in ended), key=URGENCY.index, default=0)


def _all(ctx: click.Context) -> list[str]:
    from rollbook.desk.districts import districts

    with open_desk(ctx) as desk:
        return [district.id for district in districts(desk)]


def _sync(ctx: click.Context, district_id: str, preview: bool) -> RunView:
    from rollbook.desk.syncing import sync as sync_district

    with open_desk(ctx) as desk, progress() as report:
        return sync_district(desk, district_id, preview=preview, progress=report)


def _try(ctx: click.Context, district_id: str, preview: bool) -> RunView | RollbookError:
    """One of several: what is wrong with one district does not keep the others waiting."""
    try:
        return _sync(ctx, district_id, preview)
    except NotPermitted:
        raise
    except RollbookError as error:
        return error


def _document(district_id: str, end: RunView | RollbookError) -> dict[str, object]:
    if isinstance(end, RunView):
        return run_document(end)
    return {"district": district_id, **document_of(end)}


def _exit_code(end: RunView | RollbookError) -> int:
    return run_exit_code(end) if isinstance(end, RunView) else describe(end)[1]
