"""Answer a re-key by re-linking."""

from __future__ import annotations

from textual.content import Content

from rollbook.desk import relinking
from rollbook.desk.views import HoldView, RelinkView
from rollbook.errors import Stale
from rollbook_tui.acts.deciding import moved_on, tell_agreed
from rollbook_tui.details.hold import people_wanted
from rollbook_tui.dialogs.decide import Decide
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.words import kind_word

SHOWN = 4
"""Pairs of ids that the question shows; the command line prints them all."""


async def relink(screen: ConsoleScreen, hold: HoldView, district: str) -> None:
    """Show the plan, ask for its number, and let new records take the places of the old ones."""
    plan = await screen.read(relinking.relink_preview, hold.id)
    if not plan.count:
        screen.say("Nothing fits one for one.", title="Re-link", severity="warning")
        return
    reason = await screen.app.push_screen_wait(
        Decide(
            f"Re-link {plan.count:,}",
            _body(hold, plan, district),
            yes=f"Re-link {plan.count:,}",
            type_number=plan.count,
        )
    )
    if reason is None:
        return
    try:
        run = await screen.act(
            hold.district,
            f"re-linking {plan.count:,}",
            relinking.relink,
            hold.id,
            confirm=plan.count,
            reason=reason,
            digest=plan.digest,
        )
    except Stale as stale:
        await moved_on(screen, hold, stale)
    else:
        await tell_agreed(screen, hold, run)


def _body(hold: HoldView, plan: RelinkView, district: str) -> Content:
    counts = ", ".join(f"{n:,} {kind_word(kind, n)}" for kind, n in plan.linked.items())
    lines = [
        Content.styled(drawable(district), "bold"),
        Content(f"Linked: {counts}."),
        Content("Each new record takes the place of an old one; nothing is lost."),
    ]
    if plan.doubtful:
        lines.append(Content.styled(f"{plan.doubtful:,} fit several and are not linked.", "$held"))
    for _, old, new in plan.pairs[:SHOWN]:
        lines.append(Content.styled(f"{drawable(old)} → {drawable(new)}", "$muted"))
    if people := people_wanted(hold):
        lines.append(Content.styled(drawable(people), "$held"))
    lines.append(Content.styled(f"rollbook hold relink {hold.id}", "$muted"))
    return Content("\n").join(lines)
