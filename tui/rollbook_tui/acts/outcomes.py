"""What came of a run, in words for a toast."""

from __future__ import annotations

from typing import Literal

from rollbook.desk.views import RunState, RunView
from rollbook_tui.screens.base import ConsoleScreen
from rollbook_tui.words import RUNS

Severity = Literal["information", "warning", "error"]

_SEVERITIES: dict[RunState, Severity] = {
    RunState.HELD: "warning",
    RunState.EXPIRED: "warning",
    RunState.SUPERSEDED: "warning",
    RunState.FETCH_FAILED: "error",
    RunState.INPUT_REFUSED: "error",
}


def tell(screen: ConsoleScreen, run: RunView) -> None:
    """Say how a run ended: ``northfield.12: held``, and in words what that means."""
    summary = run.summary
    screen.say(
        summary.message or _numbers(run),
        title=f"{summary.id}: {RUNS[summary.state].word}",
        severity=_SEVERITIES.get(summary.state, "information"),
    )


def _numbers(run: RunView) -> str:
    counts = run.summary.counts
    return f"{counts.add:,} add, {counts.update:,} update, {counts.remove:,} remove."
