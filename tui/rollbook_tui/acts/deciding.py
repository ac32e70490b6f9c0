"""Approve, reject and snooze held deletions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from textual.content import Content

from rollbook.desk import decisions
from rollbook.desk.account_views import AccountVerb
from rollbook.desk.views import HoldView, Kind, RunView, Verb
from rollbook.errors import Stale
from rollbook_tui.account_words import MEANINGS
from rollbook_tui.acts.outcomes import tell
from rollbook_tui.commands.holds import UNDECIDED
from rollbook_tui.details.hold import headline, people_wanted, where
from rollbook_tui.dialogs.decide import Decide
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.times import day_and_time, stamp, until
from rollbook_tui.untrusted import drawable
from rollbook_tui.words import counted, held_what, kind_word

MOST_NAMED = 6

SNOOZES = (("1 hour", 1), ("4 hours", 4), ("8 hours", 8), ("16 hours", 16), ("1 day", 24))

_NOUNS = {Verb.ADD: "addition", Verb.UPDATE: "update", Verb.REMOVE: "removal"}


async def approve(screen: ConsoleScreen, holds: Sequence[HoldView], district: str) -> None:
    """Ask, with the number where it is grave, and let the held deletions through."""
    reason = await screen.app.push_screen_wait(
        Decide(
            _question("Approve", holds),
            _body(screen, holds, district),
            yes=f"Approve {sum(hold.count for hold in holds):,}",
            type_number=holds[0].count if holds[0].rung > 1 else None,
        )
    )
    if reason is None:
        return
    for hold in holds:
        try:
            run = await screen.act(
                hold.district,
                f"approving {hold.count:,} {held_what(hold)}",
                decisions.approve,
                hold.id,
                confirm=hold.count,
                reason=reason,
                digest=hold.digest,
            )
        except Stale as stale:
            await moved_on(screen, hold, stale)
        else:
            await tell_agreed(screen, hold, run)


async def reject(screen: ConsoleScreen, holds: Sequence[HoldView], district: str) -> None:
    """Ask, and turn the held deletions down."""
    reason = await screen.app.push_screen_wait(
        Decide(
            _question("Reject", holds),
            _body(screen, holds, district),
            yes=f"Reject {sum(hold.count for hold in holds):,}",
        )
    )
    if reason is None:
        return
    for hold in holds:
        try:
            run = await screen.act(
                hold.district, "rejecting", decisions.reject, hold.id, reason=reason
            )
        except Stale as stale:
            await moved_on(screen, hold, stale)
        else:
            _tell_decided(screen, hold, run, "rejected")


async def snooze(screen: ConsoleScreen, holds: Sequence[HoldView]) -> None:
    """Ask for how long, and keep quiet about the held deletions; each stays held."""
    from rollbook_tui.dialogs.choose import Choose, Option

    now = screen.desk.clock()
    ends = min(hold.expires_at for hold in holds)
    options = [
        Option(now + timedelta(hours=hours), words, day_and_time(now + timedelta(hours=hours)))
        for words, hours in SNOOZES
        if now + timedelta(hours=hours) < ends
    ]
    if not options:
        screen.say(
            f"It expires {until(ends, now)}; nothing shorter to offer.",
            title="Snooze",
            severity="warning",
        )
        return
    title = f"Snooze {counted(len(holds), 'held deletion', 'held deletions')} for"
    chosen: Option[datetime] | None = await screen.app.push_screen_wait(
        Choose(title, options, options[0].value)
    )
    if chosen is None:
        return
    for hold in holds:
        await screen.act(hold.district, "snoozing", decisions.snooze, hold.id, until=chosen.value)
    screen.say(
        f"Quiet until {stamp(chosen.value)}; nothing of it is applied meanwhile.",
        title=f"{counted(len(holds), 'held deletion', 'held deletions')} snoozed",
    )


def _question(verb: str, holds: Sequence[HoldView]) -> str:
    if len(holds) > 1:
        return f"{verb} {len(holds):,} held deletions"
    what = f"{holds[0].count:,} {held_what(holds[0])}"
    return f"{verb} the {_NOUNS[holds[0].verb]} of {what}" if holds[0].verb else f"{verb} {what}"


def _body(screen: ConsoleScreen, holds: Sequence[HoldView], district: str) -> Content:
    now = screen.desk.clock()
    if len(holds) > 1:
        return Content("\n").join(_line_of(hold) for hold in holds)
    hold = holds[0]
    share = Content.styled(f"  {hold.percent:.1f} %" if hold.base else "", "$muted")
    lines = [
        headline(hold) + share,
        Content.styled(f"{drawable(where(hold))}, {drawable(district)}", "bold"),
        Content(f"Rule {drawable(hold.rule)}: {drawable(hold.why)}"),
    ]
    if people := people_wanted(hold):
        lines.append(Content.styled(drawable(people), "$held"))
    if along := _along(hold):
        lines.append(Content.styled(f"With it: {along}.", "$muted"))
    lines.append(Content.styled(f"{hold.id}, expires {until(hold.expires_at, now)}", "$muted"))
    return Content("\n").join(lines)


def _line_of(hold: HoldView) -> Content:
    return Content.assemble(
        headline(hold),
        Content(f"  {drawable(where(hold))}, {drawable(hold.district)}"),
        Content.styled(f"  {drawable(hold.rule)}", "$muted"),
    )


def _along(hold: HoldView) -> str:
    if hold.of_accounts:
        words = [
            f"{sum(counts.values()):,} {MEANINGS[AccountVerb(verb)]}"
            for verb, counts in hold.covers.items()
        ]
    else:
        words = [
            f"{count:,} {kind_word(Kind(kind), count)}"
            for verb, kinds in hold.covers.items()
            for kind, count in kinds.items()
            if count and not (kind == hold.kind and verb == hold.verb)
        ]
    more = len(words) - MOST_NAMED
    return ", ".join(words[:MOST_NAMED]) + (f" and {more} kinds more" if more > 0 else "")


async def tell_agreed(screen: ConsoleScreen, hold: HoldView, run: RunView) -> None:
    """Say what an approval did, or that another person still has to agree."""
    now = await screen.read(decisions.hold, hold.id)
    if now.missing and now.state in UNDECIDED:
        who = "You have to say so once more" if now.single_operator else "Somebody else decides too"
        screen.say(
            f"{who}: nothing has been applied yet.",
            title=f"{hold.id}: {len(now.approvals)} of {now.approvers} approvals",
            severity="warning",
        )
    else:
        _tell_decided(screen, hold, run, "approved")


def _tell_decided(screen: ConsoleScreen, hold: HoldView, run: RunView, decided: str) -> None:
    if run.summary.message:
        tell(screen, run)
    else:
        screen.say(
            f"{hold.count:,} {held_what(hold)}, {where(hold)}.", title=f"{hold.id}: {decided}"
        )


async def moved_on(screen: ConsoleScreen, hold: HoldView, stale: Stale) -> None:
    """Say what the number was and what it is now, where the same thing is held again."""
    again = [
        other
        for other in await screen.read(decisions.holds, hold.district)
        if (other.rule, other.kind, other.verb, other.school, other.role)
        == (hold.rule, hold.kind, hold.verb, hold.school, hold.role)
    ]
    text = str(stale)
    if again:
        new = again[0]
        text += f" It was {hold.count:,}, it is {new.count:,} {held_what(new)} now ({new.id})."
    screen.say(text, title=f"{hold.id} has moved on: nothing was done", severity="error")
    await screen.reload()
