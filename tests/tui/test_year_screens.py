"""The year: every district's season, one district's calendar, the evidence of a roll-up."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from rollbook.desk import seasons
from rollbook.desk.desk import Desk
from rollbook.desk.pausing import pause, pauses
from rollbook.desk.year_overview import year_overview
from rollbook_tui.screens.district_year import DistrictYearScreen
from rollbook_tui.screens.roll_up import RollUpScreen
from rollbook_tui.screens.year import YearScreen
from rollbook_tui.season_words import season_sign
from rollbook_tui.widgets.page import Page
from tui.conftest import TODAY
from tui.consoles import console
from tui.deep.shown import shown

CALENDAR = """
[calendar]
blackouts = [{ name = "Audit", starts = 2026-09-07, ends = 2026-09-11 }]

[[schedule.blackouts]]
first_day = 2026-09-21
last_day = 2026-09-22
"""


@pytest.fixture
def harlow(desk: Desk) -> Desk:
    """Harlow, which has a schedule and a plan, with a blackout and a pause to come."""
    file = desk.home.districts / "harlow.toml"
    file.write_text(file.read_text() + CALENDAR)
    ends = TODAY + timedelta(days=30)
    pause(desk, "harlow", starts=TODAY + timedelta(days=9), ends=ends, reason="Bell schedule")
    return desk


def test_the_overview_says_of_each_district_what_its_season_does(harlow: Desk) -> None:
    told = {view.district: view for view in seasons.seasons(harlow)}
    lines = year_overview(harlow)
    assert [line.district for line in lines] == sorted(told)
    for line in lines:
        view = told[line.district]
        assert (line.season, line.waits_for) == (view.season, view.waits_for)
        assert line.rolled_up_on == view.rolled_up_on
        assert line.pauses == len(view.pauses)
        assert view.will_do.startswith(line.will_do)
    by_id = {line.district: line for line in lines}
    assert by_id["harlow"].plans == ("proposed",)
    assert by_id["pinecrest"].pauses == 1
    assert by_id["marlow"].season is None
    due = by_id["harlow"].next_run
    assert due is not None
    assert timedelta() < due - harlow.clock() <= timedelta(days=1)


async def test_every_district_is_on_one_screen_with_what_it_waits_for(harlow: Desk) -> None:
    async with console(harlow) as running:
        await running.go_to("districts", "pinecrest")
        assert "season ? waiting for roll-up" in running.text
        await running.press("Y")
        await running.until(lambda: isinstance(running.app.screen, YearScreen))
        await running.settle()
        screen = running.app.screen
        assert isinstance(screen, YearScreen)
        for line in year_overview(harlow):
            assert season_sign(line.season).word in running.text
        assert screen.district() == "pinecrest", "the cursor begins where it was"
        assert "waits for" in running.text.split("╰")[-2]
        await running.press("slash", *"ready harl", "enter")
        assert screen.district() == "harlow"
        assert screen.table.row_count == 1
        for key, front in (("enter", "DistrictYearScreen"), ("u", "RollUpScreen")):
            await running.press(key)
            assert running.front[-1] == front
        await running.press("escape")
        for key, front in (("p", "PausesScreen"), ("P", "PlansScreen"), ("c", "ChecklistScreen")):
            await running.press(key)
            await running.until(lambda front=front: running.front[-1] == front)  # type: ignore[misc]
            await running.settle()
            if key == "c":
                assert "Back to school ·" in running.text, "the list that is due"
            await running.press("escape")
        assert running.front[-1] == "DistrictYearScreen"


async def test_the_list_is_exported_as_it_is_filtered(read_only_desk: Desk, tmp_path: Path) -> None:
    async with shown(YearScreen(read_only_desk)) as s:
        await s.press("slash", *"pinecrest", "enter", "e")
        await s.until(lambda: s.front[-1] == "SaveAs")
        await s.write(str(tmp_path / "year.csv"))
        await s.press("enter")
        await s.until(lambda: bool(s.toasts))
    header, line = (tmp_path / "year.csv").read_text().splitlines()
    assert header.startswith("district,name,season,waits for")
    assert line.startswith("pinecrest,Pinecrest School District,waiting for roll-up,")


async def test_a_districts_year_shows_terms_pauses_blackouts_plans_and_runs(harlow: Desk) -> None:
    (coming,) = pauses(harlow, "harlow")
    async with shown(DistrictYearScreen(harlow, "harlow"), (100, 60)) as s:
        for told in (
            seasons.season(harlow, "harlow").waits_for,
            "roll-up ✓ done",
            "▲ today",
            f"· {coming.id} {coming.words}",
            "x 2026-09-07 to 2026-09-11 Audit",
            "x 2026-09-21 to 2026-09-22 by the schedule",
            "? proposed harlow.",
            "12:30 America/Denver",
        ):
            assert told in s.text
        told_whole = " ".join(" ".join(s.screen.query_one(Page).lines).split())
        assert seasons.season(harlow, "harlow").will_do in told_whole
        for track in ("school", "terms", "pauses", "blackout", "plans", "runs"):
            assert any(line.startswith(f"│ {track} ") for line in s.lines), track


async def test_the_grades_of_last_year_stand_beside_those_of_now(desk: Desk) -> None:
    view = seasons.roll_up(desk, "harlow")
    async with shown(RollUpScreen(desk, "harlow"), (120, 40)) as s:
        screen = s.screen
        assert screen.table.row_count == len(view.schools) + 1
        assert f"{view.evidence.up} of {view.evidence.decided} up" in s.text
        for grade in view.grades:
            assert any(
                line.split("│")[-2].split()[:2] == [grade.grade, f"{grade.before:,}"]
                for line in s.lines
                if line.count("│") >= 3
            ), grade
        await s.press("j")
        first = view.schools[0]
        assert f"{first.name} ✓ done" in s.text
        assert {g.grade for g in first.grades} < {g.grade for g in view.grades}
    assert date(2026, 5, 1) < (view.since or date.min) < TODAY


async def test_a_page_stays_scrolled_when_read_again_and_begins_anew_with_another_line(
    desk: Desk,
) -> None:
    async with shown(RollUpScreen(desk, "harlow")) as s:
        page = s.screen.query_one(Page)
        await s.press("tab", "G", "r")
        assert page.scroll_offset.y > 0
        await s.press("shift+tab", "j")
        assert page.scroll_offset.y == 0
