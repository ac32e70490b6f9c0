"""Where toasts are drawn."""

from __future__ import annotations

import pytest

from rollbook.desk.desk import Desk
from rollbook_tui.dialogs.decide import Decide
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


async def test_toasts_never_cover_a_question_and_are_there_when_it_is_answered(desk: Desk) -> None:
    async with console(desk, (80, 24), draw_toasts=True) as running:
        await running.press("3")
        running.screen.say("Said before", severity="error")
        await running.until(lambda: "Said before" in running.text)
        await running.press("a")
        await running.until(lambda: isinstance(running.app.screen, Decide))
        running.screen.say("Said meanwhile")
        await running.settle()
        [frame] = running.app.screen.query(".frame")
        rows = [line[frame.region.x : frame.region.right] for line in running.lines]
        question = "\n".join(rows[frame.region.y : frame.region.bottom])
        assert "Approve" in question
        assert "n no" in question
        assert "Said" not in question
        assert "Said meanwhile" not in running.text
        await running.press("escape")
        await running.until(lambda: "Said meanwhile" in running.text)
        assert "Said before" in running.text
