"""A hold in words: the rule, the likely cause, the numbers, and what to type."""

from __future__ import annotations

import click

from rollbook.cli.tables import Column, print_block, print_table, say
from rollbook.cli.words import command_line, covers_in_words, state, when
from rollbook.desk.views import HoldState, HoldView, RelinkView
from rollbook.roster.states import UNDECIDED


def print_holds(holds: tuple[HoldView, ...]) -> None:
    """Print holds as a table."""
    columns = [
        Column("hold"),
        Column("rule"),
        Column("state"),
        Column("count", right=True),
        Column("what", wraps=True),
        Column("why", wraps=True),
    ]
    print_table(
        columns,
        [
            (
                hold.id,
                hold.rule,
                state(hold.state.value),
                hold.count,
                scope(hold),
                hold.why,
            )
            for hold in holds
        ],
    )


def print_hold(ctx: click.Context, hold: HoldView) -> None:
    """Print one hold with everything a decision needs."""
    say(f"{hold.id}  {hold.rule} {hold.title}  {hold.state.value}")
    print_block(
        [
            ("why", hold.why),
            ("likely cause", hold.cause),
            ("what", scope(hold)),
            ("count", _count(hold)),
            ("waits", covers_in_words(hold.covers)),
            ("whole run", "yes: nothing goes in before a decision" if hold.whole_run else "no"),
            ("people", approvers_in_words(hold)),
            ("expires", when(hold.expires_at)),
            ("snoozed until", when(hold.snoozed_until) if hold.snoozed_until else ""),
            ("decided", _decision(hold)),
            ("reason", hold.reason or ""),
        ]
    )
    if hold.state in UNDECIDED:
        print_next_steps(ctx, hold)


def print_next_steps(ctx: click.Context, hold: HoldView) -> None:
    """Print the commands that look into a hold and that decide about it."""
    number = str(hold.count)
    approve = ("hold", "approve", hold.id, "--confirm", number, "--reason", "WHY")
    listing = ("accounts", "changes") if hold.of_accounts else ("changes",)
    relink = command_line(ctx, "hold", "relink", hold.id) if hold.relinkable else ""
    print_block(
        [
            ("list", command_line(ctx, *listing, hold.run, "--hold", hold.id)),
            ("re-link", relink),
            ("approve", command_line(ctx, *approve)),
            ("reject", command_line(ctx, "hold", "reject", hold.id, "--reason", "WHY")),
        ],
        wrap=False,
    )


def print_relink(ctx: click.Context, plan: RelinkView) -> None:
    """Print a plan to re-link: counts, pairs of ids, and what to type."""
    say(f"{plan.hold}  re-link {plan.count:,}")
    linked = ", ".join(f"{count:,} {kind.value}" for kind, count in plan.linked.items())
    doubtful = f"{plan.doubtful:,} come back too, but fit several: they are not linked"
    print_block(
        [
            ("linked", linked or "nothing"),
            ("in doubt", doubtful if plan.doubtful else ""),
            ("digest", plan.digest),
        ]
    )
    if plan.pairs:
        say()
        columns = [Column("kind"), Column("old id"), Column("new id")]
        print_table(columns, [(kind.value, old, new) for kind, old, new in plan.pairs])
        say()
        number = ("--confirm", str(plan.count), "--reason", "WHY")
        print_block(
            [("to do it", command_line(ctx, "hold", "relink", plan.hold, *number))], wrap=False
        )


def approvers_in_words(hold: HoldView) -> str:
    """Who has agreed and how many still have to; empty where one person is enough."""
    if hold.approvers < 2 and not hold.approvals:
        return ""
    who = ", ".join(
        f"{approval.who} at {when(approval.at)}" + (" (re-link)" if approval.relink else "")
        for approval in hold.approvals
    )
    if not hold.missing:
        return who
    wanted = "one operator, twice" if hold.single_operator else f"{hold.approvers} people"
    given = f"; {hold.approvers - hold.missing} of {hold.approvers}: {who}" if who else ""
    return f"wants {wanted}{given}"


def scope(hold: HoldView) -> str:
    """What a hold is about, in words: verb, role or kind, and school."""
    if hold.kind is None:
        what = "the whole run"
    else:
        people = hold.role.value if hold.role else hold.kind.value
        people = "account" if hold.of_accounts else people
        what = f"{hold.verb.value} {people}" if hold.verb else people
    return f"{what}, {hold.school_name}" if hold.school else what


def _count(hold: HoldView) -> str:
    share = f" of {hold.base:,} ({hold.percent:.1f} %)" if hold.base else ""
    return f"{hold.count:,}{share}"


def _decision(hold: HoldView) -> str:
    if hold.decided_at is None:
        return ""
    word = "" if hold.state in (HoldState.APPROVED, HoldState.REJECTED) else "no decision, "
    return f"{word}{when(hold.decided_at)} by {hold.decided_by or 'rollbook'}"
