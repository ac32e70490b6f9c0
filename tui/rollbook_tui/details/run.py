"""A run with its preview: the counts, what they lead to, what is held, what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from textual.content import Content

from rollbook.desk.views import Counts, Finding, RunView, SchoolCounts, Severity
from rollbook_tui.details.accounts import account_count_lines
from rollbook_tui.details.blocks import (
    Block,
    CountRow,
    count_columns,
    count_lines,
    fact,
    hanging,
    joined,
    kind_rows,
    paragraph,
    section,
)
from rollbook_tui.details.plan import expectation_block, void_lines
from rollbook_tui.finding_words import where
from rollbook_tui.times import ago
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.columns import Placed, headings
from rollbook_tui.words import HOLDS, RUN_KINDS, RUNS, counted, held_what

MOST_SCHOOLS = 40
MOST_FINDINGS = 8

CONSEQUENCES = {
    "account_create": "accounts created",
    "rename": "accounts renamed",
    "move": "accounts moved",
    "suspend": "accounts suspended",
    "notice": "notices sent",
}


def run_detail(run: RunView, now: datetime, width: int) -> Content:
    """Everything about a run that fits a preview; the changes themselves are a key away."""
    schools = [counts for school in run.schools for counts in school.kinds.values()]
    columns = count_columns([*run.counts.values(), *schools], width, "kind")
    return joined(
        [
            _head(run, now),
            section("Held", _holds(run)),
            section("Counts", _counts(run, columns)),
            _expected(run, width),
            section("Accounts" if run.accounts.counts else "Leads to", _consequences(run)),
            section("Findings", _findings(run, width)),
            section("By school", _schools(run, columns)),
            section("Run", _facts(run, width)),
        ]
    )


def _head(run: RunView, now: datetime) -> Block:
    summary = run.summary
    kind = "preview" if summary.preview else RUN_KINDS[summary.kind]
    lines = [
        Content.assemble(
            Content.styled(summary.id, "bold $foreground"), "  ", RUNS[summary.state].both()
        ),
        paragraph(f"{kind}, {ago(summary.created_at, now)}, by {summary.created_by}", "$muted"),
    ]
    if summary.message:
        lines.append(paragraph(summary.message))
    return lines


def _holds(run: RunView) -> Iterable[Content]:
    for hold in run.holds:
        sign = HOLDS[hold.state]
        place = hold.school_name or hold.school or "whole district"
        yield Content.assemble(
            sign.only_mark(),
            Content.styled(f" {hold.count:,} {held_what(hold)}", sign.style),
            Content.styled(f"  {drawable(hold.rule)}, {drawable(place)}, {sign.word}", "$muted"),
        )


def _consequences(run: RunView) -> Iterable[Content]:
    if run.accounts.counts:
        yield from account_count_lines(run.accounts)
        yield paragraph("C lists them, from what to what.", "$muted")
        return
    for name, count in run.consequences.items():
        if count:
            yield Content.assemble(
                (f"{count:>9,} ", "bold"), Content(drawable(CONSEQUENCES.get(name, name)))
            )


def _findings(run: RunView, width: int) -> Iterable[Content]:
    for finding in run.findings[:MOST_FINDINGS]:
        yield from _finding(finding, width)
    more = len(run.findings) - MOST_FINDINGS
    if more > 0:
        yield paragraph(f"and {more:,} more: press f", "$muted")


def _finding(finding: Finding, width: int) -> Iterable[Content]:
    error = finding.severity is Severity.ERROR
    mark = Content.styled("x error  " if error else "! warning", "$remove" if error else "$update")
    place = " ".join(part for part in (where(finding), finding.field) if part)
    times = f"  {finding.count:,} times" if finding.count > 1 else ""
    yield Content.assemble(mark, Content.styled(f" {drawable(place)}{times}", "$muted"))
    yield from hanging(finding.message, width, "$foreground")


def _counts(run: RunView, columns: Placed[CountRow]) -> Iterable[Content]:
    if run.counts:
        yield headings(columns)
        yield from count_lines(kind_rows(run.counts), columns)


def _expected(run: RunView, width: int) -> Block:
    if run.expectation is None:
        return []
    lines = expectation_block(run.expectation, width)
    if run.expectation.plan is not None:
        lines += [fact("plan", run.expectation.plan, width)]
    return [*lines, *void_lines(run.expectation.void, width)]


def _schools(run: RunView, columns: Placed[CountRow]) -> Iterable[Content]:
    schools = sorted(
        (school for school in run.schools if any(map(_moves, school.kinds.values()))),
        key=lambda school: (-_weight(school), school.name),
    )
    for school in schools[:MOST_SCHOOLS]:
        name = school.name or school.school or "No school"
        yield Content.styled(drawable(name), "bold")
        moving = {kind: counts for kind, counts in school.kinds.items() if _moves(counts)}
        yield from count_lines(kind_rows(moving), columns)
    more = len(schools) - MOST_SCHOOLS
    if more > 0:
        yield paragraph(f"and {counted(more, 'school', 'schools')} more: enter lists all", "$muted")


def _moves(counts: Counts) -> bool:
    return bool(counts.add or counts.update or counts.remove or counts.unknown)


def _weight(school: SchoolCounts) -> int:
    return sum(counts.remove * 10 + counts.add for counts in school.kinds.values())


def _facts(run: RunView, width: int) -> Iterable[Content]:
    if run.students_incoming is not None and run.students_expected:
        off = (run.students_incoming - run.students_expected) / run.students_expected
        yield fact(
            "students",
            f"{run.students_incoming:,} incoming, {run.students_expected:,} expected ({off:+.1%})",
            width,
        )
    if run.undo_of:
        yield fact("undoes", run.undo_of, width)
    if run.reason:
        yield fact("reason", run.reason, width)
    for topic, told in run.facts.items():
        waiting = f", {told.waiting:,} waiting" if told.waiting else ""
        students = counted(told.applied, "student", "students")
        yield fact(topic.value, f"{students} up to date{waiting}", width)
    for pause in run.pauses:
        yield fact("pause", pause, width)
    if run.base_generation is not None:
        yield fact("generation", f"{run.base_generation:,} to {run.generation:,}", width)
    if run.digest:
        yield fact("digest", Content.styled(drawable(run.digest[:19]) + "…", "$muted"), width)
    if total := _total(run.timings):
        yield fact("took", f"{total:.1f} s", width)


def _total(timings: Mapping[str, float]) -> float:
    return timings.get("total", 0.0)
