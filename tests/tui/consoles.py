"""The console, running over a desk, with its dashboard in front."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.message import Message

from rollbook.desk.desk import Desk
from rollbook_tui.app import ConsoleApp
from rollbook_tui.screens.dashboard import Dashboard
from rollbook_tui.widgets.list_pane import ListPane
from tui.deep.shown import LONGEST, Shown


class Console(Shown[Dashboard]):
    """The dashboard in front of the real app."""

    async def settle(self) -> None:
        """Wait until what the cursor rests on has been read."""
        await super().settle()
        await self.until(lambda: self.screen._settling is None)
        await super().settle()

    def pane(self, name: str) -> ListPane[object]:
        """One of the three lists."""
        return self.screen.query_one(f"#{name}", ListPane)

    async def go_to(self, pane: str, key: str) -> None:
        """Put the cursor of a pane on a row, and the focus on the pane."""
        await self.press({"districts": "1", "changesets": "2", "holds": "3"}[pane])
        assert self.pane(pane).go_to(key), f"{key} is not in {pane}"
        await self.settle()

    async def mark(self, pane: str, *keys: str) -> None:
        """Mark rows of a pane, or take their marks."""
        for key in keys:
            await self.go_to(pane, key)
            await self.press("space")

    async def acts_done(self) -> None:
        """Wait until no act is under way, and for what it wrote to be shown."""
        await self.until(lambda: not [w for w in self.app.workers if w.group == "acts"])
        await self.settle()


@asynccontextmanager
async def console(
    desk: Desk | Callable[[], Desk], size: tuple[int, int] = (80, 24), *, draw_toasts: bool = False
) -> AsyncIterator[Console]:
    """The console over a desk, or over one that is opened when the first frame is there."""
    heard: list[Message] = []
    app = ConsoleApp(desk)
    async with app.run_test(
        size=size, message_hook=heard.append, notifications=draw_toasts
    ) as pilot:
        for _ in range(LONGEST):
            if isinstance(app.screen, Dashboard):
                break
            await pilot.pause(0.01)
        dashboard = app.screen
        assert isinstance(dashboard, Dashboard), app.failure
        running = Console(app, pilot, dashboard, heard)
        await running.settle()
        yield running
