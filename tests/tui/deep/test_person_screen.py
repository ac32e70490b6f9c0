"""A person's card."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rollbook.desk.change_lists import changes
from rollbook.desk.decisions import approve, hold
from rollbook.desk.desk import Desk
from rollbook.desk.fact_views import StudentFacts, Topic
from rollbook.desk.people import duplicates, merges, person
from rollbook.desk.views import ChangeFilter, Kind, PersonView
from rollbook.roster.student_facts import Entry
from rollbook_tui.screens.person import PersonScreen
from rollbook_tui.widgets.person_card import card_lines
from tui.deep.northfield import HELD_RUN, HOLD, ID
from tui.deep.shown import shown


@pytest.fixture
def child(northfield: Desk) -> PersonView:
    """A student with classes and a family."""
    return person(northfield, ID, duplicates(northfield, ID)[0].suggested_keep)


@pytest.mark.parametrize("field", ["identifier", "username", "email"])
async def test_a_person_is_found_by_number_username_and_email(
    northfield: Desk, child: PersonView, field: str
) -> None:
    async with shown(PersonScreen(northfield, ID, str(child.values[field]))) as s:
        assert child.label in s.text
        assert f"rollbook / northfield / people / {child.id}" in s.text


async def test_the_card_has_everything_of_a_person(northfield: Desk, child: PersonView) -> None:
    async with shown(PersonScreen(northfield, ID, child.id), (120, 50)) as s:
        text = s.text
        assert "student · grade" in text
        assert child.school_name in text
        assert str(child.values["email"]) in text
        assert str((child.demographics or {})["birth_date"]) in text
        assert f"Enrolled in {len(child.enrollments)} classes" in text
        for _, _, title in child.enrollments:
            assert title in text
        for guardian, label, _ in child.guardians:
            assert label in text
            assert guardian in text


async def test_merged_ids_are_named(northfield: Desk) -> None:
    made = merges(northfield)[0]
    async with shown(PersonScreen(northfield, ID, made.keep), (120, 60)) as s:
        assert "Made one with · 1" in s.text
        assert made.lose in s.text


async def test_who_has_left_is_said_to_be_removed(northfield: Desk) -> None:
    gone = ChangeFilter(hold=HOLD, kind=Kind.USER)
    left = changes(northfield, HELD_RUN, gone).rows(0, 1)[0].id
    approve(northfield, HOLD, confirm=hold(northfield, HOLD).count, reason="They did leave.")
    async with shown(PersonScreen(northfield, ID, left)) as s:
        assert "- removed" in s.text


async def test_nobody_says_how_people_are_found(northfield: Desk) -> None:
    async with shown(PersonScreen(northfield, ID, "nobody@example.org")) as s:
        assert "No person 'nobody@example.org' in northfield." in s.text
        assert "found by id, number, username or email address" in s.text
        await s.press("y")
        assert any("Nobody was found." in toast for toast in s.toasts)


async def test_the_id_is_copied_and_escape_goes_back(northfield: Desk, child: PersonView) -> None:
    async with shown(PersonScreen(northfield, ID, str(child.values["username"]))) as s:
        await s.press("y")
        assert s.app.clipboard == child.id
        await s.press("escape")
        assert s.front[-1] == "Dashboard"


async def test_a_long_card_scrolls_with_the_keys_of_a_list(
    northfield: Desk, child: PersonView
) -> None:
    async with shown(PersonScreen(northfield, ID, child.id), (80, 16)) as s:
        assert child.label in s.text
        await s.press("G")
        assert child.label not in s.text
        assert "Family" in s.text
        await s.press("g", "j")
        assert child.label not in s.text
        await s.press("k")
        assert child.label in s.text


async def test_attendance_and_discipline_are_shown_by_school_year(
    northfield: Desk, child: PersonView
) -> None:
    entries: tuple[Entry, ...] = (
        {"date": "2026-02-03", "type": "[b]tardy[/b]", "excused": False},
        {"date": "2026-02-01", "type": "absent", "number": 0.5, "reason": "ill"},
    )
    totals = {"[b]tardy[/b]": 1.0, "absent": 0.5}
    year = StudentFacts(Topic.ATTENDANCE, "2026", "2025-26, last year", True, totals, entries)
    text = "\n".join(line.plain for line in card_lines(replace(child, facts=(year,)), 100))
    assert "Attendance · 2025-26, last year" in text
    assert "[b]tardy[/b] 1, absent 0.5" in text
    assert "2026-02-03" in text
    assert "[b]tardy[/b], unexcused" in text
    assert "absent, ill" in text
