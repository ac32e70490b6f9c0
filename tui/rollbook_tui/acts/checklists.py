"""Tick a step of a checklist, and write a checklist to a file."""

from __future__ import annotations

from textual.content import Content

from rollbook.desk import checklists
from rollbook.desk.checklist_documents import checklist_markdown
from rollbook.desk.views import ChecklistView, StepState, StepView
from rollbook_tui.dialogs.ask import Ask
from rollbook_tui.dialogs.confirm import Confirm
from rollbook_tui.dialogs.save_as import SaveAs, free_path, typed_path
from rollbook_tui.files import write_lines
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.work import in_daemon


async def tick(screen: ConsoleScreen, district: str, name: str, step: StepView) -> bool:
    """Tick a step with a note, or take its tick back after a question; whether it was done."""
    done = step.state is not StepState.DONE
    note = await (_ask_note(screen, step) if done else _ask_back(screen, step))
    if note is None:
        return False
    await screen.act(
        district, "ticking", checklists.tick, district, name, step.id, note=note, done=done
    )
    screen.say(step.title, title="Ticked" if done else "Tick taken back")
    return True


async def put_note(screen: ConsoleScreen, district: str, name: str, step: StepView) -> bool:
    """Ask for the note of a step, and write it; a blank one takes it away. Whether it was asked
    for to the end."""
    question = Ask(step.title, "A note; a blank one takes it away", value=step.note or "")
    note = await screen.app.push_screen_wait(question)
    if note is None:
        return False
    await screen.act(district, "noting", checklists.put_note, district, name, step.id, note)
    screen.say(step.title, title="Noted" if note.strip() else "Note taken away")
    return True


async def export(screen: ConsoleScreen, view: ChecklistView) -> None:
    """Ask where to, and write the checklist as Markdown."""
    stem = f"{view.summary.district}-{view.summary.name}"
    suggested = free_path(screen.desk.home.exports, stem, ".md")
    answer = await screen.app.push_screen_wait(SaveAs("the checklist", suggested, (".md",)))
    if answer is not None:
        path = typed_path(answer)
        lines = checklist_markdown(view).splitlines(keepends=True)
        await in_daemon(write_lines, path, lines)
        screen.say(f"Written to {path}", title="Exported")


async def _ask_note(screen: ConsoleScreen, step: StepView) -> str | None:
    question = Ask(step.title, "A note for whoever reads this next, or nothing")
    return await screen.app.push_screen_wait(question)


async def _ask_back(screen: ConsoleScreen, step: StepView) -> str | None:
    body = Content(f"{drawable(step.title)}\n\nWho ticked it, and the note, are taken away.")
    question = Confirm("Take the tick back?", body, yes="Take it back")
    return "" if await screen.app.push_screen_wait(question) else None
