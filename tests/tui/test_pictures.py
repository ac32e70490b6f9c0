"""What the console looks like, without colour as well, beside what the screenshots show."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from rollbook.desk import district_forms
from rollbook.desk.decisions import holds
from rollbook.desk.desk import Desk
from rollbook.desk.views import Check, HoldView
from rollbook_tui.dialogs.decide import Decide
from rollbook_tui.jobs import new_job
from rollbook_tui.messages import JobStarted
from tui.consoles import Console, console
from tui.forms import fill, opened
from tui.pictures import SvgPicture, picture


@pytest.fixture
def svg(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compares with the picture of the test's name."""
    return snapshot.use_extension(SvgPicture)


@pytest.fixture
def no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal on which nothing is told by a colour."""
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture(autouse=True)
def _same_places(demo_home: Path) -> None:
    """The folder that a district is read from is another one in every test."""
    for file in (demo_home / "districts").glob("*.toml"):
        text = file.read_text(encoding="utf-8")
        place = f'path = "/srv/rosters/{file.stem}"'
        file.write_text(re.sub(r'path = ".*"', place, text), encoding="utf-8")


def graduates(desk: Desk) -> HoldView:
    """The held deletion of Harlow's graduates."""
    return next(h for h in holds(desk, "harlow") if h.role == "student")


async def ask(running: Console, wanted: HoldView) -> None:
    """Open the question whether to approve it."""
    await running.go_to("holds", wanted.id)
    await running.press("a")
    await running.until(lambda: isinstance(running.app.screen, Decide))
    await running.settle()


@pytest.mark.usefixtures("no_colour")
async def test_dashboard(desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(desk) as running:
        assert picture(running.app) == svg


@pytest.mark.usefixtures("no_colour")
async def test_changeset(desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(desk) as running:
        await running.go_to("changesets", holds(desk, "northfield")[0].run)
        assert picture(running.app) == svg


@pytest.mark.usefixtures("no_colour")
async def test_hold(desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(desk) as running:
        await running.go_to("holds", graduates(desk).id)
        assert picture(running.app) == svg


@pytest.mark.usefixtures("no_colour")
async def test_approve(desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(desk) as running:
        await ask(running, graduates(desk))
        assert picture(running.app) == svg


async def test_approve_with_a_number(desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(desk) as running:
        await ask(running, next(h for h in holds(desk) if h.rung == 2))
        await running.press("y")
        assert picture(running.app) == svg


async def test_pauses(desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(desk) as running:
        await running.go_to("districts", "pinecrest")
        await running.press("p", "j", "space", "right", "right", "j", "space")
        assert picture(running.app) == svg


async def test_year_of_a_district(desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(desk) as running:
        await running.go_to("districts", "pinecrest")
        await running.press("Y", "enter")
        assert picture(running.app) == svg


async def test_plan_with_its_preview(desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(desk, (120, 36)) as running:
        await running.go_to("districts", "harlow")
        await running.press("P", "N")
        await running.until(lambda: "deviate from the plan" in running.text)
        assert picture(running.app) == svg


async def test_district_paused(desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(desk, (80, 36)) as running:
        await running.go_to("districts", "pinecrest")
        assert picture(running.app) == svg


async def test_read_only_with_a_job_and_marks(read_only_desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(read_only_desk) as running:
        await running.press("j", "space", "space")
        running.app.post_message(JobStarted(new_job("harlow", "comparing", decides=False)))
        await running.settle()
        assert picture(running.app) == svg


async def test_palette(desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(desk) as running:
        await running.press("ctrl+p")
        await running.pilot.press(*"re")
        await running.settle()
        assert picture(running.app) == svg


async def test_help(desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(desk) as running:
        await running.press("3", "question_mark")
        assert picture(running.app) == svg


async def test_large_pane_of_changesets(desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(desk) as running:
        await running.press("2", "plus")
        assert picture(running.app) == svg


@pytest.mark.usefixtures("no_colour")
async def test_new_district(desk: Desk, svg: SnapshotAssertion) -> None:
    async with console(desk) as running:
        await opened(running)
        await fill(running, name="Cedar Falls", **{"source__type": "clever-api"})
        await fill(running, source__auth__token="cedar2026")
        assert picture(running.app) == svg


async def test_check_of_a_new_district(
    desk: Desk, svg: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [
        Check("district", True, "Cedar Falls USD, running"),
        Check("students", True, "5 rows read, 1,204 in all"),
        Check("contacts", False, "GET /users?role=contact: 403.", "Have the token given contacts."),
    ]
    monkeypatch.setattr(district_forms, "check_typed", lambda *given: (step for step in steps))
    async with console(desk) as running:
        await opened(running)
        await fill(running, name="Cedar Falls", **{"source__type": "clever-api"})
        await fill(running, source__auth__token="env:CLEVER_TOKEN")
        await running.press("f5")
        await running.until(lambda: "3 steps" in running.text)
        assert picture(running.app) == svg


async def test_sources_overdue(desk: Desk, svg: SnapshotAssertion) -> None:
    later = replace(desk, clock=lambda: desk.clock() + timedelta(days=40))
    async with console(later, (120, 36)) as running:
        await running.go_to("districts", "elk-ridge")
        assert picture(running.app) == svg


@pytest.mark.parametrize("theme", ["rollbook-light", "rollbook-contrast"])
async def test_themes(desk: Desk, svg: SnapshotAssertion, theme: str) -> None:
    async with console(desk) as running:
        running.app.theme = theme
        await running.press("3")
        assert picture(running.app) == svg
