"""The rollover checklists of a district."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.widgets import Button

from rollbook.desk.checklist_documents import checklist_markdown
from rollbook.desk.checklists import checklist, checklists
from rollbook.desk.desk import Desk
from rollbook.desk.views import StepState, StepView
from rollbook_tui.screens.checklist import ChecklistScreen
from tui.deep.northfield import FRIDAY, ID, open_at
from tui.deep.shown import Shown, shown

END = "end-of-year"


@pytest.fixture
def screen(northfield: Desk) -> ChecklistScreen:
    return ChecklistScreen(northfield, ID)


def steps(desk: Desk, name: str = END) -> tuple[StepView, ...]:
    return checklist(desk, ID, name).steps


def stands(desk: Desk, step: StepView) -> StepState:
    """The state of a step by now."""
    return next(s.state for s in steps(desk) if s.id == step.id)


async def go_to_one_for_hands(s: Shown[ChecklistScreen], desk: Desk) -> StepView:
    """Put the cursor on the first step that is ticked by hand."""
    found = next(step for step in steps(desk) if not step.automatic)
    s.screen.table.cursor = steps(desk).index(found)
    await s.settle()
    return found


async def test_every_list_says_how_far_it_is(northfield: Desk, screen: ChecklistScreen) -> None:
    async with shown(screen, (200, 36)) as s:
        for summary in checklists(northfield, ID):
            assert f"{summary.title} {summary.done} of {summary.total}" in s.text
        first = checklists(northfield, ID)[0]
        wanted = f"{first.title} · {first.done} of {first.total} done"
        assert str(screen.table.border_title) == wanted


async def test_steps_have_box_and_word_and_the_next_one_an_arrow(
    northfield: Desk, screen: ChecklistScreen
) -> None:
    async with shown(screen, (120, 36)) as s:
        listed = s.text.split("Step")[0]
        boxes = re.findall(r"(\[x\] done|\[ \] open|\[!\] blocked)", listed)
        signs = {StepState.DONE: "[x] done", StepState.OPEN: "[ ] open"}
        wanted = [signs.get(step.state, "[!] blocked") for step in steps(northfield)]
        assert boxes[: len(wanted)] == wanted
        following = next(st for st in steps(northfield) if st.state is not StepState.DONE)
        assert re.search(rf"next → \[.\] \w+ {re.escape(following.title[:30])}", listed)
        current = screen.table.current
        assert current is not None
        assert current.step == following, "the cursor begins there"


async def test_an_automatic_step_says_its_evidence(
    northfield: Desk, screen: ChecklistScreen
) -> None:
    async with shown(screen) as s:
        current = screen.table.current
        assert current is not None
        assert current.step.automatic
        assert current.step.evidence in s.text
        assert "by itself, from the data" in s.text


async def test_an_automatic_step_cannot_be_ticked_and_says_why(
    northfield: Desk, screen: ChecklistScreen
) -> None:
    async with shown(screen) as s:
        before = steps(northfield)
        await s.press("space")
        assert s.front[-1] == "ChecklistScreen"
        assert any("ticks itself when the data say so" in toast for toast in s.toasts)
        assert steps(northfield) == before


async def test_a_step_is_ticked_by_hand_with_a_note(
    northfield: Desk, screen: ChecklistScreen
) -> None:
    async with shown(screen) as s:
        step = await go_to_one_for_hands(s, northfield)
        assert "by hand: press space" in s.text
        await s.press("space")
        await s.until(lambda: s.front[-1] == "Ask")
        await s.write("Asked every principal.")
        await s.press("enter")
        await s.until(lambda: "Asked every principal." in s.text)
        assert "by dana.kim on 9 Oct 2026 14:30 UTC" in s.text
        current = screen.table.current
        assert current is not None
        assert current.step.id == step.id, "the cursor stays on the step"
    ticked = next(st for st in steps(northfield) if st.id == step.id)
    assert (ticked.state, ticked.note) == (StepState.DONE, "Asked every principal.")


async def test_a_note_may_be_left_out_and_escape_ticks_nothing(
    northfield: Desk, screen: ChecklistScreen
) -> None:
    async with shown(screen) as s:
        step = await go_to_one_for_hands(s, northfield)
        await s.press("space")
        await s.until(lambda: s.front[-1] == "Ask")
        await s.press("escape")
        assert s.front[-1] == "ChecklistScreen"
        assert stands(northfield, step) is StepState.OPEN
        await s.press("space")
        await s.until(lambda: s.front[-1] == "Ask")
        await s.press("enter")
        await s.until(lambda: stands(northfield, step) is StepState.DONE)


async def test_a_tick_is_taken_back_after_a_question(
    northfield: Desk, screen: ChecklistScreen
) -> None:
    async with shown(screen) as s:
        step = await go_to_one_for_hands(s, northfield)
        await s.press("space")
        await s.until(lambda: s.front[-1] == "Ask")
        await s.press("enter")
        await s.until(lambda: "by dana.kim on" in s.text)
        await s.press("space")
        await s.until(lambda: s.front[-1] == "Confirm")
        assert isinstance(s.app.focused, Button)
        assert s.app.focused.id == "no"
        await s.press("n")
        assert stands(northfield, step) is StepState.DONE
        await s.press("space")
        await s.until(lambda: s.front[-1] == "Confirm")
        await s.press("y")
        await s.until(lambda: stands(northfield, step) is StepState.OPEN)


async def test_brackets_go_round_the_lists(northfield: Desk, screen: ChecklistScreen) -> None:
    titles = [summary.title for summary in checklists(northfield, ID)]
    async with shown(screen) as s:
        for title in [*titles[1:], titles[0]]:
            await s.press("right_square_bracket")
            assert str(screen.table.border_title).startswith(title)
        await s.press("left_square_bracket")
        assert str(screen.table.border_title).startswith(titles[-1])


async def test_n_goes_to_the_next_step(northfield: Desk, screen: ChecklistScreen) -> None:
    async with shown(screen) as s:
        await s.press("G", "n")
        states = [step.state for step in steps(northfield)]
        assert screen.table.cursor == next(
            at for at, state in enumerate(states) if state is not StepState.DONE
        )


async def test_it_is_exported_as_markdown(
    northfield: Desk, screen: ChecklistScreen, tmp_path: Path
) -> None:
    async with shown(screen) as s:
        await s.press("ctrl+s")
        await s.until(lambda: s.front[-1] == "SaveAs")
        assert f"{ID}-{END}.md" in s.text
        await s.write(str(tmp_path / "year.md"))
        await s.press("enter")
        await s.until(lambda: bool(s.toasts))
    written = (tmp_path / "year.md").read_text()
    assert written == checklist_markdown(checklist(northfield, ID, END))


async def test_a_desk_that_may_not_write_ticks_nothing(home: Path) -> None:
    desk = open_at(home, FRIDAY, read_only=True)
    async with shown(ChecklistScreen(desk, ID, END)) as s:
        await go_to_one_for_hands(s, desk)
        await s.press("space")
        assert s.front[-1] == "ChecklistScreen"
        assert len(s.toasts) == 1
    desk.close()
