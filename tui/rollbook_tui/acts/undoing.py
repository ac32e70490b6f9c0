"""Undo a run."""

from __future__ import annotations

from textual.content import Content

from rollbook.desk import undoing
from rollbook.desk.views import RunSummary
from rollbook_tui.account_words import accounts_in_words
from rollbook_tui.acts.outcomes import tell
from rollbook_tui.details.blocks import count_table, fact_lines, kind_rows
from rollbook_tui.dialogs.decide import Decide
from rollbook_tui.dialogs.dialog import BODY_WIDTH
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.words import counted


async def undo(screen: ConsoleScreen, run: RunSummary) -> None:
    """Show what the inverse of the run would do, ask why, and do it."""
    counts = await screen.read(undoing.undo_preview, run.id)
    of_accounts = await screen.read(undoing.undo_accounts_preview, run.id)
    changes = sum(c.add + c.update + c.remove for c in counts.values()) + sum(of_accounts.values())
    body = Content("\n").join(
        [
            Content(f"A new run takes back what {run.id} changed in {run.district}."),
            Content(""),
            *(count_table(kind_rows(counts), BODY_WIDTH, "kind") if counts else ()),
            *(
                fact_lines("accounts", accounts_in_words(of_accounts), BODY_WIDTH)
                if of_accounts
                else ()
            ),
        ]
    )
    reason = await screen.app.push_screen_wait(
        Decide(f"Undo {run.id}", body, yes=f"Undo {counted(changes, 'change', 'changes')}")
    )
    if reason is not None:
        tell(screen, await screen.act(run.district, "undoing", undoing.undo, run.id, reason=reason))
