"""A run in words: what came in, what went in, what waits, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import click

from rollbook.cli.documents import emit, run_document
from rollbook.cli.hold_text import print_hold
from rollbook.cli.plan_text import print_expectation
from rollbook.cli.settings import settings
from rollbook.cli.tables import Column, print_block, print_table, say
from rollbook.cli.words import SIGNS, changes_in_words, command_line, state, when
from rollbook.desk.fact_views import FactsTold
from rollbook.desk.views import (
    Counts,
    ExpectationView,
    Finding,
    Kind,
    RunState,
    RunSummary,
    RunView,
    Verb,
)
from rollbook.roster.states import UNDECIDED

_SHOWN_FINDINGS = 10
_CONSEQUENCES = {
    "account_create": "new accounts",
    "rename": "accounts renamed",
    "move": "accounts moved",
    "suspend": "accounts suspended",
    "reactivate": "accounts back in use",
    "regroup": "accounts in other groups",
    "leave": "accounts to be suspended later",
    "delete": "accounts due to be deleted",
    "notice": "notices sent",
}


def tell_run(ctx: click.Context, view: RunView) -> int:
    """Print a run as it was asked for, as one JSON document or in words; its exit code."""
    if settings(ctx).json:
        emit(run_document(view))
    else:
        print_run(ctx, view)
    return run_exit_code(view)


def print_run(ctx: click.Context, view: RunView) -> None:
    """Print a run: counts, what it did, its open holds with what to type, its findings."""
    summary = view.summary
    if summary.state in (RunState.INPUT_REFUSED, RunState.FETCH_FAILED):
        say(f"{summary.id}  {summary.state.value}")
        say(summary.message)
        say("Nothing was planned, nothing was changed.")
    else:
        say(f"{summary.id}  {summary.state.value}  {summary.message}".rstrip())
    if view.counts:
        say()
        print_counts(view.counts)
    say()
    print_block(
        [
            ("applied", changes_in_words(view.applied)),
            ("waiting", changes_in_words(view.waiting)),
            *((topic.value, _told(told)) for topic, told in view.facts.items()),
            ("pauses", ", ".join(view.pauses)),
            ("students", _students(view)),
            ("consequences", _consequences(view)),
            ("accounts", "wait for the list beside their policy" if view.accounts.unread else ""),
            ("undoes", view.undo_of or ""),
            ("reason", view.reason),
            ("generation", str(view.generation)),
            ("digest", view.digest or ""),
            ("made", f"{when(summary.created_at)} by {summary.created_by}"),
        ]
    )
    if view.expectation is not None and _worth_saying(view.expectation):
        say()
        print_expectation(view.expectation)
    print_findings(ctx, view)
    for hold in view.holds:
        if hold.state in UNDECIDED:
            say()
            print_hold(ctx, hold)
    if summary.state is RunState.READY:
        say()
        print_block(
            [
                ("to let it in", command_line(ctx, "apply", summary.id)),
                ("to reject it", command_line(ctx, "run", "reject", summary.id, "--reason", "WHY")),
            ],
            wrap=False,
        )


def _worth_saying(expectation: ExpectationView) -> bool:
    """Whether there is anything to put the numbers beside."""
    lines = (expectation.whole, *expectation.schools)
    return expectation.plan is not None or any(line.expected_least is not None for line in lines)


def print_counts(counts: Mapping[Kind, Counts]) -> None:
    """Print the preview: one line per kind, numbers of records."""
    titles = ("before", "incoming", "add", "update", "remove", "unknown", "held", "paused")
    columns = [Column("kind"), *(Column(title, right=True) for title in titles)]
    rows = [
        (kind.value, *(getattr(counts[kind], title) for title in titles))
        for kind in Kind
        if kind in counts and counts[kind] != Counts()
    ]
    print_table(columns, rows)


def print_findings(ctx: click.Context, view: RunView) -> None:
    """Print the first findings, errors before warnings, and how to see the others.

    The one that refused the input has been told already.
    """
    refused = view.summary.state is RunState.INPUT_REFUSED
    told = [f for f in view.findings if not (refused and f.message in view.summary.message)]
    if not told:
        return
    say()
    errors = "1 error" if view.findings_error == 1 else f"{view.findings_error:,} errors"
    warnings = "1 warning" if view.findings_warning == 1 else f"{view.findings_warning:,} warnings"
    say(f"Findings: {errors}, {warnings}.")
    ordered = sorted(told, key=lambda finding: finding.severity.value)
    for finding in ordered[:_SHOWN_FINDINGS]:
        say(f"  {finding_in_words(finding)}")
    if len(ordered) > _SHOWN_FINDINGS:
        more = command_line(ctx, "run", "show", view.summary.id, "--json")
        say(f"  and {len(ordered) - _SHOWN_FINDINGS:,} more: {more}")


def finding_in_words(finding: Finding) -> str:
    """Severity, place, what is wrong and what to do, in one line."""
    place = finding.file or ""
    if finding.line is not None:
        place += f", line {finding.line}"
    if finding.field is not None:
        place += f", field {finding.field}"
    rows = f"({finding.count:,} rows)" if finding.count > 1 else ""
    message = f"{place}: {finding.message}" if place else finding.message
    return " ".join(filter(None, (f"{finding.severity.value}:", message, rows, finding.remedy)))


def print_runs(runs: Iterable[RunSummary]) -> None:
    """Print runs as a table."""
    columns = [
        Column("run"),
        Column("kind"),
        Column("state"),
        Column("made"),
        *(Column(SIGNS[verb], right=True) for verb in Verb),
        Column("message", wraps=True),
    ]
    print_table(
        columns,
        [
            (
                run.id,
                run.kind.value,
                state(run.state.value),
                when(run.created_at),
                run.counts.add,
                run.counts.update,
                run.counts.remove,
                run.message,
            )
            for run in runs
        ],
    )


def run_exit_code(view: RunView) -> int:
    """0 where nothing waits for a person, 1 failed, 3 held, 4 refused."""
    match view.summary.state:
        case RunState.INPUT_REFUSED:
            return 4
        case RunState.FETCH_FAILED | RunState.CANCELLED:
            return 1
    waits = any(hold.state in UNDECIDED for hold in view.holds)
    waits = waits or view.accounts.unread
    return 3 if waits or view.summary.state is RunState.HELD else 0


def _consequences(view: RunView) -> str:
    numbers = ((view.consequences.get(name, 0), words) for name, words in _CONSEQUENCES.items())
    return ", ".join(f"{number:,} {words}" for number, words in numbers if number)


def _told(told: FactsTold) -> str:
    students = "1 student" if told.applied == 1 else f"{told.applied:,} students"
    applied = f"{students} up to date" if told.applied else ""
    waiting = f"{told.waiting:,} waiting" if told.waiting else ""
    return ", ".join(filter(None, (applied, waiting)))


def _students(view: RunView) -> str:
    if view.students_expected is None:
        return ""
    return f"{view.students_incoming or 0:,} incoming, {view.students_expected:,} expected"
