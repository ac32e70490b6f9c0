"""Where toasts are drawn."""

from __future__ import annotations

import pytest

from rollbook.desk.desk import Desk
from rollbook_tui.jobs import new_job
from rollbook_tui.messages import JobStarted
from tui.consoles import console


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (60, 16)])
async def test_toasts_hide_neither_jobs_nor_keys(desk: Desk, size: tuple[int, int]) -> None:
    async with console(desk, size, draw_toasts=True) as running:
        running.app.post_message(JobStarted(new_job("harlow", "comparing", decides=False)))
        await running.settle()
        *_, jobs, keys = running.lines
        assert "harlow: comparing" in jobs
        for number in range(9):
            running.screen.say(f"Said {number}", title="A toast")
        await running.until(lambda: "Said 8" in running.text)
        assert running.lines[-2:] == [jobs, keys]
