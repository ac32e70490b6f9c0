"""What the dashboard's other keys do: sync, preview, apply, pause, resume, undo, export."""

from __future__ import annotations

import csv
from threading import Event

import pytest
from textual.widgets import Button, Input

from rollbook.desk import exports, syncing
from rollbook.desk.change_lists import changes
from rollbook.desk.decisions import holds
from rollbook.desk.desk import Desk
from rollbook.desk.history import run, runs
from rollbook.desk.pausing import pauses
from rollbook.desk.people import duplicates, merge
from rollbook.desk.views import ChangeFilter, Kind, Progress, RunKind, RunState, RunView, Verb
from rollbook_tui.acts import undoing
from rollbook_tui.dialogs.confirm import Confirm
from rollbook_tui.dialogs.decide import Decide
from rollbook_tui.dialogs.save_as import SaveAs
from rollbook_tui.messages import JobMoved
from rollbook_tui.screens.checklist import ChecklistScreen
from rollbook_tui.screens.duplicates import DuplicatesScreen
from rollbook_tui.screens.findings import FindingsScreen
from rollbook_tui.screens.person import PersonScreen
from rollbook_tui.widgets.job_line import JobLine
from tui.consoles import Console, console


async def dialog(running: Console, kind: type) -> None:
    """Wait for a question."""
    await running.until(lambda: isinstance(running.app.screen, kind))
    await running.settle()


async def test_sync_runs_and_says_how_it_ended(desk: Desk) -> None:
    async with console(desk) as running:
        await running.go_to("districts", "lakemont")
        before = len(runs(desk, "lakemont"))
        await running.press("s")
        await running.acts_done()
        newest = runs(desk, "lakemont")[0]
        assert len(runs(desk, "lakemont")) == before + 1
        assert newest.state is RunState.NOOP
        assert running.toasts[-1].startswith(f"{newest.id}: no change")
        await running.until(lambda: running.pane("changesets").rows[0] == newest)


async def test_a_refused_input_is_an_error_that_stays(desk: Desk) -> None:
    async with console(desk) as running:
        await running.go_to("districts", "elk-ridge")
        await running.press("s")
        await running.acts_done()
        toast = list(running.app._notifications)[-1]
        assert toast.severity == "error"
        assert "refused" in toast.title


async def test_a_running_sync_is_in_the_jobs_line_and_the_console_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = Event()
    real = syncing.sync

    def slow(desk: Desk, district_id: str, *, preview: bool, progress: object) -> RunView:
        assert callable(progress)
        progress(Progress(district_id, "comparing", 41_200, 120_000))
        assert go_on.wait(60)
        return real(desk, district_id, preview=preview)

    monkeypatch.setattr(syncing, "sync", slow)
    try:
        async with console(desk) as running:
            await running.go_to("districts", "lakemont")
            await running.press("s")
            await running.until(lambda: bool(running.said(JobMoved)))
            await running.settle()
            assert "lakemont: comparing 41,200/120,000" in running.text
            await running.press("s")
            assert running.toasts[-1] == (
                "Sync now: not now: Something is under way for lakemont; see the line below."
            )
            await running.press("3", "j")
            assert running.pane("holds").has_focus
            go_on.set()
            await running.acts_done()
            assert not running.screen.query_one(JobLine).display
    finally:
        go_on.set()


async def test_several_districts_are_synced_only_after_a_question(desk: Desk) -> None:
    async with console(desk) as running:
        await running.mark("districts", "lakemont", "riverton")
        counts = {name: len(runs(desk, name)) for name in ("lakemont", "riverton", "harlow")}
        await running.press("s")
        await dialog(running, Confirm)
        assert "Sync 2 districts?" in running.text
        assert running.app.focused is not None
        assert running.app.focused.id == "no"
        await running.press("y")
        await running.acts_done()
        after = {name: len(runs(desk, name)) for name in counts}
        assert after == {
            "lakemont": counts["lakemont"] + 1,
            "riverton": counts["riverton"] + 1,
            "harlow": counts["harlow"],
        }


async def test_preview_changes_nothing_and_can_be_applied(desk: Desk) -> None:
    rows = changes(desk, "riverton.6", ChangeFilter())
    assert len(rows)
    async with console(desk) as running:
        await running.go_to("changesets", "riverton.6")
        await running.press("z")
        await dialog(running, Decide)
        assert "riverton.6" in running.text
        assert "The source still says what it said" in running.text
        running.app.screen.query_one("#reason", Input).value = "Wrong file"
        await running.pilot.pause()
        running.app.screen.query_one("#yes", Button).focus()
        await running.press("enter")
        await running.acts_done()
        undone = runs(desk, "riverton")[0]
        assert undone.kind is RunKind.UNDO
        assert run(desk, undone.id).undo_of == "riverton.6"
        await running.go_to("districts", "riverton")
        await running.press("v")
        await running.acts_done()
        previewed = runs(desk, "riverton")[0]
        assert previewed.preview
        assert not run(desk, previewed.id).applied
        assert previewed.state in {RunState.READY, RunState.HELD}


def test_where_no_record_changes_the_button_says_what_is_undone() -> None:
    assert undoing.button(3, 2) == "Undo 3 changes"
    assert undoing.button(0, 1) == "Undo attendance or discipline of 1 student"


async def test_what_was_written_meanwhile_is_not_undone_unseen(desk: Desk) -> None:
    async with console(desk) as running:
        await running.go_to("changesets", "riverton.6")
        await running.press("z")
        await dialog(running, Decide)
        pair = duplicates(desk, "riverton")[0]
        merge(desk, "riverton", pair.a, pair.b, reason="One child.")
        running.app.screen.query_one("#reason", Input).value = "Wrong file"
        await running.pilot.pause()
        running.app.screen.query_one("#yes", Button).focus()
        await running.press("enter")
        await running.acts_done()
    assert runs(desk, "riverton")[0].kind is RunKind.MERGE


async def test_applying_a_preview_asks_with_its_counts(desk: Desk) -> None:
    syncing_done = syncing.sync(desk, "riverton", preview=True)
    assert syncing_done.summary.state is RunState.NOOP
    ready = _ready_preview(desk)
    async with console(desk, (120, 36)) as running:
        await running.go_to("changesets", ready)
        await running.press("A")
        await dialog(running, Confirm)
        assert f"Apply exactly the changeset of {ready}" in running.text
        await running.press("y")
        await running.acts_done()
    assert run(desk, ready).summary.state is RunState.APPLIED


def _ready_preview(desk: Desk) -> str:
    """A previewed changeset of Riverton that nothing holds: the undone last day, read again."""
    from rollbook.desk.undoing import undo

    undo(desk, "riverton.6", reason="To have something to apply.")
    previewed = syncing.sync(desk, "riverton", preview=True)
    assert previewed.summary.state is RunState.READY, previewed.holds
    return previewed.summary.id


async def test_a_changeset_is_turned_down_with_its_counts_and_a_reason(desk: Desk) -> None:
    ready = _ready_preview(desk)
    async with console(desk, (120, 36)) as running:
        await running.go_to("changesets", ready)
        await running.press("X")
        await dialog(running, Decide)
        assert f"Nothing of {ready} goes into riverton." in running.text
        assert f"Reject {ready}" in running.text
        assert "students" in running.text
        await running.press("enter")  # The focus is on No.
        assert run(desk, ready).summary.state is RunState.READY
        await running.press("X")
        await dialog(running, Decide)
        running.app.screen.query_one("#reason", Input).value = "Last year's file"
        await running.pilot.pause()
        running.app.screen.query_one("#yes", Button).focus()
        await running.press("enter")
        await running.acts_done()
        assert "Rejected: nothing was applied." in running.toasts[-1]
    assert run(desk, ready).summary.state is RunState.REJECTED
    assert run(desk, ready).applied == {}


async def test_its_holds_are_named_before_a_changeset_is_turned_down(desk: Desk) -> None:
    whole = next(h for h in holds(desk) if not run(desk, h.run).applied)
    async with console(desk, (120, 36)) as running:
        await running.go_to("changesets", whole.run)
        await running.press("X")
        await dialog(running, Decide)
        waiting = sum(h.run == whole.run for h in holds(desk))
        assert (
            f"{waiting} hold{'s are' if waiting > 1 else ' is'} rejected with it." in running.text
        )


async def test_what_does_not_wait_cannot_be_turned_down(desk: Desk) -> None:
    async with console(desk) as running:
        await running.go_to("changesets", "riverton.6")
        await running.press("X")
        assert running.app.screen is running.screen
        assert "riverton.6 is applied: nothing of it waits." in running.toasts[-1]


async def test_what_is_in_part_is_not_turned_down_as_a_whole(desk: Desk) -> None:
    async with console(desk, (120, 36)) as running:
        [held] = holds(desk, "northfield")
        await running.go_to("changesets", held.run)
        await running.press("X")
        assert running.app.screen is running.screen
        assert f"Part of {held.run} is in: reject its holds in pane 3" in running.toasts[-1]


async def test_what_waits_as_a_whole_has_nothing_to_undo(desk: Desk) -> None:
    whole = next(h for h in holds(desk) if not run(desk, h.run).applied)
    async with console(desk, (120, 36)) as running:
        await running.go_to("changesets", whole.run)
        await running.press("z")
        assert running.app.screen is running.screen
        assert f"{whole.run} is held: it changed nothing." in running.toasts[-1]


async def test_what_is_not_ready_cannot_be_applied(desk: Desk) -> None:
    async with console(desk) as running:
        held = holds(desk, "northfield")[0].run
        await running.go_to("changesets", held)
        await running.press("A")
        assert running.app.screen is running.screen
        assert f"{held} is held: decide about it in pane 3." in running.toasts[-1]


async def test_resuming_ends_the_pause(desk: Desk) -> None:
    async with console(desk) as running:
        await running.go_to("districts", "pinecrest")
        await running.press("u")
        await dialog(running, Confirm)
        await running.press("y")
        await running.acts_done()
    assert pauses(desk, "pinecrest") == ()


async def test_what_is_not_paused_cannot_be_resumed(desk: Desk) -> None:
    async with console(desk) as running:
        await running.go_to("districts", "lakemont")
        await running.press("u")
        assert running.toasts[-1] == "Resume syncing: not now: lakemont is not paused."


async def test_exporting_a_hold_writes_its_changes(desk: Desk) -> None:
    wanted = holds(desk, "northfield")[0]
    async with console(desk) as running:
        await running.go_to("holds", wanted.id)
        await running.press("e")
        await dialog(running, SaveAs)
        path = desk.home.exports / f"{wanted.id}.csv"
        assert running.app.screen.query_one(Input).value == str(path)
        await running.press("enter")
        await running.acts_done()
        with path.open(newline="") as written:
            assert len(list(csv.DictReader(written))) == wanted.waiting
        assert running.toasts[-1].endswith(str(path))


async def test_exporting_a_run_never_writes_over_a_file(desk: Desk) -> None:
    taken = desk.home.exports / "lakemont.3.ndjson"
    taken.write_text("kept")
    async with console(desk) as running:
        await running.go_to("changesets", "lakemont.3")
        await running.press("e")
        await dialog(running, SaveAs)
        line = running.app.screen.query_one(Input)
        line.value = str(taken)
        await running.press("enter")
        assert isinstance(running.app.screen, SaveAs)
        line.value = str(taken.with_name("other.ndjson"))
        await running.press("enter")
        await running.acts_done()
    assert taken.read_text() == "kept"
    written = taken.with_name("other.ndjson").read_text().splitlines()
    assert len(written) == len(changes(desk, "lakemont.3"))


async def test_an_error_of_the_desk_is_told_in_its_own_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rollbook.errors import Busy

    def busy(*args: object, **kwargs: object) -> RunView:
        raise Busy("another run of lakemont is under way.", remedy="Wait for it.")

    monkeypatch.setattr(syncing, "sync", busy)
    async with console(desk) as running:
        await running.go_to("districts", "lakemont")
        await running.press("s")
        await running.acts_done()
        assert running.toasts == ["Busy: another run of lakemont is under way. Wait for it."]


async def test_a_fault_is_told_and_written_down_without_what_it_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*args: object, **kwargs: object) -> int:
        raise KeyError("Ada Lovelace")

    monkeypatch.setattr(exports, "export_hold", fault)
    wanted = holds(desk)[0]
    async with console(desk) as running:
        await running.go_to("holds", wanted.id)
        await running.press("e")
        await dialog(running, SaveAs)
        await running.press("enter")
        await running.acts_done()
        assert running.toasts[-1].startswith("A fault: KeyError.")
    log = (desk.home.logs / "console.log").read_text()
    assert "KeyError" in log
    assert "export_hold" in log or "fault" in log
    assert "Lovelace" not in log


@pytest.mark.parametrize(
    ("pane", "row", "key", "screen"),
    [
        ("districts", "riverton", "m", DuplicatesScreen),
        ("districts", "harlow", "c", ChecklistScreen),
        ("changesets", "elk-ridge.6", "f", FindingsScreen),
    ],
)
async def test_keys_open_the_deeper_screens(
    desk: Desk, pane: str, row: str, key: str, screen: type
) -> None:
    async with console(desk) as running:
        await running.go_to(pane, row)
        await running.press(key)
        assert isinstance(running.app.screen, screen)
        await running.press("escape")
        assert running.app.screen is running.screen


async def test_looking_a_person_up(desk: Desk) -> None:
    row = next(iter(changes(desk, "lakemont.3", ChangeFilter(kind=Kind.USER, verb=Verb.ADD))))
    async with console(desk) as running:
        await running.go_to("districts", "lakemont")
        await running.press("i")
        await running.until(lambda: running.app.screen is not running.screen)
        await running.pilot.press(*row.id, "enter")
        await running.until(lambda: isinstance(running.app.screen, PersonScreen))
        await running.acts_done()
