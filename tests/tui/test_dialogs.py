"""What every question has in common."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.content import Content

import rollbook_tui.dialogs.dialog
from rollbook_tui.commands.command import State
from rollbook_tui.dialogs.ask import Ask
from rollbook_tui.dialogs.choose import FILTER_FROM, Choose, Option
from rollbook_tui.dialogs.confirm import Confirm
from rollbook_tui.dialogs.decide import Decide
from rollbook_tui.dialogs.dialog import Dialog
from rollbook_tui.dialogs.palette import Palette
from rollbook_tui.dialogs.pause import Pause
from rollbook_tui.dialogs.save_as import SaveAs
from rollbook_tui.screens.help import Help

FEW = [Option(number, f"School {number}") for number in range(3)]
MANY = [Option(number, f"School {number}") for number in range(FILTER_FROM)]


@pytest.mark.parametrize(
    ("question", "takes"),
    [
        (Confirm("Quit", Content(""), yes="Quit"), False),
        (Decide("Approve", Content(""), yes="Approve"), False),
        (Choose("Which?", FEW, None), False),
        (Choose("Which?", MANY, None), True),
        (Ask("Name", "A name"), True),
        (SaveAs("changes", Path("changes.csv"), (".csv",)), True),
        (Palette(()), True),
        (Pause("Harlow", (), {}, date(2026, 8, 17)), True),
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
