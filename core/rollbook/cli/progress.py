"""How far a long piece of work is: a bar on a terminal, a line per stage elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rollbook.cli.plain import visible
from rollbook.cli.tables import note
from rollbook.desk.views import Progress as Step

Report = Callable[[Step], None]


@contextmanager
def progress() -> Iterator[Report]:
    """A function that is told how far the work is, and says so on stderr."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with _bar() as report:
            yield report
    else:
        yield _lines()


def _lines() -> Report:
    last: tuple[str, str] | None = None

    def report(step: Step) -> None:
        nonlocal last
        if (step.district, step.stage) != last:
            last = (step.district, step.stage)
            note(f"{step.district}: {step.stage}")

    return report


@contextmanager
def _bar() -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[count]}", markup=False),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    tasks: dict[str, TaskID] = {}

    def report(step: Step) -> None:
        words = visible(f"{step.district}: {step.stage}")
        if step.district not in tasks:
            tasks[step.district] = bar.add_task(words, count="")
        bar.update(
            tasks[step.district],
            description=words,
            total=step.total,
            completed=step.done,
            count=f"{step.done:,} of {step.total:,}" if step.total else "",
        )

    with bar:
        yield report
