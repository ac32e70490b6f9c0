"""What every screen of the console has: its commands, its desk, and the lines around its body."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import replace
from time import monotonic
from typing import Any, ClassVar, Concatenate, Literal, ParamSpec, TypeVar

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from rollbook.desk.desk import Desk
from rollbook.desk.permissions import why_not
from rollbook.desk.views import Progress
from rollbook.errors import RollbookError
from rollbook_tui.commands.command import Commands, State, bindings, find
from rollbook_tui.commands.everywhere import CommandLine, GoBack, Reload, ShowHelp
from rollbook_tui.commands.keys import first_written
from rollbook_tui.dialogs.entry import Entry
from rollbook_tui.faults import fault_words, note
from rollbook_tui.jobs import Job, new_job
from rollbook_tui.messages import JobEnded, JobMoved, JobStarted
from rollbook_tui.untrusted import drawable
from rollbook_tui.widgets.job_line import JobLine
from rollbook_tui.widgets.key_bar import KeyBar, KeyEntry
from rollbook_tui.widgets.title_bar import TitleBar
from rollbook_tui.work import in_daemon

P = ParamSpec("P")
T = TypeVar("T")

EVERYWHERE: Commands = (GoBack, Reload, CommandLine, ShowHelp)
"""The commands of every screen; a screen puts its own before them."""

BETWEEN_PROGRESS = 0.1
"""Seconds between two redraws of a job's progress."""

TOO_SMALL = (
    "The console wants 60 columns and 16 lines.\nMake the window larger, or use: rollbook --help"
)


class ConsoleScreen(Screen[None]):
    """A screen of the console.

    A subclass gives ``ACTS`` and ``BINDINGS = bindings(ACTS)``, ``body()``, ``path()``
    and ``reload()``; where its commands depend on what is selected also ``state()``, and where
    the key bar depends on the focus ``pane()``. It calls ``commands_changed()`` when what they
    give has changed.
    """

    ACTS: ClassVar[Commands] = EVERYWHERE
    BINDINGS = bindings(EVERYWHERE)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Container(id="body"):
            yield from self.body()
        yield Static(TOO_SMALL, id="too-small", markup=False)
        yield JobLine()
        yield KeyBar()

    def body(self) -> ComposeResult:
        """What stands between the title bar and the key bar."""
        yield from ()

    def path(self) -> Sequence[str]:
        """Where one is, for the title bar: ``("Northfield USD", "northfield.12")``."""
        return ()

    def state(self) -> State:
        """What the commands are judged by."""
        return State(read_only=why_not(self.desk))

    def pane(self) -> str:
        """The id of the pane that has the focus, for the key bar; empty where there are none."""
        return ""

    async def reload(self) -> None:
        """Read again and show what has changed; called on ``r`` and when the store has moved."""

    def action_show_help(self) -> None:
        """Open the help of this screen."""
        from rollbook_tui.screens.help import Help

        self.app.push_screen(Help(self.ACTS, self.state(), self.pane(), self.keys_of()))

    def action_go_back(self) -> None:
        """Close this screen; the first one stays."""
        if len(self.app.screen_stack) > 2:
            self.dismiss()

    def action_reload(self) -> None:
        """Read again."""
        self._start_reload()

    async def action_command_line(self) -> None:
        """Open the ``:`` line: the palette, under another name."""
        await self.app.run_action("palette")

    def places(self) -> Sequence[Entry]:
        """What the palette offers beside the commands: places to go to."""
        return ()

    def on_mount(self) -> None:
        """Show the frame at once; what is in it comes when it has been read."""
        self.show_jobs(getattr(self.app, "jobs", {}).values())
        self.commands_changed()
        self._start_reload()

    def on_screen_resume(self) -> None:
        """Show what became of things while another screen was in front."""
        self.commands_changed()
        if (say := getattr(self.app, "say_what_waits", None)) is not None:
            say()

    def on_store_moved(self) -> None:
        """Something was written."""
        self._start_reload()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Other keys for another pane."""
        self.commands_changed()

    def on_key(self, event: events.Key) -> None:
        """Say why a dimmed key does nothing."""
        active = self.active_bindings.get(event.key)
        if active is None or active.enabled or active.node is not self:
            return
        command = find(self.ACTS, active.binding.action)
        refusal = command.refusal(self.state()) if command else None
        if command and refusal:
            event.stop()
            self.say(refusal, title=f"{command.label}: not now", severity="warning")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """``None``, which dims the key, for what the command refuses in this state."""
        command = find(self.ACTS, action)
        if command is None:
            return True
        return None if command.refusal(self.state()) else True

    def commands_changed(self) -> None:
        """Bring title and key bar up to date."""
        if not self.is_mounted:
            return
        state, pane, keys = self.state(), self.pane(), self.keys_of()
        self.query_one(TitleBar).show(self.path(), "READ-ONLY" if state.read_only else "")
        self.query_one(KeyBar).show(
            [
                KeyEntry(
                    first_written(keys.get(command.id, command.keys)),
                    command.footer,
                    command.action,
                    command.refusal(state) is None,
                )
                for command in self.ACTS
                if command.footer and (not command.panes or pane in command.panes)
            ]
        )

    def keys_of(self) -> dict[str, str]:
        """The keys that ``console.toml`` puts in place of a command's own, by command id."""
        keys = getattr(self.app, "remapped", {})
        return dict(keys)

    def show_jobs(self, jobs: Iterable[Job]) -> None:
        """Show what is under way."""
        if (line := self.query_one_optional(JobLine)) is not None:
            line.show(jobs)

    def at_work(self) -> frozenset[str]:
        """What the jobs under way work on: the ids of districts, mostly."""
        jobs: dict[int, Job] = getattr(self.app, "jobs", {})
        return frozenset(job.subject for job in jobs.values())

    def say(
        self,
        text: str,
        *,
        title: str = "",
        severity: Literal["information", "warning", "error"] = "information",
    ) -> None:
        """A toast. The text is taken as it is, never as markup; errors stay for a minute."""
        self.app.notify(
            drawable(text),
            title=drawable(title),
            severity=severity,
            timeout=60 if severity == "error" else 6,
            markup=False,
        )

    async def read(
        self, function: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What a desk function gives, read off the event loop."""
        return await in_daemon(function, self.desk, *args, **kwargs)

    async def act(
        self,
        subject: str,
        stage: str,
        function: Callable[Concatenate[Desk, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Carry out a person's decision off the event loop, with a place in the jobs line.

        ``q`` asks while it runs. Errors come out as they are; left uncaught in a worker started
        by ``start`` they become a toast.
        """
        return await self._as_job(
            new_job(subject, stage, decides=True), in_daemon(function, self.desk, *args, **kwargs)
        )

    async def act_with_progress(
        self, subject: str, stage: str, decides: bool, function: Callable[[Progressed], T]
    ) -> T:
        """As ``act`` for a ``function`` that is given a place to report its progress to."""
        job = new_job(subject, stage, decides=decides)
        return await self._as_job(job, in_daemon(function, self._reporter(job)))

    def start(self, act: Coroutine[Any, Any, object]) -> Worker[object]:
        """Start an act that goes on when this screen is closed; its errors become toasts."""
        return self.app.run_worker(act, group="acts", exit_on_error=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell of an error in a worker of this screen."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.report(event.worker.error)

    def report(self, error: BaseException) -> None:
        """Tell of an error in words; of a fault only what kind it is, it may hold a name."""
        if isinstance(error, RollbookError):
            self.say(str(error), title=words_for(error), severity="error")
        else:
            path = note(self.desk.home.logs, error, self.desk.clock())
            self.say(fault_words(error, path), title="A fault", severity="error")

    @work(group="reload", exclusive=True, exit_on_error=False)
    async def _start_reload(self) -> None:
        await self.reload()

    async def _as_job(self, job: Job, call: Coroutine[Any, Any, T]) -> T:
        app = self.app
        app.post_message(JobStarted(job))
        try:
            return await call
        finally:
            app.post_message(JobEnded(job))

    def _reporter(self, job: Job) -> Progressed:
        app = self.app
        stage, last = "", 0.0

        def report(progress: Progress) -> None:
            nonlocal stage, last
            now = monotonic()
            if progress.stage == stage and now - last < BETWEEN_PROGRESS:
                return
            stage, last = progress.stage, now
            moved = replace(job, stage=progress.stage, done=progress.done, total=progress.total)
            app.post_message(JobMoved(moved))

        return report


Progressed = Callable[[Progress], None]
"""Where a long act reports its progress to, from its own thread."""


def words_for(error: RollbookError) -> str:
    """``Input refused`` for ``InputRefused``: the heading of an error's toast."""
    name = type(error).__name__
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
    return words.capitalize()
