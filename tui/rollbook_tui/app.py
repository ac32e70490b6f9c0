"""The Textual app: themes, screens on top of each other, and what is under way."""

from __future__ import annotations

import os

from rollbook.desk.desk import Desk
from textual import events
from textual.app import App

from rollbook_tui.dialogs.dialog import Dialog
from rollbook_tui.jobs import Job
from rollbook_tui.messages import JobEnded, JobMoved, JobStarted
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.theme import COLOURLESS, DEFAULT, THEMES
from rollbook_tui.widgets.job_line import JobLine

WIDTHS = [(0, "-tiny"), (60, "-narrow"), (80, "-normal"), (120, "-wide")]
HEIGHTS = [(0, "-flat"), (16, "-tall")]


class ConsoleApp(App[None]):
    """The console over one desk."""

    TITLE = "rollbook"
    CSS_PATH = "styles/base.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(self, desk: Desk) -> None:
        colourless = bool(os.environ.get("NO_COLOR"))
        super().__init__(ansi_color=True if colourless else None)
        self.desk = desk
        self.remapped: dict[str, str] = {}
        self.jobs: dict[int, Job] = {}
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = COLOURLESS if colourless else DEFAULT

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own tokens, for Textual's themes that do not have them."""
        return dict(THEMES[0].variables)

    async def on_event(self, event: events.Event) -> None:
        """Keep keys from a question that has just opened."""
        if (
            isinstance(event, events.Key)
            and isinstance(self.screen, Dialog)
            and self.screen.is_deaf
        ):
            return
        await super().on_event(event)

    def on_job_started(self, message: JobStarted) -> None:
        """Show it in the jobs line."""
        self.jobs[message.job.number] = message.job
        self._show_jobs()

    def on_job_moved(self, message: JobMoved) -> None:
        """Show how far it is; a job that has ended stays ended."""
        if message.job.number in self.jobs:
            self.jobs[message.job.number] = message.job
            self._show_jobs()

    def on_job_ended(self, message: JobEnded) -> None:
        """Take it out of the jobs line."""
        self.jobs.pop(message.job.number, None)
        self._show_jobs()

    def _show_jobs(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, ConsoleScreen):
                screen.query_one(JobLine).show(self.jobs.values())
