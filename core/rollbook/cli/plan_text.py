"""Plans, and previews beside what was expected of them, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rollbook.cli.tables import Column, print_block, print_table, say
from rollbook.cli.words import when
from rollbook.desk.plan_views import (
    ExpectationView,
    PlanLine,
    PlanView,
    SchoolExpectation,
    TriedPlan,
)
from rollbook.desk.views import Kind


def print_plan(view: PlanView) -> None:
    """Print a plan: what it announces, what has gone in under it, and who stands for it."""
    say(f"{view.id}  {view.state.value}  {view.draft.starts} to {view.draft.ends}")
    _print_lines(view.lines)
    say()
    print_block(
        [
            ("reason", view.reason),
            ("proposed", f"{when(view.created_at)} by {view.created_by}"),
            ("agreed", _by(view.agreed_at, view.agreed_by)),
            ("ended", _by(view.ended_at, view.ended_by)),
        ]
    )


def print_tried(view: TriedPlan) -> None:
    """Print what a draft would expect of a run, and what would be held."""
    say(" ".join(filter(None, (f"On {view.run}.", view.judged, "Nothing is saved."))))
    _print_lines(view.lines)
    say()
    print_expectation(view.expectation)
    say()
    say(
        f"{view.held:,} of {view.changes:,} changes would wait for a decision; "
        f"without the plan it is {view.held_without:,}."
    )
    for hold in view.holds:
        say(f"  {hold.rule} {hold.title}: {hold.why}")


def print_expectation(view: ExpectationView) -> None:
    """Print the students who come beside those who were expected, and what deviates from the
    plan."""
    lines = [view.whole, *view.schools]
    if any(line.before or line.incoming for line in lines):
        titles = ("before", "incoming", "new", "leaving", "expected", "last year")
        columns = [Column("students", wraps=True), *(Column(t, right=True) for t in titles)]
        print_table(columns, [_students(line) for line in lines])
    if view.plan is not None:
        say()
        _print_splits(view)


def _print_splits(view: ExpectationView) -> None:
    columns = [Column("kind"), Column("verb"), Column("expected", right=True)]
    rows = [
        (kind.value, verb.value, count.expected, count.deviating)
        for kind in Kind
        for verb, count in view.whole.splits.get(kind, {}).items()
    ]
    if rows:
        print_table([*columns, Column("deviating", right=True)], rows)
    for why in view.void:
        say(f"The plan does not count here. {why}")


def _students(line: SchoolExpectation) -> tuple[str | int, ...]:
    expected = "-"
    if line.expected_least is not None and line.expected_most is not None:
        same = line.expected_least == line.expected_most
        expected = f"{line.expected_least:,}" + ("" if same else f" to {line.expected_most:,}")
        expected += "" if line.as_expected else " !"
    last_year = "-" if line.last_year is None else f"{line.last_year:,}"
    return (line.name, line.before, line.incoming, line.new, line.leaving, expected, last_year)


def _print_lines(lines: Iterable[PlanLine]) -> None:
    for line in lines:
        most = f" of {line.most:,}" if line.most is not None else ""
        done = f" ({line.done:,}{most} by now)" if line.done is not None else ""
        say(f"  {line.words}{done}")


def _by(at: datetime | None, who: str | None) -> str:
    return f"{when(at)} by {who}" if who else ""
