"""Expected-change plans: the list, and the form that says what it would do as it is filled in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.widgets import Input

from rollbook.desk import plans as desk_plans
from rollbook.desk import trying_plans
from rollbook.desk.desk import Desk
from rollbook.desk.plan_views import PlanDraft, PlanState
from rollbook.desk.plans import plans
from rollbook_tui import plan_fields as fields
from rollbook_tui.screens.plan_form import PlanFormScreen
from rollbook_tui.screens.plans import PlansScreen
from rollbook_tui.widgets.form_row import field_id
from tui.deep.northfield import FRIDAY, HELD_RUN, ID, open_at
from tui.deep.shown import Shown, shown


async def opened(s: Shown[PlansScreen]) -> PlanFormScreen:
    """The form, with its first preview."""
    await s.press("N")
    await s.until(lambda: s.front[-1] == "PlanFormScreen")
    form = s.app.screen
    assert isinstance(form, PlanFormScreen)
    await s.until(lambda: form._tried is not None)
    await s.settle()
    return form


async def fill(s: Shown[PlansScreen], key: str, value: str) -> None:
    """Type into a field, and wait until the draft has been tried."""
    s.app.screen.query_one(f"#{field_id(key)}", Input).value = value
    form = s.app.screen
    assert isinstance(form, PlanFormScreen)
    await s.until(lambda: form._typed[key] == value and form._settling is None)
    await s.settle()


async def test_the_form_says_what_a_plan_would_do_as_it_is_filled_in(northfield: Desk) -> None:
    async with shown(PlansScreen(northfield, ID), (120, 36)) as s:
        assert "No plan yet." in s.text
        form = await opened(s)
        assert form.query_one(f"#{field_id(fields.LEAVING)}", Input).value.startswith("12 <= ")
        for leaving in ("", "KG"):
            await fill(s, fields.LEAVING, leaving)
            draft = fields.draft_of(form._typed, form._schools)
            tried = trying_plans.try_plan(northfield, ID, draft)
            splits = tried.expectation.whole.splits.values()
            expected = sum(count.expected for verbs in splits for count in verbs.values())
            assert f"{expected:,} of {tried.changes:,} changes of {HELD_RUN}" in s.text
            waiting = f"{tried.held:,} would wait for a decision; without the plan"
            assert f"{waiting} {tried.held_without:,}" in s.text
            assert all(f"! {hold.rule} {hold.title}" in s.text for hold in tried.holds)
        await fill(s, fields.LEAVING, "KG at Nowhere")
        assert "x There is no school 'Nowhere'." in s.text
        assert "x leaving" in s.text
        await fill(s, fields.LEAVING, "77")
        assert "x " in s.text.partition("leaving ─")[2], "what the desk has against it"
        await s.press("f5")
        assert form.query_one(f"#{field_id(fields.LEAVING)}", Input).value.startswith("12 <= ")
        assert plans(northfield, ID) == (), "nothing is saved"


async def test_a_suggestion_comes_also_where_its_first_reading_is_overtaken(
    northfield: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, overtaken, suggested = Event(), Event(), desk_plans.suggested_plan

    def slow(*args: Any) -> PlanDraft:
        asked.set()
        assert overtaken.wait(60)
        return suggested(*args)

    monkeypatch.setattr(desk_plans, "suggested_plan", slow)
    async with shown(PlansScreen(northfield, ID), (120, 36)) as s:
        await s.pilot.press("N")
        await s.until(asked.is_set)
        form = s.app.screen
        assert isinstance(form, PlanFormScreen)
        form.action_reload()
        overtaken.set()
        await s.settle()
        assert form._typed[fields.LEAVING].startswith("12 <= ")


async def test_what_is_typed_while_a_suggestion_is_read_stays(
    northfield: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, typed, suggested = Event(), Event(), desk_plans.suggested_plan

    def slow(*args: Any) -> PlanDraft:
        asked.set()
        assert typed.wait(60)
        return suggested(*args)

    async with shown(PlansScreen(northfield, ID), (120, 36)) as s:
        form = await opened(s)
        monkeypatch.setattr(desk_plans, "suggested_plan", slow)
        form.action_suggest()
        await s.until(asked.is_set)
        form.query_one(f"#{field_id(fields.MOVING)}", Input).value = "08 to come"
        await s.until(lambda: form._typed[fields.MOVING] == "08 to come")
        typed.set()
        await s.settle()
        assert form._typed[fields.MOVING] == "08 to come"
        assert form.query_one(f"#{field_id(fields.MOVING)}", Input).value == "08 to come"
        assert form._typed[fields.LEAVING].startswith("12 <= ")


async def test_a_plan_is_proposed_agreed_to_by_another_and_ended(northfield: Desk) -> None:
    async with shown(PlansScreen(northfield, ID)) as s:
        form = await opened(s)
        await s.press("f6")
        assert "Give a reason" in s.text
        form.action_reload()
        await s.settle()
        assert "Give a reason" in s.text, "also when something was written meanwhile"
        await fill(s, fields.REASON, "Rollover 2026")
        await s.press("f6")
        await s.until(lambda: s.front[-1] == "PlansScreen")
        await s.until(lambda: "Rollover 2026" in s.text)
        (made,) = plans(northfield, ID)
        assert made.state is PlanState.PROPOSED
        assert "It counts once somebody else has agreed to it." in s.text
        await s.press("a", "y")
        await s.until(lambda: any("wants another person" in toast for toast in s.toasts))
    other = replace(northfield, operator="lee.ortiz")
    async with shown(PlansScreen(other, ID)) as s:
        await s.press("a")
        assert "this goes in without a hold" in s.text
        await s.press("y")
        await s.until(lambda: "in force" in s.text)
        assert plans(northfield, ID)[0].agreed_by == "lee.ortiz"
        await s.press("x", "y")
        await s.until(lambda: plans(northfield, ID) == ())
        await s.until(lambda: "ended" in s.text)
        await s.press("x")
        assert s.toasts[-1] == f"End: not now: Plan {made.id} is ended already."


async def test_a_desk_that_may_not_write_tries_and_proposes_nothing(home: Path) -> None:
    desk = open_at(home, FRIDAY, read_only=True)
    async with shown(PlansScreen(desk, ID)) as s:
        await opened(s)
        assert f"changes of {HELD_RUN}" in s.text
        await fill(s, fields.REASON, "Rollover 2026")
        await s.press("f6")
        assert s.front[-1] == "PlanFormScreen"
        assert plans(desk, ID) == ()
    desk.close()
