"""Pause a district, or part of it, and end a pause."""

from __future__ import annotations

from textual.content import Content

from rollbook.desk import districts, pausing
from rollbook.desk.views import DistrictSummary, PauseView
from rollbook_tui.dialogs.confirm import Confirm
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.untrusted import drawable


async def pause(screen: ConsoleScreen, district: DistrictSummary) -> None:
    """Ask what is to be paused, and from when to when."""
    from rollbook_tui.dialogs.pause import Pause

    detail = await screen.read(districts.district, district.id)
    schools = [(school, name) for school, name, _ in detail.schools]
    wanted = await screen.app.push_screen_wait(
        Pause(district.name, schools, pausing.PRESETS, screen.desk.clock().date())
    )
    if wanted is None:
        return
    made = await screen.act(
        district.id,
        "pausing",
        pausing.pause,
        district.id,
        school=wanted.school,
        kinds=wanted.kinds,
        verbs=wanted.verbs,
        starts=wanted.starts,
        ends=wanted.ends,
        preset=wanted.preset,
        reason=wanted.reason,
    )
    screen.say(made.words, title=f"{made.id}: paused")


async def resume(screen: ConsoleScreen, district: DistrictSummary) -> None:
    """Ask which pause where there are several, and end it."""
    pauses = [p for p in await screen.read(pausing.pauses, district.id) if p.resumed_at is None]
    if not pauses:
        screen.say(f"{district.id} is not paused.", title="Resume", severity="warning")
        return
    chosen = pauses[0] if len(pauses) == 1 else await _which(screen, pauses)
    if chosen is None:
        return
    body = Content.assemble(
        Content.styled(f"= {chosen.id}  ", "$paused"),
        Content(f"{drawable(chosen.words)}\n\n"),
        Content(f"{drawable(district.name)} takes part in the next sync again, all of it that"),
        Content(" no other pause covers. After a long pause that sync is held for a look."),
    )
    if await screen.app.push_screen_wait(Confirm("End the pause", body, yes="Resume")):
        made = await screen.act(district.id, "resuming", pausing.resume, chosen.id)
        screen.say(made.words, title=f"{made.id}: ended")


async def _which(screen: ConsoleScreen, pauses: list[PauseView]) -> PauseView | None:
    from rollbook_tui.dialogs.choose import Choose, Option

    options = [Option(pause, pause.words, pause.id) for pause in pauses]
    chosen: Option[PauseView] | None = await screen.app.push_screen_wait(
        Choose("End which pause", options, options[0].value)
    )
    return chosen.value if chosen else None
