import io
import sys

import pytest

from rollbook.cli.progress import progress
from rollbook.desk.views import Progress

STEPS = [
    Progress("northfield", "reading users.csv", 0, None),
    Progress("northfield", "reading users.csv", 500, 1000),
    Progress("northfield", "reading \x1b[2J[red]x[/red]", 1000, 1000),
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_stage_is_one_line_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with progress() as report:
        for step in STEPS:
            report(step)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "northfield: reading users.csv",
        "northfield: reading [2J[red]x[/red]",
    ]


def test_a_bar_stands_on_stderr_and_obeys_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress() as report:
        for step in STEPS:
            report(step)
    shown = terminal.getvalue()
    assert "northfield: reading [2J[red]x[/red]" in shown
    assert "1,000 of 1,000" in shown
    assert "\x1b[2J" not in shown
    assert capsys.readouterr().out == ""
