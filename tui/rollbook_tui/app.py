"""The Textual app: themes, screens on top of each other, and what is under way."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events, work
from textual.app import App
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from rollbook.errors import RollbookError
from rollbook_tui.commands.command import Commands, State, bindings
from rollbook_tui.commands.console import CONSOLE_ACTS
from rollbook_tui.dialogs.dialog import Dialog
from rollbook_tui.faults import fault_words, note
from rollbook_tui.jobs import Job, job_words
from rollbook_tui.keymap import Settings
from rollbook_tui.messages import JobEnded, JobMoved, JobStarted, StoreMoved
from rollbook_tui.screens.opening import Opening
from rollbook_tui.terminal import end_with_the_terminal, why_not
from rollbook_tui.theme import COLOURLESS, DEFAULT, THEMES
from rollbook_tui.work import in_daemon, under_way

if TYPE_CHECKING:
    from rollbook.desk.desk import Desk
    from rollbook_tui.screens.base import ConsoleScreen

WIDTHS = [(0, "-tiny"), (60, "-narrow"), (80, "-normal"), (120, "-wide")]
HEIGHTS = [(0, "-flat"), (16, "-tall")]

BETWEEN_LOOKS = 2.0
"""Seconds between two looks whether the store has moved."""


class ConsoleApp(App[str]):
    """The console over a desk. It ends with a sentence where it could not begin.

    The desk may be given as a function that opens it: that is then called off the event loop
    once the first frame is there, because importing the engine takes longer than drawing.
    """

    TITLE = "rollbook"
    CSS_PATH = "styles/base.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    ACTS: ClassVar[Commands] = CONSOLE_ACTS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(CONSOLE_ACTS)]

    def __init__(self, desk: Desk | Callable[[], Desk]) -> None:
        # Without ``ansi_color`` Textual answers NO_COLOR with 24-bit greys.
        self.colourless = bool(os.environ.get("NO_COLOR"))
        super().__init__(ansi_color=True if self.colourless else None)
        self.desk: Desk | None = None
        self.remapped: dict[str, str] = {}
        self.jobs: dict[int, Job] = {}
        self.failure: RollbookError | None = None
        self._given = desk
        self._pulse = -1
        self._keyed: Screen[Any] | None = None
        self._last_key = self._opener = ""
        self._unsaid: list[tuple[str, dict[str, Any]]] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = COLOURLESS if self.colourless else DEFAULT

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own tokens, for Textual's themes, which do not have them."""
        return dict(THEMES[0].variables)

    def get_default_screen(self) -> Opening:
        """What is shown until the store is open."""
        return Opening()

    def on_mount(self) -> None:
        """Show the dashboard, once there is a desk."""
        if callable(self._given):
            self.call_after_refresh(self._open, self._given)
        else:
            self._begin(self._given, Settings())

    async def on_event(self, event: events.Event) -> None:
        """Keep keys from a question that has just opened."""
        if isinstance(event, events.Key):
            screen = self.screen
            if screen is not self._keyed:
                self._keyed, self._opener = screen, self._last_key
            self._last_key = event.key
            if isinstance(screen, Dialog) and screen.is_deaf_to(event.key, self._opener):
                return
        await super().on_event(event)

    def notify(self, message: str, **given: Any) -> None:
        """A toast. What is said behind a question waits until that is answered: a toast would
        cover it, and be gone before it is read."""
        if isinstance(self.screen, Dialog):
            self._unsaid.append((message, given))
        else:
            super().notify(message, **given)

    def say_what_waits(self) -> None:
        """Show the toasts that a question kept waiting."""
        unsaid, self._unsaid = self._unsaid, []
        for message, given in unsaid:
            self.notify(message, **given)

    async def action_palette(self) -> None:
        """Open the palette over the screen in front, and do what is chosen there."""
        from rollbook_tui.dialogs.entry import entries
        from rollbook_tui.dialogs.palette import Palette

        if (screen := self._front()) is None:
            return
        offered = [
            *entries(screen.ACTS, screen.state(), self.remapped, "screen."),
            *entries(self.ACTS, State(), self.remapped, "app."),
            *screen.places(),
        ]

        async def do(action: str | None) -> None:
            if action is not None:
                await self.run_action(action)

        self.push_screen(Palette(offered), do)

    def action_choose_theme(self) -> None:
        """Offer the themes."""
        from rollbook_tui.dialogs.choose import Choose, Option

        if self.colourless:
            self.notify("NO_COLOR is set: the console has no colours.", markup=False)
            return
        own = [theme.name for theme in THEMES if theme.name != COLOURLESS]
        rest = sorted({name for name, t in self.available_themes.items() if not t.ansi} - {*own})
        options = [Option(name, name) for name in (*own, *rest)]

        def take(chosen: Option[str] | None) -> None:
            if chosen is not None:
                self.theme = chosen.value

        self.push_screen(Choose("Theme", options, self.theme), take)

    async def action_quit(self) -> None:
        """Leave; while a decision is being carried out only after a question."""
        deciding = [job for job in self.jobs.values() if job.decides]
        if not deciding:
            self.exit()
            return
        from rollbook_tui.dialogs.confirm import Confirm

        lines = [
            "This is being carried out, whole or not at all; you would not see which:",
            "",
            *(f"  {job_words(job)}" for job in deciding),
        ]
        dialog = Confirm("Quit now", Content("\n".join(lines)), yes="Quit", no="Stay")
        self.push_screen(dialog, lambda sure: self.exit() if sure else None)

    def on_job_started(self, message: JobStarted) -> None:
        """Show it in the jobs line."""
        self.jobs[message.job.number] = message.job
        self._show_jobs(began_or_ended=True)

    def on_job_moved(self, message: JobMoved) -> None:
        """Show how far it is; a job that has ended stays ended."""
        if message.job.number in self.jobs:
            self.jobs[message.job.number] = message.job
            self._show_jobs()

    def on_job_ended(self, message: JobEnded) -> None:
        """Take it out of the jobs line, and show what it wrote."""
        self.jobs.pop(message.job.number, None)
        self._show_jobs(began_or_ended=True)
        self.look()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell of an error in an act."""
        screen = self._front()
        if event.state is WorkerState.ERROR and event.worker.error is not None and screen:
            screen.report(event.worker.error)

    def look(self) -> None:
        """Look whether something was written, here or by somebody else."""
        if self.desk is not None:
            self._look(self.desk)

    def _fatal_error(self) -> None:
        """End on a fault with a sentence. Textual would print the values of variables, and with
        them what was on the screen."""
        error = self._exception or RuntimeError()
        path = None
        if self.desk is not None:
            path = note(self.desk.home.logs, error, self.desk.clock())
        self._exit_renderables.append(Text(f"The console met a fault: {fault_words(error, path)}"))
        self._close_messages_no_wait()

    @work(group="pulse", exclusive=True, exit_on_error=False)
    async def _look(self, desk: Desk) -> None:
        from rollbook.desk.auditing import pulse
        from rollbook.desk.noted_head import note_head

        now = await in_daemon(pulse, desk)
        if now != self._pulse:
            self._pulse = now
            for screen in self._console_screens():
                screen.post_message(StoreMoved(now))
            if told := await in_daemon(note_head, desk):
                self.notify(told, severity="warning", timeout=30, markup=False)

    @work(group="open")
    async def _open(self, open_desk: Callable[[], Desk]) -> None:
        try:
            desk, settings = await in_daemon(_opened, open_desk, self.available_themes)
        except RollbookError as error:
            self.failure = error
            self.exit(str(error))
            return
        self._begin(desk, settings)

    def _begin(self, desk: Desk, settings: Settings) -> None:
        from rollbook_tui.screens.dashboard import Dashboard

        self.desk = desk
        self.remapped = dict(settings.keys)
        self.set_keymap(self.remapped)
        if settings.theme and not self.colourless:
            self.theme = settings.theme
        self.push_screen(Dashboard(desk))
        if told := desk.upgrade_told():
            self.notify(told, timeout=30, markup=False)
        # A full collection would go through all that was imported and cost a key press 150 ms.
        self.call_after_refresh(gc.freeze)
        self.set_interval(BETWEEN_LOOKS, self.look)

    def _console_screens(self) -> list[ConsoleScreen]:
        from rollbook_tui.screens.base import ConsoleScreen

        return [screen for screen in self.screen_stack if isinstance(screen, ConsoleScreen)]

    def _front(self) -> ConsoleScreen | None:
        screens = self._console_screens()
        return screens[-1] if screens else None

    def _show_jobs(self, *, began_or_ended: bool = False) -> None:
        for screen in self._console_screens():
            screen.show_jobs(self.jobs.values())
            if began_or_ended:
                screen.commands_changed()


def _opened(open_desk: Callable[[], Desk], themes: Iterable[str]) -> tuple[Desk, Settings]:
    from rollbook_tui.commands.catalogue import CONTEXTS
    from rollbook_tui.keymap import load

    desk = open_desk()
    return desk, load(desk.home.root, CONTEXTS, themes)


def run_console(home: Path | None, store: str | None, read_only: bool) -> int:
    """Show the console until it is left; the exit code. Refuses where there is no terminal."""
    if refusal := why_not():
        print(refusal, file=sys.stderr)
        return 2

    def open_it() -> Desk:
        from rollbook.desk.desk import open_desk

        return open_desk(home, store_url=store, read_only=read_only)

    end_with_the_terminal()
    app = ConsoleApp(open_it)
    farewell = app.run()
    if farewell is not None:
        print(farewell, file=sys.stderr)
    code = app.failure.exit_code if app.failure else app.return_code or 0
    if under_way():
        # A thread that is in C code when the interpreter is taken down aborts the process. What
        # it was doing to the store is one transaction: it is there whole or not at all.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
