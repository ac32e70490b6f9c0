"""Expected-change plans, and what they make of a preview."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from textual.content import Content

from rollbook.desk.hold_reason import HoldReason
from rollbook.desk.plan_views import (
    ExpectationView,
    PlanLine,
    PlanState,
    PlanView,
    SchoolExpectation,
    TriedPlan,
)
from rollbook.desk.views import Kind
from rollbook_tui.details.blocks import bar, fact_lines, hanging, section
from rollbook_tui.times import stamp
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.columns import Column, headings, line, place
from rollbook_tui.words import VERBS, Sign, kind_word

STATES: dict[PlanState, Sign] = {
    PlanState.PROPOSED: Sign("?", "proposed", "$held"),
    PlanState.COMING: Sign("·", "coming", "$primary"),
    PlanState.IN_FORCE: Sign("*", "in force", "bold $primary"),
    PlanState.OVER: Sign("✓", "over", "$muted"),
    PlanState.ENDED: Sign("x", "ended", "$muted"),
}


def plan_lines(plan: PlanView, width: int) -> Iterator[Content]:
    """A plan in full: what it announces, how much of that has come, who stands for it."""
    draft = plan.draft
    yield Content.assemble(
        (drawable(plan.id), "bold"), "  ", STATES[plan.state].both(), f"  {draft.starts} to "
    ).append(f"{draft.ends}")
    if plan.state is PlanState.PROPOSED:
        yield from hanging("It counts once somebody else has agreed to it.", width, by=0)
    yield Content("")
    yield from announced(plan.lines, width)
    yield Content("")
    yield from fact_lines("reason", plan.reason, width)
    yield from fact_lines("proposed", f"by {plan.created_by}, {stamp(plan.created_at)}", width)
    if plan.agreed_at is not None:
        yield from fact_lines("agreed", f"by {plan.agreed_by}, {stamp(plan.agreed_at)}", width)
    if plan.ended_at is not None:
        yield from fact_lines("ended", f"by {plan.ended_by}, {stamp(plan.ended_at)}", width)


def announced(lines: Iterable[PlanLine], width: int) -> Iterator[Content]:
    """What a plan announces, line by line; with a bar where a number is named."""
    for item in lines:
        yield from hanging(item.words, width, "$foreground", by=0)
        if item.done is None:
            continue
        if item.most is not None:
            yield Content.assemble(
                "  ", bar(item.done, item.most, "$primary", 10), f" {item.done:,} of {item.most:,}"
            )
        else:
            yield Content.styled(f"  {item.done:,} by now", "$muted")


def tried_lines(tried: TriedPlan, width: int) -> Iterator[Content]:
    """What a draft would make of a run."""
    if tried.judged:
        yield from hanging(tried.judged, width, by=0)
    splits = [c for verbs in tried.expectation.whole.splits.values() for c in verbs.values()]
    expected = sum(count.expected for count in splits)
    deviating = sum(count.deviating for count in splits)
    yield Content.assemble(
        (f"{expected:,}", "bold $primary"),
        f" of {tried.changes:,} changes of {drawable(tried.run)} are expected",
    ).truncate(width, ellipsis=True)
    yield bar(expected, tried.changes, "$primary", min(width, 40))
    style = "bold $held" if deviating else "$muted"
    yield Content.assemble((f"{deviating:,}", style), " deviate from the plan")
    yield Content.assemble(
        (f"{tried.held:,}", "bold $held" if tried.held else "bold"),
        f" would wait for a decision; without the plan {tried.held_without:,}",
    ).truncate(width, ellipsis=True)
    blocks = (
        section("Void", void_lines(tried.expectation.void, width)),
        section("Held", _holds(tried.holds, width)),
        section("Announced", _drafted(tried.lines, width)),
        expectation_block(tried.expectation, width),
    )
    for block in filter(None, blocks):
        yield Content("")
        yield from block


def _drafted(lines: Iterable[PlanLine], width: int) -> Iterator[Content]:
    for item in lines:
        most = f" At most {item.most:,}." if item.most is not None else ""
        yield from hanging(item.words + most, width, "$foreground", by=0)


def expectation_block(view: ExpectationView, width: int) -> list[Content]:
    """Students and changes beside what was expected of them; nothing where nothing was."""
    schools = [school for school in (view.whole, *view.schools) if school.before or school.incoming]
    if view.plan is None and all(school.expected_least is None for school in schools):
        return []
    rows = sorted(schools, key=lambda school: (school.school is not None, _worth(school)))
    found = section("Students", _students(rows, width))
    splits = section("Expected and deviating", _split_lines(view.whole, width))
    return [*found, *([Content("")] if found and splits else []), *splits]


def range_words(school: SchoolExpectation) -> str:
    """``590-640``, with a mark where the number of students is outside."""
    if school.expected_least is None or school.expected_most is None:
        return ""
    one = school.expected_least == school.expected_most
    words = f"{school.expected_least:,}" + ("" if one else f"-{school.expected_most:,}")
    return words if school.as_expected else f"! {words}"


def _worth(school: SchoolExpectation) -> int:
    """The order of schools: what is not as expected, what nothing is known of, the rest."""
    return {False: 0, None: 1, True: 2}[school.as_expected]


def _students(rows: Sequence[SchoolExpectation], width: int) -> Iterator[Content]:
    if not rows:
        return
    columns: list[Column[SchoolExpectation]] = [
        Column("", lambda s: Content(drawable(s.name or "whole district")), 12, grows=True),
        Column("now", lambda s: Content.styled(f"{s.before:,}", "$muted"), 7, 3, right=True),
        Column("incoming", lambda s: Content(f"{s.incoming:,}"), 8, right=True),
        Column("new", lambda s: _signed("+", s.new, "$add"), 6, 2, right=True),
        Column("leaving", lambda s: _signed("-", s.leaving, "$remove"), 7, 2, right=True),
        Column("expected", _expected, 13, 1, right=True),
    ]
    if any(school.last_year is not None for school in rows):
        columns.append(Column("last year", _last_year, 9, 4, right=True))
    placed = place(columns, width)
    yield headings(placed)
    for school in rows:
        yield line(school, placed)


def _split_lines(whole: SchoolExpectation, width: int) -> Iterator[Content]:
    for kind in Kind:
        for verb, count in whole.splits.get(kind, {}).items():
            sign = VERBS[verb]
            style = "bold $held" if count.deviating else "$dimmed"
            yield Content.assemble(
                (f"{sign.mark} {kind_word(kind)}".ljust(18), sign.style),
                (f"{count.expected:>8,} expected", "$foreground"),
                (f"{count.deviating:>8,} deviating", style),
            ).truncate(width, ellipsis=True)


def void_lines(void: Iterable[str], width: int) -> Iterator[Content]:
    """Why a plan does not count here or there."""
    for why in void:
        first, *rest = hanging(why, width, "$foreground")
        yield Content.assemble(("! ", "bold $held"), first.plain.strip())
        yield from rest


def _holds(holds: Iterable[HoldReason], width: int) -> Iterator[Content]:
    for hold in holds:
        where = f" at {hold.school_name}" if hold.school_name else ""
        yield Content.styled(f"! {hold.rule} {drawable(hold.title)}{drawable(where)}", "$held")
        yield from hanging(hold.why, width)


def _signed(sign: str, count: int, style: str) -> Content:
    return Content.styled(f"{sign}{count:,}", style) if count else Content.styled("·", "$dimmed")


def _expected(school: SchoolExpectation) -> Content:
    words = range_words(school)
    return Content.styled(words, "bold $held" if words.startswith("!") else "$foreground")


def _last_year(school: SchoolExpectation) -> Content:
    return Content.styled("" if school.last_year is None else f"{school.last_year:,}", "$muted")
