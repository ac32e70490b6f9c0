"""What every question has in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.color import Color
from textual.content import Content
from textual.widgets import Button

import rollbook_tui.dialogs.dialog
from rollbook.desk.desk import Desk
from rollbook_tui.commands.command import State
from rollbook_tui.dialogs.ask import Ask
from rollbook_tui.dialogs.choose import FILTER_FROM, Choose, Option
from rollbook_tui.dialogs.confirm import Confirm
from rollbook_tui.dialogs.decide import Decide
from rollbook_tui.dialogs.dialog import Dialog
from rollbook_tui.dialogs.palette import Palette
from rollbook_tui.dialogs.save_as import SaveAs
from rollbook_tui.screens.help import Help
from rollbook_tui.theme import COLOURLESS, THEMES
from tui.consoles import Console, console

FEW = [Option(number, f"School {number}") for number in range(3)]
MANY = [Option(number, f"School {number}") for number in range(FILTER_FROM)]


@pytest.mark.parametrize(
    ("question", "takes"),
    [
        (Confirm("Quit", Content(""), yes="Quit"), False),
        (Decide("Approve", Content(""), yes="Approve"), False),
        (Choose("Which?", FEW, 0), False),
        (Choose("Which?", MANY, 0), True),
        (Ask("Name", "A name"), True),
        (SaveAs("changes", Path("changes.csv"), (".csv",)), True),
        (Palette(()), True),
        (Help((), State(), "", {}), True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Dialog) else "",
)
def test_only_what_a_key_can_answer_is_deaf_at_first(
    question: Dialog[Any], takes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = [question._opened + 0.24]
    monkeypatch.setattr(rollbook_tui.dialogs.dialog, "DEAF_SECONDS", 0.25)
    monkeypatch.setattr(rollbook_tui.dialogs.dialog, "monotonic", lambda: moments[0])
    assert question.is_deaf_to("x", "a") is not takes
    assert question.is_deaf_to("a", "a")
    moments[0] += 0.02
    assert not question.is_deaf_to("a", "a")


def buttons(running: Console) -> tuple[Button, Button]:
    """The one with the focus, and the other."""
    first, second = running.app.screen.query(Button)
    return (first, second) if first.has_focus else (second, first)


@pytest.mark.parametrize("theme", [t.name for t in THEMES if t.name != COLOURLESS])
async def test_the_button_with_the_focus_stands_out_and_the_other_is_quiet(
    desk: Desk, theme: str
) -> None:
    async with console(desk) as running:
        running.app.theme = theme
        running.app.push_screen(Confirm("Quit", Content("Really?"), yes="Quit"))
        await running.settle()
        for key in ("", "right"):
            await running.press(*filter(None, [key]))
            focused, quiet = buttons(running)
            ground = running.app.screen.query_one(".frame").styles.background
            assert _apart(focused.styles.background, ground) > 100
            assert _apart(focused.styles.background, focused.styles.color) > 100
            assert _apart(quiet.styles.background, ground) < 40
            assert focused.id == ("yes" if key else "no")


def _apart(first: Color, second: Color) -> float:
    """How much brighter one is than the other, of 255."""
    return abs(first.brightness - second.brightness) * 255


async def test_without_colour_only_the_button_with_the_focus_is_reversed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with console(desk) as running:
        running.app.push_screen(Confirm("Quit", Content("Really?"), yes="Quit"))
        await running.settle()
        for key in ("", "right"):
            await running.press(*filter(None, [key]))
            focused, quiet = buttons(running)
            assert any(s.style and s.style.reverse for s in focused.render_line(0))
            assert not any(s.style and s.style.reverse for s in quiet.render_line(0))
