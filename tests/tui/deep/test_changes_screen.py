"""The whole list behind the counts of a run."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from rollbook.desk import change_lists, history
from rollbook.desk.change_lists import changes
from rollbook.desk.decisions import reject
from rollbook.desk.desk import Desk
from rollbook.desk.history import run
from rollbook.desk.syncing import sync
from rollbook.desk.views import ChangeFilter, Kind, Lane, RunView, Verb
from rollbook_tui.app import ConsoleApp
from rollbook_tui.screens.changes import ChangesScreen
from rollbook_tui.screens.person import PersonScreen
from rollbook_tui.screens.run_list import STILL_COUNTING
from rollbook_tui.widgets.record_table import RecordTable
from rollbook_tui.widgets.search_line import SearchLine
from tui.deep.northfield import FIRST_RUN, HELD_RUN, HOLD, ID
from tui.deep.shown import shown

HELD = ChangeFilter(hold=HOLD)


def total(desk: Desk) -> int:
    counts = run(desk, HELD_RUN).summary.counts
    return counts.add + counts.update + counts.remove


async def test_it_lists_every_change_and_says_how_many(northfield: Desk) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN)) as s:
        count = total(northfield)
        assert s.screen.table.row_count == count > 200
        assert s.screen.table.border_title == f"{count} of {count} changes"
        assert "rollbook / northfield.3 / changes" in s.text
        first = next(iter(changes(northfield, HELD_RUN)))
        assert s.screen.table.current == first
        assert first.id in s.text, "the highlighted change is shown field by field"


async def test_a_hold_lists_what_it_keeps_back(northfield: Desk) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN, HELD)) as s:
        kept_back = len(changes(northfield, HELD_RUN, HELD))
        wanted = f"{kept_back} of {total(northfield)} changes · {HOLD}"
        assert s.screen.table.border_title == wanted
        assert s.text.count("! held") >= 8
        assert "✓ applied" not in s.text


@pytest.mark.parametrize(
    ("key", "steps", "wanted"),
    [
        ("t", 1, ChangeFilter(kind=Kind.USER)),
        ("c", 3, ChangeFilter(verb=Verb.REMOVE)),
        ("l", 3, ChangeFilter(lane=Lane.HELD)),
    ],
)
async def test_a_filter_is_chosen_from_a_list(
    northfield: Desk, key: str, steps: int, wanted: ChangeFilter
) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN)) as s:
        await s.press(key, *["j"] * steps, "enter")
        assert s.screen.table.row_count == len(changes(northfield, HELD_RUN, wanted))
        assert 0 < s.screen.table.row_count < total(northfield)
        await s.press(key, "g", "enter")
        assert s.screen.table.row_count == total(northfield)


async def test_a_school_is_chosen_by_its_name(northfield: Desk) -> None:
    school = next(s for s in run(northfield, HELD_RUN).schools if s.school is not None)
    async with shown(ChangesScreen(northfield, HELD_RUN), (120, 36)) as s:
        await s.press("s", "j", "enter")
        assert f"school: {school.name[:20]}" in s.text
        wanted = ChangeFilter(school=school.school)
        assert s.screen.table.row_count == len(changes(northfield, HELD_RUN, wanted))


async def test_escape_leaves_a_choice_as_it_was(northfield: Desk) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN)) as s:
        await s.press("c", "j", "escape")
        assert s.screen.table.row_count == total(northfield)
        assert s.front[-1] == "ChangesScreen"


async def test_search_looks_in_names_and_ids_and_escape_takes_it_back(northfield: Desk) -> None:
    row = next(row for row in changes(northfield, HELD_RUN) if row.kind is Kind.USER)
    async with shown(ChangesScreen(northfield, HELD_RUN)) as s:
        await s.press("slash")
        await s.write(row.id[:10])
        await s.press("enter")
        wanted = ChangeFilter(search=row.id[:10])
        assert s.screen.table.row_count == len(changes(northfield, HELD_RUN, wanted)) > 0
        assert s.screen.table.has_focus
        await s.press("escape")
        assert s.screen.table.row_count == total(northfield)
        assert s.front[-1] == "ChangesScreen"
        await s.press("escape")
        assert s.front[-1] == "Dashboard"


async def test_a_search_begins_when_the_typing_pauses(northfield: Desk) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN)) as s:
        await s.press("slash")
        await s.write("nobody has this")
        await s.until(lambda: s.screen.table.row_count == 0)
        assert "No change is like that." in s.text


async def test_marks_are_counted_copied_and_given_up_before_the_screen(northfield: Desk) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN)) as s:
        ids = [row.id for row in changes(northfield, HELD_RUN).rows(0, 2)]
        await s.press("y")
        assert s.app.clipboard == ids[0]
        await s.press("space", "space")
        assert s.screen.table.border_subtitle == "2 marked"
        await s.press("y")
        assert s.app.clipboard == "\n".join(ids)
        await s.press("escape")
        assert s.screen.table.border_subtitle == ""
        assert s.front[-1] == "ChangesScreen"


async def test_more_marks_than_a_clipboard_holds_are_for_an_export(northfield: Desk) -> None:
    async with shown(ChangesScreen(northfield, FIRST_RUN)) as s:
        await s.press("y", "v", "G", "v")
        before = s.app.clipboard
        assert len(s.screen.table.marks) > 1_000
        await s.press("y")
        assert s.app.clipboard == before
        assert "too many to copy" in s.toasts[-1]


async def test_the_list_is_there_before_the_run_is_counted(
    northfield: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    real = history.run

    def slow(desk: Desk, run_id: str) -> RunView:
        assert released.wait(20)
        return real(desk, run_id)

    monkeypatch.setattr(history, "run", slow)
    screen = ChangesScreen(northfield, HELD_RUN)
    app = ConsoleApp(northfield)
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(screen)
        while not screen.table.row_count:
            await pilot.pause(0.01)
        count = screen.table.row_count
        assert str(screen.table.border_title) == f"{count} changes"
        await pilot.press("c", "enter")
        assert app.screen is screen
        said = [toast.message for toast in app._notifications]
        assert said == [STILL_COUNTING, STILL_COUNTING]
        released.set()
        while "of" not in str(screen.table.border_title):
            await pilot.pause(0.01)


async def test_a_range_is_counted_while_it_is_drawn(northfield: Desk) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN)) as s:
        await s.press("space", "v", "j", "j")
        assert s.screen.table.border_subtitle == "1 marked · 3 in the range"
        await s.press("v")
        assert s.screen.table.border_subtitle == "4 marked"


async def test_the_panel_follows_the_cursor(northfield: Desk) -> None:
    updates = ChangeFilter(verb=Verb.UPDATE, kind=Kind.USER)
    async with shown(ChangesScreen(northfield, HELD_RUN, updates), (120, 36)) as s:
        row = s.screen.table.current
        assert row is not None
        assert row.before is not None
        field = next(iter(row.before))
        assert field.replace("_", " ") in s.text
        await s.press("j")
        assert s.screen.table.current != row
        assert str(s.screen.table.current and s.screen.table.current.id) in s.text


async def test_enter_opens_the_card_of_a_person_who_is_there(northfield: Desk) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN, HELD)) as s:
        row = s.screen.table.current
        assert row is not None
        await s.press("enter")
        assert s.front[-1] == "PersonScreen"
        assert isinstance(s.app.screen, PersonScreen)
        assert row.label in s.text
        await s.press("escape")
        assert s.front[-1] == "ChangesScreen"


async def test_a_person_who_is_not_there_yet_has_no_card(northfield: Desk, home: Path) -> None:
    users = home / "drop" / "users.csv"
    *_, last = users.read_text().splitlines()
    _, rest = last.split(",", 1)
    with users.open("a") as stream:
        stream.write(f"newcomer,{rest}\n")
    preview = sync(northfield, ID, preview=True).summary.id
    newcomer = ChangeFilter(kind=Kind.USER, search="newcomer")
    async with shown(ChangesScreen(northfield, preview, newcomer)) as s:
        assert s.screen.table.row_count == 1
        await s.press("enter")
        assert s.front[-1] == "ChangesScreen"
        assert any("newcomer is not in the directory" in toast for toast in s.toasts)


async def test_a_change_of_a_class_is_about_nobody(northfield: Desk) -> None:
    classes = ChangeFilter(kind=Kind.CLASS)
    async with shown(ChangesScreen(northfield, FIRST_RUN, classes)) as s:
        await s.press("enter")
        assert s.front[-1] == "ChangesScreen"
        assert any("not about one person" in toast for toast in s.toasts)


async def test_export_writes_what_the_filter_leaves(northfield: Desk, tmp_path: Path) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN, HELD)) as s:
        await s.press("ctrl+s")
        assert f"{HOLD}-changes.csv" in s.text
        await s.write(str(tmp_path / "held.ndjson"))
        await s.press("enter")
        await s.until(lambda: bool(s.toasts))
        count = len(changes(northfield, HELD_RUN, HELD))
        assert s.toasts == [f"Exported: {count} rows written to {tmp_path / 'held.ndjson'}"]
    assert len((tmp_path / "held.ndjson").read_text().splitlines()) == count


async def test_an_export_overwrites_nothing(northfield: Desk, tmp_path: Path) -> None:
    taken = tmp_path / "taken.csv"
    taken.write_text("mine")
    async with shown(ChangesScreen(northfield, HELD_RUN)) as s:
        await s.press("ctrl+s")
        await s.write(str(taken))
        await s.press("enter")
        assert "There is a file of that name already" in s.text
        await s.write(str(tmp_path / "list.txt"))
        await s.press("enter")
        assert "The name must end in .csv or .ndjson" in s.text
        await s.press("escape")
    assert taken.read_text() == "mine"


async def test_a_reload_keeps_the_cursor_and_the_marks(northfield: Desk) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN)) as s:
        await s.press("space", "G", "r")
        assert s.screen.table.cursor == total(northfield) - 1
        assert list(s.screen.table.marks) == [0]


async def test_a_decision_changes_the_states_under_the_cursor(northfield: Desk) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN, HELD)) as s:
        reject(northfield, HOLD, reason="The export ran too early.")
        s.app.look()
        await s.settle()
        await s.until(lambda: "x rejected" in s.text)


async def test_the_run_is_read_off_the_loop(
    northfield: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[bool] = []
    real = change_lists.changes

    def noted(desk: Desk, run_id: str, wanted: ChangeFilter) -> change_lists.ChangeList:
        threads.append(threading.current_thread() is threading.main_thread())
        return real(desk, run_id, wanted)

    monkeypatch.setattr(change_lists, "changes", noted)
    async with shown(ChangesScreen(northfield, HELD_RUN)):
        assert threads
        assert not any(threads)


async def test_the_help_has_the_keys_of_the_table_too(northfield: Desk) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN), (120, 50)) as s:
        await s.press("question_mark")
        assert "Begin a range here" in s.text
        assert "List one kind of record only" in s.text


async def test_a_highlight_is_said_once_for_a_key(northfield: Desk) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN)) as s:
        before = len(s.said(RecordTable.RowHighlighted))
        await s.press("j")
        assert len(s.said(RecordTable.RowHighlighted)) == before + 1


async def test_a_list_that_was_asked_for_before_does_not_come_back_late(
    northfield: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    real = change_lists.changes

    def late(desk: Desk, run_id: str, wanted: ChangeFilter) -> change_lists.ChangeList:
        if wanted == ChangeFilter():
            assert released.wait(20)
        return real(desk, run_id, wanted)

    updates = ChangeFilter(verb=Verb.UPDATE)
    monkeypatch.setattr(ConsoleApp, "look", lambda app: None)
    async with shown(ChangesScreen(northfield, HELD_RUN)) as s:
        monkeypatch.setattr(change_lists, "changes", late)
        s.screen.action_reload()
        await s.pilot.press("c", "j", "j", "enter")
        count = len(real(northfield, HELD_RUN, updates))
        await s.until(lambda: s.screen.table.row_count == count)
        released.set()
        await s.settle()
        assert s.screen.table.row_count == count
        assert str(s.screen.table.border_title).endswith("· update")


async def test_the_choices_say_how_many_there_are(northfield: Desk) -> None:
    counts = run(northfield, HELD_RUN).counts
    removed = sum(line.remove for line in counts.values())
    users = counts[Kind.USER]
    async with shown(ChangesScreen(northfield, HELD_RUN)) as s:
        await s.press("c")
        assert f"- remove {removed}" in s.text
        await s.press("escape", "t")
        assert f"users {users.add + users.update + users.remove}" in s.text


async def test_an_empty_search_line_is_put_away(northfield: Desk) -> None:
    async with shown(ChangesScreen(northfield, HELD_RUN)) as s:
        line = s.screen.query_one(SearchLine)
        await s.press("slash")
        assert line.display
        assert line.has_focus
        await s.press("enter")
        assert not line.display
        assert s.screen.table.has_focus
