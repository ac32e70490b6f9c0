"""A held deletion, so that it can be decided: why, how much, what waits with it, what is in it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from textual.content import Content

from rollbook.desk.account_views import AccountChangeRow, AccountCounts, AccountVerb
from rollbook.desk.views import ChangeRow, HoldState, HoldView, Lane, Verb
from rollbook_tui.details.accounts import account_count_lines, first_accounts
from rollbook_tui.details.blocks import Block, bar, fact, joined, paragraph, section
from rollbook_tui.times import ago, span, until
from rollbook_tui.untrusted import drawable
from rollbook_tui.words import HOLDS, VERBS, counted, held_what, kind_word

FIRST_CHANGES = 5


def hold_detail(
    hold: HoldView,
    first: Sequence[ChangeRow],
    now: datetime,
    width: int,
    accounts: Sequence[AccountChangeRow] = (),
) -> Content:
    """Everything about a hold; ``first`` are the first of its changes, or ``accounts`` those of
    its account changes."""
    return joined(
        [
            _head(hold, width),
            section("Why", [paragraph(hold.why)] if hold.why else []),
            section("Likely cause", [paragraph(hold.cause)] if hold.cause else []),
            section("Waits with it", _covers(hold)),
            section("Decision", _decision(hold, now, width)),
            section(f"The first of {hold.count:,} changes", _first(first, width)),
            section(f"The first of {hold.count:,} accounts", first_accounts(accounts, width)),
            section("On the command line", [paragraph(command_line(hold), "$muted")]),
        ]
    )


def command_line(hold: HoldView) -> str:
    """The command that approves it."""
    return (
        shlex.join(
            ["rollbook", "hold", "approve", hold.id, "--confirm", str(hold.count), "--reason"]
        )
        + ' "…"'
    )


def where(hold: HoldView) -> str:
    """The school that a hold is about, or the whole district."""
    return hold.school_name or hold.school or "whole district"


def people_wanted(hold: HoldView) -> str:
    """How many people have to agree and who has; empty where one is enough."""
    if hold.approvers < 2:
        return ""
    given = len(hold.approvals) if not hold.single_operator else hold.approvers - hold.missing
    wanted = "one operator, twice" if hold.single_operator else f"{hold.approvers} people"
    if not hold.approvals:
        return f"Wants {wanted}."
    names = " and ".join(approval.who for approval in hold.approvals)
    return f"Wants {wanted}: {given} of {hold.approvers}, {names}."


def headline(hold: HoldView) -> Content:
    """``- 28 of 138 students``; the sign is that of the one verb that is held."""
    sign = VERBS[hold.verb] if hold.verb else None
    style = sign.style if sign else "$held"
    of = f" of {hold.base:,}" if hold.base else ""
    return Content.assemble(
        Content.styled(
            f"{sign.mark} {hold.count:,}" if sign else f"{hold.count:,}", f"bold {style}"
        ),
        Content.styled(f"{of} {held_what(hold)}", "bold $foreground"),
    )


def _head(hold: HoldView, width: int) -> Block:
    lines = [headline(hold), Content.styled(drawable(where(hold)), "bold $foreground")]
    if hold.base:
        style = VERBS[hold.verb].style if hold.verb else "$held"
        share = Content.styled(f" {hold.percent:.1f} %", "bold")
        lines.append(bar(hold.count, hold.base, style, max(10, width // 3)) + share)
    rule = Content.styled(f"  {drawable(hold.rule)}: {drawable(hold.title)}", "$muted")
    lines.append(HOLDS[hold.state].both() + rule)
    return lines


def _covers(hold: HoldView) -> Iterable[Content]:
    if hold.of_accounts:
        counts = {verb: sum(hold.covers.get(verb, {}).values()) for verb in AccountVerb}
        yield from account_count_lines(AccountCounts(counts))
    for verb in Verb:
        kinds = hold.covers.get(verb, {})
        sign = VERBS[verb]
        for kind, count in kinds.items():
            if count:
                yield Content.assemble(
                    Content.styled(f"{sign.mark} {sign.word:<7}", sign.style),
                    Content.styled(f"{count:>9,} ", "bold"),
                    Content(_kind_word(kind, count)),
                )
    if hold.whole_run:
        yield paragraph("The whole changeset waits for this decision:", "$held")
    if hold.waiting:
        yield paragraph(f"{counted(hold.waiting, 'change waits', 'changes wait')}.", "$held")


def _decision(hold: HoldView, now: datetime, width: int) -> Iterable[Content]:
    yield fact("held", f"{ago(hold.created_at, now)}, by run {hold.run}", width)
    if hold.state in {HoldState.OPEN, HoldState.SNOOZED}:
        yield fact("expires", until(hold.expires_at, now), width)
        if hold.snoozed_until is not None:
            yield fact("snoozed", f"for another {span(hold.snoozed_until - now)}", width)
        asked = f"type {hold.count:,}" if hold.rung == 2 else "yes or no"
        yield fact("to approve", f"{asked}, with a reason", width)
        if people := people_wanted(hold):
            yield paragraph(people, "$held")
        if hold.relinkable:
            yield paragraph("Or re-link (R): nothing is lost then.", "$primary")
    if hold.decided_at is not None:
        yield fact(
            "decided", f"{ago(hold.decided_at, now)}, by {hold.decided_by or 'unknown'}", width
        )
    if hold.reason:
        yield fact("reason", hold.reason, width)
    yield fact("digest", Content.styled(drawable(hold.digest[:19]) + "…", "$muted"), width)


def _first(rows: Sequence[ChangeRow], width: int) -> Iterable[Content]:
    from rollbook_tui.widgets.field_changes import change_lines

    for row in rows:
        # All of them are held; that need not be said of each.
        for line in change_lines(replace(row, lane=Lane.READY), most=3):
            yield line.truncate(width, ellipsis=True)


def _kind_word(kind: str, count: int) -> str:
    from rollbook.desk.views import Kind

    return kind_word(Kind(kind), count)
