"""The runs of the past, and those under way."""

from __future__ import annotations

from rollbook.desk.desk import Desk
from rollbook.desk.presenting import run_summary, run_view
from rollbook.desk.views import RunSummary, RunView
from rollbook.directory import runs as run_rows


def runs(desk: Desk, district_id: str | None = None, *, limit: int = 200) -> tuple[RunSummary, ...]:
    """The newest ``limit`` runs of one or all districts, newest first."""
    with desk.store.read() as connection:
        now = desk.clock()
        rows = run_rows.newest(connection, district_id, limit=limit)
        return tuple(run_summary(connection, row, now) for row in rows)


def run(desk: Desk, run_id: str) -> RunView:
    """A run with its preview, holds and findings. Raises ``NotFound``."""
    with desk.store.read() as connection:
        return run_view(connection, desk.home, run_id, desk.clock())
