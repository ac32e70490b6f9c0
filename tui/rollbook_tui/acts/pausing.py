"""End a pause of a district."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from rollbook.desk import pausing
from rollbook.desk.views import DistrictSummary, PauseView
from rollbook_tui.dialogs.confirm import Confirm
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.untrusted import drawable


async def resume(screen: ConsoleScreen, district: DistrictSummary) -> None:
    """Ask which pause of a district where there are several, and end it."""
    pauses = [p for p in await screen.read(pausing.pauses, district.id) if p.resumed_at is None]
    if not pauses:
        screen.say(f"{district.id} is not paused.", title="Resume", severity="warning")
        return
    await resume_one(screen, district.name, pauses)


async def resume_one(screen: ConsoleScreen, name: str, pauses: Sequence[PauseView]) -> None:
    """Ask which of these pauses, and end it; ``name`` is the district's."""
    chosen = pauses[0] if len(pauses) == 1 else await _which(screen, pauses)
    if chosen is None:
        return
    body = Content.assemble(
        Content.styled(f"= {chosen.id}  ", "$paused"),
        Content(f"{drawable(chosen.words)}\n\n"),
        Content(f"{drawable(name)} takes part in the next sync again, all of it that"),
        Content(" no other pause covers. After a long pause that sync is held for a look."),
    )
    if await screen.app.push_screen_wait(Confirm("End the pause", body, yes="Resume")):
        made = await screen.act(chosen.district, "resuming", pausing.resume, chosen.id)
        screen.say(made.words, title=f"{made.id}: ended")


async def _which(screen: ConsoleScreen, pauses: Sequence[PauseView]) -> PauseView | None:
    from rollbook_tui.dialogs.choose import Choose, Option

    options = [Option(pause, pause.words, pause.id) for pause in pauses]
    chosen: Option[PauseView] | None = await screen.app.push_screen_wait(
        Choose("End which pause", options, options[0].value)
    )
    return chosen.value if chosen else None
