"""A checklist walked through, a step at a time."""

from __future__ import annotations

from pathlib import Path

from rollbook.desk.checklist_documents import checklist_markdown
from rollbook.desk.checklists import checklist
from rollbook.desk.desk import Desk
from rollbook.desk.views import StepState, StepView
from rollbook_tui.screens.checklist import ChecklistScreen
from rollbook_tui.screens.dashboard import Dashboard
from rollbook_tui.screens.walk import WalkScreen
from rollbook_tui.step_places import PLACES
from tui.deep.northfield import ID
from tui.deep.shown import Shown, shown

END = "end-of-year"


def steps(desk: Desk) -> tuple[StepView, ...]:
    return checklist(desk, ID, END).steps


def shows(s: Shown[WalkScreen], step: StepView) -> bool:
    """Whether this step is the one on the screen."""
    return step.title in s.text and s.screen.state().step == step


async def test_a_walk_goes_from_step_to_step_and_begins_where_it_was_left(
    northfield: Desk, tmp_path: Path
) -> None:
    every = steps(northfield)
    first = next(step for step in every if step.state is not StepState.DONE)
    async with shown(WalkScreen(northfield, ID, END)) as s:
        assert shows(s, first)
        assert (first.blocker or first.evidence) in s.text
        assert f"step {every.index(first) + 1} of {len(every)}" in s.text
        await s.press(*["right"] * len(every))
        assert shows(s, every[-1])
        assert s.toasts[-1] == "Next: not now: This is the last step."
        await s.press("left")
        assert shows(s, every[-2])
        await s.press("n", "n")
        to_do = [step for step in every if step.state is not StepState.DONE]
        assert shows(s, to_do[1 if every[-1] not in to_do else 0])
        await s.press("e")
        await s.until(lambda: s.front[-1] == "SaveAs")
        await s.write(str(tmp_path / "walk.md"))
        await s.press("enter")
        await s.until(lambda: (tmp_path / "walk.md").exists())
    written = (tmp_path / "walk.md").read_text()
    assert written == checklist_markdown(checklist(northfield, ID, END))


async def test_a_tick_goes_on_to_the_next_step_that_is_to_be_done(northfield: Desk) -> None:
    by_hand = next(step for step in steps(northfield) if not step.automatic)
    async with shown(WalkScreen(northfield, ID, END, by_hand.id)) as s:
        assert "space ticks it once it is done" in s.text
        await s.press("space")
        await s.until(lambda: s.front[-1] == "Ask")
        await s.write("Asked every principal.")
        await s.press("enter")
        await s.until(lambda: by_hand.title not in "\n".join(s.lines[2:-1]))
        following = s.screen.state().step
        assert following is not None
        assert following.state is not StepState.DONE
    ticked = next(step for step in steps(northfield) if step.id == by_hand.id)
    assert (ticked.state, ticked.note) == (StepState.DONE, "Asked every principal.")


async def test_a_note_may_stand_on_a_step_that_ticks_itself(northfield: Desk) -> None:
    blocked = next(step for step in steps(northfield) if step.blocker)
    async with shown(WalkScreen(northfield, ID, END, blocked.id)) as s:
        assert f"in the way {blocked.blocker}" in s.text
        await s.press("o")
        await s.until(lambda: s.front[-1] == "Ask")
        await s.write("The office mends it on Monday.")
        await s.press("enter")
        await s.until(lambda: "The office mends it on Monday. (dana.kim, 9 Oct 2026" in s.text)
    noted = next(step for step in steps(northfield) if step.id == blocked.id)
    assert (noted.state, noted.note) == (blocked.state, "The office mends it on Monday.")


async def test_enter_goes_to_where_a_step_is_done_and_escape_comes_back(northfield: Desk) -> None:
    places = {step.id: PLACES[step.id] for step in steps(northfield) if step.id in PLACES}
    assert places, "the end of the year has steps that are done in the console"
    async with shown(ChecklistScreen(northfield, ID, END)) as s:
        table = s.screen.table
        for step, front in (("plan", "PlansScreen"), ("paused", "PausesScreen")):
            table.cursor = [x.id for x in steps(northfield)].index(step)
            await s.press("enter")
            assert s.front[-1] == "WalkScreen"
            assert PLACES[step].words[:30] in s.text
            await s.press("enter")
            await s.until(lambda front=front: s.front[-1] == front)  # type: ignore[misc]
            await s.settle()
            await s.press("escape")
            assert s.front[-1] == "WalkScreen"
            await s.press("escape")
        table.cursor = [x.id for x in steps(northfield)].index("no-holds")
        await s.press("enter", "enter")
        await s.until(lambda: isinstance(s.app.screen, Dashboard))
        await s.settle()
        dashboard = s.app.screen
        assert isinstance(dashboard, Dashboard)
        assert dashboard.state().pane == "holds"
        assert dashboard.state().hold is not None
        assert len(s.app.screen_stack) == 2, "what lay over it is closed"
