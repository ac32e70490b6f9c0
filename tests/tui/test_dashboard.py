"""Getting around on the dashboard."""

from __future__ import annotations

from rollbook.desk.decisions import holds
from rollbook.desk.desk import Desk
from rollbook.desk.districts import districts
from rollbook.desk.history import runs
from rollbook_tui.messages import StoreMoved
from rollbook_tui.screens.changes import ChangesScreen
from rollbook_tui.widgets.list_pane import ListPane
from rollbook_tui.widgets.page import Page
from tui.consoles import Console, console


def focus(running: Console) -> str | None:
    """The id of what has the focus."""
    return running.app.focused.id if running.app.focused else None


async def test_opens_on_all_districts_with_their_runs_and_holds(desk: Desk) -> None:
    async with console(desk, (120, 36)) as running:
        assert focus(running) == "districts"
        assert len(running.pane("districts").rows) == len(districts(desk)) + 1
        assert running.pane("changesets").rows == list(runs(desk))
        assert {h.id for h in running.pane("holds").rows} == {h.id for h in holds(desk)}  # type: ignore[attr-defined]
        assert f"1 Districts · {len(districts(desk))}" in running.text
        assert f"3 Held · {len(holds(desk))}" in running.text
        assert "Needs you" in running.text


async def test_number_keys_jump_and_tab_cycles(desk: Desk) -> None:
    async with console(desk) as running:
        for key, pane in (("3", "holds"), ("2", "changesets"), ("4", "detail"), ("1", "districts")):
            await running.press(key)
            assert focus(running) == pane
        order = []
        for _ in range(4):
            await running.press("tab")
            order.append(focus(running))
        assert order == ["changesets", "holds", "detail", "districts"]
        await running.press("shift+tab")
        assert focus(running) == "detail"


async def test_cursor_on_a_district_shows_its_runs_and_holds(desk: Desk) -> None:
    async with console(desk) as running:
        await running.go_to("districts", "northfield")
        moved = running.said(ListPane.Moved)
        assert any(message.pane.id == "districts" for message in moved)
        assert running.pane("changesets").rows == list(runs(desk, "northfield"))
        assert {h.district for h in running.pane("holds").rows} == {"northfield"}  # type: ignore[attr-defined]
        detail = running.screen.query_one("#detail", Page)
        assert str(detail.border_title) == "northfield"


async def test_enter_drills_and_escape_comes_back(desk: Desk) -> None:
    async with console(desk) as running:
        await running.go_to("districts", "northfield")
        await running.press("enter")
        assert focus(running) == "changesets"
        await running.press("enter")
        assert isinstance(running.app.screen, ChangesScreen)
        await running.press("escape")
        assert running.front[-1] == "Dashboard"
        assert focus(running) == "changesets"
        await running.press("escape")
        assert focus(running) == "districts"
        await running.press("escape")
        assert running.front[-1] == "Dashboard"


async def test_enter_on_a_hold_opens_its_changes_alone(desk: Desk) -> None:
    hold = holds(desk, "northfield")[0]
    async with console(desk) as running:
        await running.go_to("holds", hold.id)
        await running.press("enter")
        screen = running.app.screen
        assert isinstance(screen, ChangesScreen)
        await running.until(lambda: hold.id in running.text)


async def test_slash_filters_the_pane_in_front_by_every_word(desk: Desk) -> None:
    async with console(desk) as running:
        await running.press("slash")
        await running.pilot.press(*"state:held")
        await running.pilot.press("enter")
        await running.settle()
        pane = running.pane("districts")
        held = {d.id for d in districts(desk) if d.state == "held"}
        assert {row.id for row in pane.rows} == held  # type: ignore[attr-defined]
        assert f"{len(held)} of {len(districts(desk))}" in running.text
        assert focus(running) == "districts"
        await running.press("escape")
        assert len(pane.rows) == len(districts(desk)) + 1


async def test_filter_that_nothing_passes_says_so(desk: Desk) -> None:
    async with console(desk) as running:
        await running.press("3", "slash")
        await running.pilot.press(*"zzz")
        await running.pilot.press("enter")
        await running.settle()
        assert "Nothing has zzz" in running.text


async def test_space_marks_and_star_marks_what_the_filter_shows(desk: Desk) -> None:
    async with console(desk) as running:
        pane = running.pane("districts")
        await running.press("space")
        assert not pane.marked, "the line of all districts is no district"
        await running.press("space", "space")
        assert len(pane.marked) == 2
        assert "2 marked" in running.text
        await running.press("asterisk")
        assert len(pane.marked) == len(districts(desk))
        await running.press("asterisk")
        assert not pane.marked


async def test_plus_gives_the_window_to_one_pane(desk: Desk) -> None:
    async with console(desk) as running:
        await running.press("3", "plus")
        assert running.pane("holds").size.width == 78
        assert not running.pane("districts").display
        await running.press("2")
        assert running.pane("changesets").size.width == 78
        await running.press("underscore")
        assert running.pane("districts").display
        assert running.screen.query_one("#detail").display


async def test_below_80_columns_there_is_one_pane_at_a_time(desk: Desk) -> None:
    async with console(desk, (70, 24)) as running:
        assert [p.id for p in running.screen.query(ListPane) if p.display] == ["districts"]
        await running.press("3")
        assert [p.id for p in running.screen.query(ListPane) if p.display] == ["holds"]
        await running.press("4")
        assert running.screen.query_one("#detail").display
        assert not running.screen.query_one("#lists").display


async def test_too_small_a_window_says_what_it_wants(desk: Desk) -> None:
    async with console(desk, (58, 20)) as running:
        assert "60 columns" in running.text
        assert not running.screen.query_one("#body").display
    async with console(desk, (80, 14)) as running:
        assert "16 lines" in running.text


async def test_motions_move_the_cursor(desk: Desk) -> None:
    async with console(desk) as running:
        await running.press("2")
        pane = running.pane("changesets")
        last = len(pane.rows) - 1
        await running.press("j", "j", "k")
        assert pane.cursor == 1
        await running.press("G")
        assert pane.cursor == last
        await running.press("ctrl+u")
        assert 0 < pane.cursor < last
        await running.press("g")
        assert pane.cursor == 0
        await running.press("ctrl+d")
        assert pane.cursor > 0


async def test_detail_pane_scrolls(desk: Desk) -> None:
    async with console(desk) as running:
        await running.go_to("districts", "lakemont")
        await running.press("4", "G")
        assert running.screen.query_one("#detail", Page).scroll_offset.y > 0


async def test_holds_are_in_order_of_urgency(desk: Desk) -> None:
    async with console(desk) as running:
        ends = [hold.expires_at for hold in running.pane("holds").rows]  # type: ignore[attr-defined]
        assert ends == sorted(ends)


async def test_copying_the_id_says_what_was_copied(desk: Desk) -> None:
    async with console(desk) as running:
        await running.go_to("districts", "harlow")
        await running.press("y")
        assert running.app.clipboard == "harlow"
        assert running.toasts[-1] == "Copied: harlow"


async def test_what_another_process_writes_is_shown(desk: Desk) -> None:
    from rollbook.desk.decisions import reject

    hold = holds(desk, "northfield")[0]
    async with console(desk) as running:
        running.app.look()
        await running.settle()
        reject(desk, hold.id, reason="Somebody else's decision.")
        running.app.look()
        await running.until(
            lambda: hold.id not in {h.id for h in running.pane("holds").rows}  # type: ignore[attr-defined]
        )
        assert running.said(StoreMoved)


async def test_a_look_at_an_unchanged_store_reloads_nothing(desk: Desk) -> None:
    async with console(desk) as running:
        running.app.look()
        await running.settle()
        before = len(running.said(StoreMoved))
        running.app.look()
        await running.settle()
        assert len(running.said(StoreMoved)) == before


async def test_no_districts_says_what_to_do_next(tmp_path: object) -> None:
    from pathlib import Path

    from rollbook.desk.desk import open_desk

    desk = open_desk(Path(str(tmp_path)) / "empty")
    async with console(desk, (120, 36)) as running:
        assert "opens a form to add one" in running.text
        assert "1 Districts · 0" in running.text
    desk.close()


async def test_a_click_puts_the_cursor_there(desk: Desk) -> None:
    async with console(desk) as running:
        await running.pilot.click("#districts", offset=(8, 3))
        await running.settle()
        assert running.pane("districts").cursor == 2
        await running.pilot.click("#changesets", offset=(8, 2))
        await running.settle()
        assert focus(running) == "changesets"
        assert running.pane("changesets").cursor == 1


async def test_a_click_on_a_key_does_what_the_key_does(desk: Desk) -> None:
    async with console(desk) as running:
        await running.press("3")
        bar = running.lines[-1]
        await running.pilot.click("KeyBar", offset=(bar.index("Approve") + 1, 0))
        await running.until(lambda: running.front[-1] == "Decide")


async def test_every_question_can_be_answered_in_the_smallest_window(desk: Desk) -> None:
    async with console(desk, (60, 16)) as running:
        await running.go_to("holds", "northfield.5.h1")
        await running.press("a")
        await running.until(lambda: running.front[-1] != "Dashboard")
        for _ in range(4):
            if running.app.focused is not None and running.app.focused.id == "no":
                break
            await running.press("tab")
        assert running.app.focused is not None
        assert running.app.focused.id == "no"
        assert "Approve" in running.lines[running.app.focused.region.y]


async def test_what_was_imported_is_kept_out_of_collections_once(
    desk: Desk, freezes: list[str]
) -> None:
    async with console(desk) as running:
        await running.press("2", "j")
        assert freezes == ["frozen"]
