"""Sync, preview, and apply what was previewed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from textual.content import Content

from rollbook.desk import syncing
from rollbook.desk.views import DistrictSummary, RunSummary
from rollbook.errors import RollbookError
from rollbook_tui.acts.outcomes import tell
from rollbook_tui.details.blocks import count_table, kind_rows
from rollbook_tui.dialogs.confirm import Confirm
from rollbook_tui.dialogs.dialog import BODY_WIDTH
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.untrusted import drawable
from rollbook_tui.words import counted

AT_ONCE = 2
"""Districts that are synced beside each other; the rest wait for their turn."""


async def sync(
    screen: ConsoleScreen, districts: Sequence[DistrictSummary], *, preview: bool
) -> None:
    """Sync the districts; more than one only after a question."""
    if len(districts) > 1 and not await _sure(screen, districts, preview):
        return
    places = asyncio.Semaphore(AT_ONCE)
    await asyncio.gather(
        *(_sync_one(screen, places, district.id, preview) for district in districts)
    )


async def apply_previewed(screen: ConsoleScreen, summary: RunSummary) -> None:
    """Apply a previewed changeset, after its counts have been confirmed."""
    from rollbook.desk import history

    run = await screen.read(history.run, summary.id)
    lines = [
        Content(f"Apply exactly the changeset of {summary.id} to {summary.district}?"),
        Content(""),
        *count_table(kind_rows(run.counts), BODY_WIDTH, "kind"),
    ]
    moved = summary.counts.add + summary.counts.update + summary.counts.remove
    yes = f"Apply {counted(moved, 'change', 'changes')}"
    dialog = Confirm("Apply the previewed changeset", Content("\n").join(lines), yes=yes)
    if not await screen.app.push_screen_wait(dialog):
        return
    call = partial(syncing.apply, screen.desk, summary.id)
    tell(
        screen,
        await screen.act_with_progress(
            summary.district, "applying", True, lambda progress: call(progress=progress)
        ),
    )


async def _sync_one(
    screen: ConsoleScreen, places: asyncio.Semaphore, district: str, preview: bool
) -> None:
    async with places:
        call = partial(syncing.sync, screen.desk, district, preview=preview)
        try:
            run = await screen.act_with_progress(
                district, "starting", False, lambda progress: call(progress=progress)
            )
        except RollbookError as error:
            screen.report(error)
        else:
            tell(screen, run)


async def _sure(screen: ConsoleScreen, districts: Sequence[DistrictSummary], preview: bool) -> bool:
    verb = "Preview" if preview else "Sync"
    shown = [Content(f"  {drawable(district.name)}") for district in districts[:8]]
    if len(districts) > 8:
        shown.append(Content(f"  and {len(districts) - 8:,} more"))
    what = (
        "Their directories stay as they are."
        if preview
        else "What no rule holds is applied at once; the rest waits for a decision."
    )
    yes = f"{verb} {counted(len(districts), 'district', 'districts')}"
    body = Content("\n").join([Content(f"{yes}? {what}"), Content(""), *shown])
    dialog = Confirm(f"{verb} several", body, yes=yes)
    return await screen.app.push_screen_wait(dialog)
