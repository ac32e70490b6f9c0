"""List a run's changes."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from rollbook.cli.arguments import KINDS, VERBS
from rollbook.cli.change_text import print_change
from rollbook.cli.documents import change_document, emit_stream
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.desk.views import ChangeFilter, Kind, Lane, Verb


@click.command(
    cls=Command,
    examples=(
        "rollbook changes northfield.12 --verb remove",
        "rollbook changes northfield.12 --kind user --search okafor",
        "rollbook changes northfield.12 --hold northfield.12.h1 --format csv > held.csv",
    ),
)
@click.argument("run_id", metavar="RUN")
@click.option("--kind", type=KINDS, help="Only this kind.")
@click.option("--verb", type=VERBS, help="Only this verb.")
@click.option("--school", help="Only this school, by its org id.")
@click.option("--search", help="Only where label or id contains this.")
@click.option("--hold", help="Only what waits for this hold.")
@click.option("--lane", type=click.Choice([lane.value for lane in Lane]), help="Only this lane.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "ndjson"]),
    default="table",
    show_default=True,
)
@click.pass_context
def changes(
    ctx: click.Context,
    run_id: str,
    kind: str | None,
    verb: str | None,
    school: str | None,
    search: str | None,
    hold: str | None,
    lane: str | None,
    form: str,
) -> None:
    """List the changes behind a run's counts.

    The list is streamed: it may be of any length and begins at once. csv and ndjson say nothing
    about the run, so that two runs can be compared with diff.
    """
    from rollbook.desk.change_lists import changes as list_changes
    from rollbook.desk.exports import change_lines

    as_json = settings(ctx).json
    if as_json and form != "table":
        raise click.UsageError("Give --json or --format, not both.", ctx)
    wanted = ChangeFilter(
        kind=Kind(kind) if kind else None,
        verb=Verb(verb) if verb else None,
        school=school,
        search=search,
        hold=hold,
        lane=Lane(lane) if lane else None,
    )
    with open_desk(ctx) as desk:
        listed = list_changes(desk, run_id, wanted)
        if as_json:
            head = {"run": listed.run, "digest": listed.digest, "count": len(listed)}
            emit_stream(head, "changes", (change_document(row) for row in listed))
        elif form == "table":
            for row in listed:
                print_change(row)
        else:
            _write(change_lines(listed, form))


def _write(lines: Iterator[str]) -> None:
    for line in lines:
        sys.stdout.write(line)
