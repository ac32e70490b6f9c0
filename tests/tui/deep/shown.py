"""A screen of the console, running, with what a test wants to know of it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, Generic, TypeVar

from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import WorkerState

from rollbook_tui.app import ConsoleApp
from rollbook_tui.screens.base import ConsoleScreen

S = TypeVar("S", bound=ConsoleScreen)

IN_A_ROW = 2
"""Looks at which a screen is at rest, one after the other, before it is taken to be."""

LONGEST = 600
"""Looks that ``until`` takes before it gives up."""


class Shown(Generic[S]):
    """A screen in front of the real app."""

    def __init__(self, app: ConsoleApp, pilot: Pilot[Any], screen: S, heard: list[Message]) -> None:
        self.app = app
        self.pilot = pilot
        self.screen = screen
        self._heard = heard

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what they set off."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def write(self, text: str) -> None:
        """Write a text into the line that has the focus, in place of what is there."""
        line = self.app.focused
        assert isinstance(line, Input)
        line.value = text
        await self.pilot.pause()

    async def settle(self) -> None:
        """Wait until nothing is read any more; what waits for an answer may wait.

        A pilot takes a process that gets no turn for one that has nothing to do, so the queues
        are looked at, too.
        """

        def at_rest() -> bool:
            reading = any(
                worker.state in {WorkerState.PENDING, WorkerState.RUNNING}
                for worker in self.app.workers
                if worker.group != "acts"
            )
            widgets = (self.app.screen, *self.app.screen.walk_children(Widget))
            waiting = any(pump.message_queue_size for pump in (self.app, *widgets))
            return not reading and not waiting and all(w.is_mounted for w in widgets)

        for _ in range(IN_A_ROW):
            await self.pilot.pause()
            await self.until(at_rest)

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to come about, and for what comes with it."""
        for _ in range(LONGEST):
            if condition():
                await self.pilot.pause()
                return
            await self.pilot.pause(0.01)
        raise AssertionError("it did not come about")

    def said(self, kind: type[Message]) -> list[Any]:
        """The messages of a kind, once each."""
        return list({id(m): m for m in self._heard if isinstance(m, kind)}.values())

    @property
    def toasts(self) -> list[str]:
        """What was said in toasts, title before text."""
        return [f"{toast.title}: {toast.message}" for toast in self.app._notifications]

    @property
    def lines(self) -> list[str]:
        """What stands on the screen in front, line by line."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()[:height]
        return ["".join(s.text for s in strip)[:width].rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """What stands on the screen in front, with runs of blanks as one."""
        return re.sub(r"[ \u00a0]+", " ", "\n".join(self.lines))

    @property
    def front(self) -> Sequence[str]:
        """The names of the screens, the one in front last."""
        return [type(screen).__name__ for screen in self.app.screen_stack]


@asynccontextmanager
async def shown(screen: S, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Shown[S]]:
    """The screen in front of the real app."""
    heard: list[Message] = []
    app = ConsoleApp(screen.desk)
    async with app.run_test(size=size, message_hook=heard.append) as pilot:
        running = Shown(app, pilot, screen, heard)
        await pilot.pause()
        await app.push_screen(screen)
        await running.settle()
        yield running
