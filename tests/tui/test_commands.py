"""The commands: one declaration each, from which keys, bar, help, palette and docs agree."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.binding import BindingsMap

import rollbook_tui.commands as package
from rollbook.desk.desk import Desk
from rollbook.desk.views import Counts, RunKind, RunState, RunSummary
from rollbook_tui.app import ConsoleApp
from rollbook_tui.commands.catalogue import CONTEXTS, keys_page
from rollbook_tui.commands.changesets import ApplyPreviewed, UndoRun
from rollbook_tui.commands.command import Command, Commands, State, bindings, find
from rollbook_tui.commands.dashboard import DASHBOARD
from rollbook_tui.commands.dashboard_state import CHANGESETS, DISTRICTS, HOLDS, DashboardState
from rollbook_tui.commands.districts import SyncNow
from rollbook_tui.commands.holds import ApproveHold
from rollbook_tui.commands.keys import all_written, first_written
from rollbook_tui.dialogs.palette import Palette
from rollbook_tui.keymap import clashes
from rollbook_tui.screens.dashboard import Dashboard
from rollbook_tui.screens.help import Help
from rollbook_tui.widgets.key_bar import MOST
from tui.consoles import console

ROOT = Path(__file__).parents[2]


def every() -> Iterator[tuple[str, type[Command[Any]]]]:
    """Every command with the name of its context."""
    for context, commands in CONTEXTS.items():
        for command in commands:
            yield context, command


def classes() -> list[type[Command[Any]]]:
    """Every command class that there is."""
    found: list[type[Command[Any]]] = []
    waiting: list[type[Command[Any]]] = [Command]
    while waiting:
        subclasses = waiting.pop().__subclasses__()
        waiting += subclasses
        found += subclasses
    return [c for c in found if c.__module__.startswith(package.__name__)]


def test_no_key_has_two_meanings_in_one_context() -> None:
    assert clashes(CONTEXTS, {}) == []


def test_every_command_says_what_it_does() -> None:
    for _, command in every():
        assert command.help(), command
        assert command.help()[-1] == ".", command
        assert command.label, command


def test_ids_are_unique_to_what_is_done() -> None:
    done: dict[str, str] = {}
    for _, command in every():
        assert done.setdefault(command.id, command.action) == command.action, command


def test_every_command_of_the_packages_is_in_the_catalogue() -> None:
    listed = {command.id for _, command in every()}
    assert {c.id for c in classes() if hasattr(c, "id")} <= listed


def test_the_docs_are_current() -> None:
    assert (ROOT / "docs" / "keys.md").read_text(encoding="utf-8") == keys_page(), (
        "python -m rollbook_tui.commands.catalogue > docs/keys.md"
    )


@pytest.mark.parametrize("pane", [DISTRICTS, CHANGESETS, HOLDS])
def test_the_key_bar_shows_no_more_than_are_read(pane: str) -> None:
    shown = [c for c in DASHBOARD if c.footer and (not c.panes or pane in c.panes)]
    assert len(shown) <= MOST + 1


def test_every_action_is_there_to_be_done() -> None:
    for command in DASHBOARD:
        name = f"action_{command.action.split('(')[0]}"
        assert inspect.isroutine(getattr(Dashboard, name, None)), name
    for command in ConsoleApp.ACTS:
        assert inspect.isroutine(getattr(ConsoleApp, f"action_{command.action}", None)), command


def _bound(owner: type[Any]) -> set[tuple[str, str]]:
    own = owner.__dict__.get("BINDINGS", [])
    return {(b.key, b.action) for _, b in BindingsMap(own)}


def test_nothing_but_a_command_binds_a_key() -> None:
    waiting: list[type[Any]] = [Dashboard, ConsoleApp, *Dashboard.__mro__]
    for owner in waiting:
        if not owner.__module__.startswith("rollbook_tui"):
            continue
        acts: Commands = getattr(owner, "ACTS", ())
        assert _bound(owner) <= {(b.key, b.action) for _, b in BindingsMap(bindings(acts))}


def test_a_read_only_desk_refuses_what_writes_and_nothing_else() -> None:
    state = DashboardState(read_only="This desk is read-only.")
    for command in DASHBOARD:
        refused = command.refusal(state) == "This desk is read-only."
        assert refused == command.writes, command
    assert {c.id for c in DASHBOARD if c.writes} == {
        "hold.approve",
        "hold.relink",
        "hold.reject",
        "hold.snooze",
        "district.sync",
        "district.preview",
        "district.resume",
        "district.add",
        "changeset.apply",
        "changeset.reject",
        "changeset.undo",
    }


def run_in(state: RunState, *, went_in: bool) -> DashboardState:
    """A dashboard on which the cursor is on a run."""
    numbers = Counts(before=0, incoming=0, add=0, update=0, remove=0, unknown=0)
    at = datetime(2026, 3, 2, tzinfo=UTC)
    line = ("north.2", 2, "north", RunKind.SYNC, state, at, at, "lee", numbers)
    run = RunSummary(*line, 0, 0, 0, "", None, preview=False, went_in=went_in)
    return DashboardState(run=run)


def test_what_went_in_can_be_undone_also_of_a_run_that_was_overtaken() -> None:
    for state in (RunState.SUPERSEDED, RunState.EXPIRED):
        assert UndoRun.why_not(run_in(state, went_in=True)) is None
    refusal = UndoRun.why_not(run_in(RunState.SUPERSEDED, went_in=False))
    assert refusal == "north.2 is replaced: it changed nothing."


def test_what_cannot_be_done_says_why() -> None:
    nothing = DashboardState()
    assert ApproveHold.why_not(nothing) == (
        "Choose a held deletion first: press 3 and go to its line."
    )
    assert SyncNow.why_not(nothing) == "There is no district yet."
    assert ApplyPreviewed.why_not(nothing) == (
        "Choose a changeset first: press 2 and go to its line."
    )


def test_help_is_the_first_paragraph_in_one_line() -> None:
    class Act(Command[State]):
        """Do it,
        whatever it is.

        Not this.
        """

        id = "act"
        action = "act"
        label = "Act"

    assert Act.help() == "Do it, whatever it is."
    assert find((Act,), "act") is Act
    assert find((Act,), "other") is None


def test_keys_are_written_for_people() -> None:
    assert all_written("question_mark,f1") == "? F1"
    assert all_written("ctrl+p,G,escape") == "^p G esc"
    assert first_written("j,down") == "j"
    assert first_written("") == ""


async def test_help_lists_the_keys_of_the_pane_and_why_not(read_only_desk: Desk) -> None:
    async with console(read_only_desk, (100, 40)) as running:
        await running.press("3", "question_mark")
        assert isinstance(running.app.screen, Help)
        text = running.text
        assert "In this pane" in text
        assert text.index("Let the held deletion through") < text.index("On this screen")
        assert "Not now: this desk is read-only" in text or "read-only" in text
        await running.press("escape")
        assert running.front[-1] == "Dashboard"


async def test_the_palette_finds_and_does(desk: Desk) -> None:
    async with console(desk) as running:
        await running.press("ctrl+p")
        assert isinstance(running.app.screen, Palette)
        await running.pilot.press(*"held dele")
        await running.settle()
        await running.press("enter")
        assert running.app.focused is not None
        assert running.app.focused.id == "holds"
        await running.press("colon")
        await running.pilot.press(*"go to harlow")
        await running.press("enter")
        await running.settle()
        row = running.pane("districts").row
        assert getattr(row, "id", None) == "harlow"


async def test_the_palette_does_not_do_what_cannot_be_done(desk: Desk) -> None:
    async with console(desk) as running:
        await running.press("ctrl+p")
        await running.pilot.press(*"hold.approve")
        await running.settle()
        assert "Not now: Choose a held deletion first" in running.text
        await running.press("enter")
        assert isinstance(running.app.screen, Palette)


async def test_themes_are_offered_but_never_the_colourless_one(desk: Desk) -> None:
    async with console(desk) as running:
        await running.press("ctrl+p")
        await running.pilot.press(*"theme")
        await running.press("enter")
        await running.settle()
        assert "rollbook-contrast" in running.text
        assert "colourless" not in running.text
        await running.press("down")
        await running.press("enter")
        assert running.app.theme == "rollbook-light"
