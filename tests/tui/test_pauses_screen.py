"""The grid of pauses: what is over a cell, what the cells become, and what the keys do."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Button, Input

from rollbook.desk import pausing
from rollbook.desk.desk import Desk
from rollbook.desk.districts import district
from rollbook.desk.views import Kind, PauseScope, PauseView, RoleGroup, Verb
from rollbook_tui.pause_cells import EVERY, LINES, VERBS, Cell, cells_of, covering, scopes_of
from rollbook_tui.screens.pauses import PausesScreen
from rollbook_tui.widgets.form_row import field_id
from rollbook_tui.widgets.pause_grid import PauseGrid, cover_words
from tui.consoles import Console, console
from tui.deep.northfield import ID
from tui.deep.shown import shown

ORGS, STUDENTS, GUARDIANS = (
    next(line for line in LINES if line.label == name) for name in ("orgs", "students", "guardians")
)


def a_pause(school: str | None = None, *, active: bool = True, **scope: object) -> PauseView:
    """A pause of a scope."""
    given_scope = PauseScope(**scope)  # type: ignore[arg-type]
    return PauseView(
        id="northfield.p4",
        district=ID,
        school=school,
        school_name="",
        kinds=given_scope.kinds,
        verbs=given_scope.verbs,
        roles=given_scope.roles,
        starts=date(2026, 8, 1),
        ends=None,
        preset=None,
        reason="A reason",
        created_by="dana.kim",
        created_at=datetime(2026, 8, 1, tzinfo=UTC),
        resumed_at=None,
        resumed_by=None,
        active=active,
        words="everything",
    )


def over(pause: PauseView, cell: Cell, school: str | None = None) -> str:
    """What stands in a cell."""
    return cover_words(list(covering([pause], school, cell)))


@given(st.frozensets(st.sampled_from(sorted(EVERY, key=str))))
def test_the_scopes_of_cells_are_these_cells_and_no_others(cells: frozenset[Cell]) -> None:
    scopes = scopes_of(cells, pausing.PRESET_SCOPES)
    kept = [cells_of(scoped.scope) for scoped in scopes]
    assert frozenset().union(*kept) == cells
    assert sum(map(len, kept)) == len(cells), "no cell is in two pauses"
    assert len(scopes) < 2 ** len(VERBS)


@pytest.mark.parametrize("preset", pausing.PRESETS)
def test_a_preset_is_known_again_by_its_cells(preset: str) -> None:
    (scoped,) = scopes_of(cells_of(pausing.PRESET_SCOPES[preset]), pausing.PRESET_SCOPES)
    assert scoped.preset == preset


def test_summer_leaves_guardians_alone() -> None:
    summer = cells_of(pausing.PRESET_SCOPES["summer"])
    assert not any((GUARDIANS, verb) in summer for verb in VERBS)
    assert all((STUDENTS, verb) in summer for verb in VERBS)


def test_a_cell_says_what_is_over_it_and_how_far() -> None:
    removing = (STUDENTS, Verb.REMOVE)
    assert over(a_pause(), removing) == "= p4"
    assert over(a_pause(active=False), removing) == "later p4"
    assert over(a_pause("hs"), removing) == "part p4"
    assert over(a_pause("hs"), removing, "hs") == "= p4"
    assert over(a_pause("hs"), removing, "ms") == ""
    assert over(a_pause(), removing, "ms") == "= p4"
    assert over(a_pause(kinds=(Kind.USER,)), removing) == "part p4", "not their roles"
    assert over(a_pause(roles=(RoleGroup.STAFF,)), removing) == ""
    assert over(a_pause(verbs=(Verb.ADD,)), removing) == ""
    assert cover_words(list(covering([a_pause(), a_pause()], None, removing))) == "= p4 +1"


async def opened(running: Console, name: str) -> PausesScreen:
    """The grid, from the dashboard."""
    await running.go_to("districts", name)
    await running.press("p")
    await running.until(lambda: isinstance(running.app.screen, PausesScreen))
    await running.settle()
    screen = running.app.screen
    assert isinstance(screen, PausesScreen)
    return screen


async def write(running: Console, **typed: str) -> None:
    """Fill in the form."""
    for key, value in typed.items():
        running.app.screen.query_one(f"#{field_id(key)}", Input).value = value
    await running.settle()


async def test_a_school_is_paused_by_lines_columns_and_cells(desk: Desk) -> None:
    school, name, _ = next(s for s in district(desk, "lakemont").schools if "School" in s[1])
    async with console(desk) as running:
        screen = await opened(running, "lakemont")
        await running.press("f6")
        assert "Take something in the grid first" in running.toasts[-1]
        await running.press("s", *name[:9], "enter")
        await running.acts_done()
        await running.press(*["j"] * 5, "space", "right", "right", "right", "k", "space")
        assert f"2 pauses for {name}: removals of classes; everything of students." in (
            " ".join(running.text.split())
        )
        await write(running, reason="Moves house", ends="2026-09-01")
        screen.query_one("#pause", Button).press()
        await running.acts_done()
        assert not screen.query_one(PauseGrid).taken
        assert "[ ] = p1" in running.text
    removals, students = pausing.pauses(desk, "lakemont")
    assert {removals.school, students.school} == {school}
    assert (removals.kinds, removals.verbs, removals.roles) == ((Kind.CLASS,), (Verb.REMOVE,), ())
    assert students.kinds == (Kind.USER, Kind.ROLE)
    assert (students.verbs, students.roles) == ((), (RoleGroup.STUDENT,))
    assert (students.starts, students.ends) == (date(2026, 8, 17), date(2026, 9, 1))


async def test_a_preset_fills_the_grid_and_a_pause_in_it_is_resumed(desk: Desk) -> None:
    async with console(desk) as running:
        await opened(running, "lakemont")
        await running.press("f", "enter")
        await running.acts_done()
        await write(running, reason="")
        await running.press("f6")
        assert "Give a reason" in running.text
        for typed, problem in (
            ("2026-13-01", "To must be a day"),
            ("2026-08-01", "To lies before From"),
        ):
            await write(running, reason="Summer", ends=typed)
            await running.press("f6")
            assert problem in running.text
        assert pausing.pauses(desk, "lakemont") == ()
        await write(running, ends="ready 2026-09-30")
        await running.press("f6")
        await running.acts_done()
        (made,) = pausing.pauses(desk, "lakemont")
        assert (made.preset, made.reason) == ("summer", "Summer")
        assert (made.until_ready, made.ends) == (True, date(2026, 9, 30))
        assert "everything but guardians and their links" in running.text
        await running.press("u", "y")
        await running.acts_done()
        assert pausing.pauses(desk, "lakemont") == ()
        await running.press("u")
        assert "No pause is over what the cursor is on." in running.toasts[-1]


async def test_a_desk_that_may_not_write_shows_the_grid_and_pauses_nothing(
    read_only_desk: Desk,
) -> None:
    async with shown(PausesScreen(read_only_desk, "pinecrest")) as s:
        await s.press("space")
        assert "[x] = p1" in s.text
        await s.press("f6", "u")
        assert s.front[-1] == "PausesScreen"
        assert len(s.toasts) == 2
