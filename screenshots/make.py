"""Draw the screenshots: the real console on the demonstration's districts, always the same.

``python screenshots/make.py`` writes the SVGs beside this file; a test looks whether they are
current.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
for source in ("core", "tui"):
    sys.path.insert(0, str(ROOT / source))

from textual.pilot import Pilot  # noqa: E402
from textual.widget import Widget  # noqa: E402
from textual.widgets import Input  # noqa: E402
from textual.worker import WorkerState  # noqa: E402

import rollbook_tui.dialogs.dialog  # noqa: E402
from rollbook.demo import seed  # noqa: E402
from rollbook.desk.decisions import holds  # noqa: E402
from rollbook.desk.desk import Desk, open_desk  # noqa: E402
from rollbook_tui.app import ConsoleApp  # noqa: E402
from rollbook_tui.widgets.list_pane import ListPane  # noqa: E402

SEED = 7
TODAY = date(2026, 8, 17)
NOW = datetime(2026, 8, 17, 11, 40, tzinfo=UTC)
SIZES = ((120, 36), (80, 24))


@dataclass(frozen=True)
class Stage:
    """The console, running."""

    desk: Desk
    pilot: Pilot[Any]

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, and wait for what each sets off."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def settle(self) -> None:
        """Wait until nothing is being read, nothing that a key set off waits for its timer, and no
        message waits: a pilot takes a process that gets no turn for one that has nothing to do."""
        for _ in range(2):
            await self.pilot.pause()
            while not self._at_rest():
                await self.pilot.pause(0.02)
        await self.pilot.pause()

    def _at_rest(self) -> bool:
        app, busy = self.pilot.app, {WorkerState.PENDING, WorkerState.RUNNING}
        pumps = (app, app.screen, *app.screen.walk_children(Widget))
        return (
            getattr(app.screen, "_settling", None) is None
            and not any(worker.state in busy for worker in app.workers if worker.group != "acts")
            and not any(pump.message_queue_size for pump in pumps)
        )

    async def go_to(self, pane: str, row: str) -> None:
        """Put the cursor on a row of a pane of the dashboard."""
        await self.press({"districts": "1", "changesets": "2", "holds": "3"}[pane])
        if not self.pilot.app.screen.query_one(f"#{pane}", ListPane).go_to(row):
            raise LookupError(f"the demonstration has no {row} in {pane}")
        await self.settle()

    async def until_filled(self, field: str) -> None:
        """Wait until a line of a form has what is suggested for it."""
        found = f"#field-{field}"
        while not any(line.value for line in self.pilot.app.screen.query(found).results(Input)):
            await self.pilot.pause(0.02)
        await self.settle()

    async def fill(self, field: str, text: str) -> None:
        """Fill in a line of a form."""
        line = self.pilot.app.screen.query_one(f"#field-{field}", Input)
        line.focus()
        await self.settle()
        line.value = text
        await self.settle()

    def graduates(self) -> str:
        """The held deletion of Harlow's graduates."""
        return next(h.id for h in holds(self.desk, "harlow") if h.role == "student")


async def dashboard(stage: Stage) -> None:
    """What needs somebody, over all districts."""


async def preview(stage: Stage) -> None:
    """A changeset, part of which is held."""
    await stage.go_to("changesets", holds(stage.desk, "northfield")[0].run)


async def hold(stage: Stage) -> None:
    """A held deletion: why, how much, what waits with it."""
    await stage.go_to("holds", stage.graduates())


async def approve(stage: Stage) -> None:
    """The question before it is let through."""
    await stage.go_to("holds", stage.graduates())
    await stage.press("a")
    stage.pilot.app.screen.query_one("#reason", Input).value = "Class of 2026, confirmed by the SIS"
    await stage.settle()


async def accounts(stage: Stage) -> None:
    """Who would be renamed, from what to what."""
    await stage.go_to("holds", next(h.id for h in holds(stage.desk, "harlow") if h.rule == "C1"))
    await stage.press("enter", "c", "down", "down", "enter")


async def merge(stage: Stage) -> None:
    """Two records that may be one person, side by side."""
    await stage.go_to("districts", "riverton")
    await stage.press("m", "enter")


async def checklist(stage: Stage) -> None:
    """A district in the middle of its rollover."""
    await stage.go_to("districts", "harlow")
    await stage.press("c")


async def year(stage: Stage) -> None:
    """Where in its year every district is, and what it waits for."""
    await stage.go_to("districts", "pinecrest")
    await stage.press("Y")


async def plan(stage: Stage) -> None:
    """What a plan for a rollover would let through, while it is filled in."""
    await stage.go_to("districts", "harlow")
    await stage.press("P", "N")
    await stage.until_filled("leaving")
    await stage.fill("moving", "08 Pioneer Middle School -> Harlow High School")


async def findings(stage: Stage) -> None:
    """What is wrong with a file that was refused, and what to do about it."""
    await stage.go_to("changesets", "elk-ridge.6")
    await stage.press("f")


async def district(stage: Stage) -> None:
    """The form for a new district, which takes no secret."""
    await stage.press("N")
    await stage.fill("name", "Cedar Falls Community Schools")
    await stage.fill("timezone", "America/Chicago")
    stage.pilot.app.screen.query_one("#field-source-type").focus()
    await stage.press(*["right"] * 6)
    await stage.fill("source-url", "https://sis.cedar-falls.example/ims/oneroster/v1p1")
    await stage.fill("source-auth-key", "keyring:cedar-falls/key")
    await stage.fill("source-auth-secret", "cedar2026")


Scene = Callable[[Stage], Awaitable[None]]

SCENES: tuple[Scene, ...] = (
    dashboard,
    preview,
    hold,
    approve,
    accounts,
    merge,
    checklist,
    year,
    plan,
    findings,
    district,
)


def name_of(scene: Scene, size: tuple[int, int]) -> str:
    """The name of a screenshot's file."""
    return f"{scene.__name__}-{size[0]}x{size[1]}.svg"


def same(svg: str) -> str:
    """An SVG without the number that Textual makes up for its style classes."""
    return re.sub(r"terminal-\d+", "terminal", svg)


async def drawn(home: Path, scene: Scene, size: tuple[int, int]) -> str:
    """One screenshot."""
    desk = open_desk(home, operator="dana.kim", clock=lambda: NOW)
    app = ConsoleApp(desk)
    async with app.run_test(size=size) as pilot:
        stage = Stage(desk, pilot)
        await stage.settle()
        await scene(stage)
        svg = app.export_screenshot(title="rollbook")
    desk.close()
    return same(svg)


async def draw_all(home: Path) -> None:
    """Write every screenshot."""
    for scene in SCENES:
        for size in SIZES:
            path = FOLDER / name_of(scene, size)
            path.write_text(await drawn(home, scene, size), encoding="utf-8")
            print(path.relative_to(ROOT))


def main() -> None:
    """Seed the demonstration and draw it."""
    # What the terminal is called has a say in the colours.
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
    os.environ.pop("NO_COLOR", None)
    rollbook_tui.dialogs.dialog.DEAF_SECONDS = 0.0
    Input.cursor_blink = False  # type: ignore[assignment]
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        seed(home, seed=SEED, today=TODAY)
        asyncio.run(draw_all(home))


if __name__ == "__main__":
    main()
