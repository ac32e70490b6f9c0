"""Answering a re-key in the console."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from core.scene import Scene, new_scene
from core.small_sis import small_sis
from rollbook.desk import decisions
from rollbook.desk.views import HoldState, HoldView
from rollbook_tui.dialogs.decide import Decide
from tui.consoles import console


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Ten students come under new ids, one of them twice."""
    scene = new_scene(tmp_path, small_sis())
    scene.sync_through()
    for student in scene.sis.students("s1")[:10]:
        scene.sis.rekey(student, f"x-{student}")
    scene.sis.users["double"] = scene.sis.users["x-s1-10"] | {"username": "double"}
    scene.sis.demographics["double"] = dict(scene.sis.demographics["x-s1-10"])
    scene.sync()
    yield scene
    scene.close()


def hold_of(scene: Scene, rule: str) -> HoldView:
    return next(hold for hold in decisions.holds(scene.desk) if hold.rule == rule)


async def test_a_re_key_is_answered_with_its_plan(scene: Scene) -> None:
    wanted = hold_of(scene, "R4")
    async with console(scene.desk, (120, 36)) as running:
        await running.go_to("holds", wanted.id)
        assert "Or re-link (R)" in running.text
        await running.press("R")
        await running.until(lambda: isinstance(running.app.screen, Decide))
        await running.settle()
        assert "Linked: 9 users" in running.text
        assert "1 fit several and are not linked." in running.text
        assert "s1-01 → x-s1-01" in running.text
        question = running.app.screen
        question.query_one("#number", Input).value = "9"
        question.query_one("#reason", Input).value = "New ids"
        await running.press("y")
        await running.acts_done()
    assert decisions.hold(scene.desk, wanted.id).state is HoldState.APPROVED
    assert {"x-s1-01", "double", "x-s1-10"} <= scene.users().keys()
    assert "s1-01" not in scene.users()


async def test_no_is_no(scene: Scene) -> None:
    wanted = hold_of(scene, "R4")
    async with console(scene.desk) as running:
        await running.go_to("holds", wanted.id)
        await running.press("R")
        await running.until(lambda: isinstance(running.app.screen, Decide))
        await running.press("n")
        await running.acts_done()
    assert decisions.hold(scene.desk, wanted.id).state is HoldState.OPEN
    assert "s1-01" in scene.users()


async def test_what_is_no_re_key_cannot_be_re_linked(scene: Scene) -> None:
    other = hold_of(scene, "R1")
    async with console(scene.desk) as running:
        await running.go_to("holds", other.id)
        await running.press("R")
        assert "there is nothing to re-link" in running.toasts[-1]
