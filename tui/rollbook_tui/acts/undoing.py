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
    generation = await screen.read(undoing.generation_now, run.id)
    counts = await screen.read(undoing.undo_preview, run.id)
    of_accounts = await screen.read(undoing.undo_accounts_preview, run.id)
    students = await screen.read(undoing.undo_facts_preview, run.id)
    next_sync = await screen.read(undoing.after_undo, run.id)
    changes = sum(c.add + c.update + c.remove for c in counts.values()) + sum(of_accounts.values())
    body = Content("\n").join(
        [
            Content(f"A new run takes back what {run.id} changed in {run.district}."),
            *((Content(next_sync),) if next_sync else ()),
            Content(""),
            *(count_table(kind_rows(counts), BODY_WIDTH, "kind") if counts else ()),
            *(
                fact_lines("accounts", accounts_in_words(of_accounts), BODY_WIDTH)
                if of_accounts
                else ()
            ),
            *(fact_lines("students", _facts_of(students), BODY_WIDTH) if students else ()),
        ]
    )
    reason = await screen.app.push_screen_wait(
        Decide(f"Undo {run.id}", body, yes=button(changes, students))
    )
    if reason is not None:
        view = await screen.act(
            run.district, "undoing", undoing.undo, run.id, reason=reason, generation=generation
        )
        tell(screen, view)


def _facts_of(students: int) -> str:
    return f"attendance or discipline of {counted(students, 'student', 'students')}"


def button(changes: int, students: int) -> str:
    """What is undone, as it stands on the button; attendance and discipline where that is all."""
    return f"Undo {counted(changes, 'change', 'changes') if changes else _facts_of(students)}"
