"""Rollover checklists."""

from __future__ import annotations

from pathlib import Path

import click

from rollbook.cli.arguments import DISTRICT
from rollbook.cli.documents import emit, plain
from rollbook.cli.groups import Command
from rollbook.cli.settings import open_desk, settings
from rollbook.cli.tables import Column, Styled, print_table, say
from rollbook.cli.tables import note as tell
from rollbook.cli.words import when
from rollbook.desk.views import ChecklistView, StepState

_MARKS = {
    StepState.DONE: Styled("[x] done", "cyan"),
    StepState.OPEN: Styled("[ ] open", ""),
    StepState.BLOCKED: Styled("[!] blocked", "bold dark_orange"),
}


@click.command(
    cls=Command,
    examples=(
        "rollbook checklist northfield",
        "rollbook checklist northfield end-of-year",
        "rollbook checklist northfield end-of-year --done grading --note 'closed on 12 June'",
        "rollbook checklist northfield roll-up --note-on rolled-up --note 'asked Ms Ortiz'",
        "rollbook checklist northfield back-to-school --export back-to-school.md",
    ),
)
@click.argument("district_id", metavar="ID", type=DISTRICT)
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--done", metavar="STEP", help="Tick a step.")
@click.option("--undone", metavar="STEP", help="Take the tick of a step away.")
@click.option("--note-on", metavar="STEP", help="Put a note on a step; it stands as it does.")
@click.option("--note", default="", help="What to remember with it.")
@click.option("--export", type=click.Path(path_type=Path), help="Write it as Markdown to a file.")
@click.option("--markdown", is_flag=True, help="Print the checklist as Markdown.")
@click.pass_context
def checklist(
    ctx: click.Context,
    district_id: str,
    name: str | None,
    done: str | None,
    undone: str | None,
    note_on: str | None,
    note: str,
    export: Path | None,
    markdown: bool,
) -> None:
    """List a district's checklists, show one, or tick a step of it.

    Steps that the data can tell tick themselves; the others are ticked by hand.
    """
    as_json = settings(ctx).json
    acts = [step for step in (done, undone, note_on) if step]
    if name is None:
        if acts or note or markdown or export:
            raise click.UsageError("Name the checklist.", ctx)
        _list(ctx, district_id)
        return
    if len(acts) > 1:
        raise click.UsageError("Give one of --done, --undone and --note-on.", ctx)
    if note and not acts:
        raise click.UsageError("--note goes with --done, --undone or --note-on.", ctx)
    if markdown and as_json:
        raise click.UsageError("Give --json or --markdown, not both.", ctx)
    from rollbook.desk.checklist_documents import checklist_markdown, export_checklist
    from rollbook.desk.checklists import checklist as show_checklist
    from rollbook.desk.checklists import put_note, tick

    with open_desk(ctx) as desk:
        if note_on:
            view = put_note(desk, district_id, name, note_on, note)
        elif acts:
            view = tick(desk, district_id, name, acts[0], note=note, done=bool(done))
        else:
            view = show_checklist(desk, district_id, name)
    if export is not None:
        export_checklist(view, export)
        tell(f"Written to {export}.")
    if as_json:
        emit(plain(view))
    elif markdown:
        click.echo(checklist_markdown(view), nl=False)
    elif export is None:
        _print(view)


def _list(ctx: click.Context, district_id: str) -> None:
    from rollbook.desk.checklists import checklists

    with open_desk(ctx) as desk:
        found = checklists(desk, district_id)
    if settings(ctx).json:
        emit(plain(found))
        return
    columns = [
        Column("checklist"),
        Column("title", wraps=True),
        Column("done"),
        Column("due"),
        Column("next step", wraps=True),
    ]
    print_table(
        columns,
        [
            (c.name, c.title, f"{c.done} of {c.total}", "due" if c.due else "", c.next_step or "-")
            for c in found
        ],
    )


def _print(view: ChecklistView) -> None:
    summary = view.summary
    say(f"{summary.title}, {summary.district}: {summary.done} of {summary.total} done")
    say(f"{view.intro} ({view.period}; {view.source})")
    say()
    wide = ("what", "evidence", "note")
    columns = [Column("state"), Column("step"), *(Column(title, wraps=True) for title in wide)]
    rows = []
    for step in view.steps:
        by = f"{when(step.noted_at)} by {step.noted_by}" if step.done_by or step.note else ""
        evidence = " ".join(filter(None, (step.evidence, by)))
        rows.append((_MARKS[step.state], step.id, step.title, evidence, step.note or ""))
    print_table(columns, rows)
