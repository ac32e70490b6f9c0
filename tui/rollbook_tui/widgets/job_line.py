"""The line that says what is under way."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.widgets import Static

from rollbook_tui.jobs import Job, job_words


class JobLine(Static):
    """One line, hidden while nothing is under way. An update redraws it and nothing else."""

    DEFAULT_CSS = """
    JobLine {
        height: 1;
        padding: 0 1;
        display: none;
        color: $foreground;
        background: $surface;
    }
    JobLine.-busy { display: block; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show(self, jobs: Iterable[Job]) -> None:
        """Show these jobs, the newest first."""
        lines = [job_words(job) for job in sorted(jobs, key=lambda job: -job.number)]
        self.set_class(bool(lines), "-busy")
        separator = Content.styled("  │  ", "$rule")
        mark = Content.styled("> ", "bold $primary")
        self.update(Content.assemble(mark, separator.join(map(Content, lines))), layout=False)
