"""Turn a whole changeset down."""

from __future__ import annotations

from textual.content import Content

from rollbook.desk import decisions, history
from rollbook.desk.views import RunSummary
from rollbook_tui.acts.outcomes import tell
from rollbook_tui.commands.holds import UNDECIDED
from rollbook_tui.details.blocks import count_table, kind_rows
from rollbook_tui.dialogs.decide import Decide
from rollbook_tui.dialogs.dialog import BODY_WIDTH
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.words import counted


async def reject_run(screen: ConsoleScreen, summary: RunSummary) -> None:
    """Ask, with the counts, and turn a whole changeset down with all its holds."""
    run = await screen.read(history.run, summary.id)
    waiting = sum(hold.state in UNDECIDED for hold in run.holds)
    body = [Content(f"Nothing of {summary.id} goes into {summary.district}.")]
    if waiting:
        with_it = counted(waiting, "hold is", "holds are")
        body.append(Content(f"{with_it} rejected with it."))
    body += [Content(""), *count_table(kind_rows(run.counts), BODY_WIDTH, "kind")]
    reason = await screen.app.push_screen_wait(
        Decide("Reject the changeset", Content("\n").join(body), yes=f"Reject {summary.id}")
    )
    if reason is not None:
        tell(
            screen,
            await screen.act(
                summary.district,
                "rejecting",
                decisions.reject_run,
                summary.id,
                reason=reason,
                digest=run.digest,
            ),
        )
