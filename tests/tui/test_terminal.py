"""The console on a real terminal: quitting, colour, silence, and where it cannot be shown."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tui.terminals import ROOT, Terminal, terminal

CLOCK = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
import rollbook.desk.desk
rollbook.desk.desk._now = lambda: datetime(2026, 8, 17, 11, 40, tzinfo=UTC)
"""

OPEN = (
    CLOCK
    + """
from rollbook_tui.app import run_console
sys.exit(run_console(Path({home!r}), None, False))
"""
)

SLOW = (
    CLOCK
    + """
from rollbook.desk import {module}
from rollbook.desk.views import Progress
def slow(*args, progress=None, **kwargs):
    if progress:
        progress(Progress("lakemont", "comparing", 1, 2))
    time.sleep(50)
{module}.{name} = slow
from rollbook_tui.app import run_console
sys.exit(run_console(Path({home!r}), None, False))
"""
)


def opened(child: Terminal) -> None:
    """Wait for the dashboard with its lists."""
    child.wait_for("Lakemont")
    child.wait_for("need you")


def test_quits_at_once_while_a_sync_runs(demo_home: Path) -> None:
    with terminal(SLOW.format(home=str(demo_home), module="syncing", name="sync")) as child:
        opened(child)
        child.press("jjj")
        child.wait_for("Lakemont Unified School District")
        child.press("s")
        child.wait_for("comparing 1/2")
        child.press("q")
        assert child.ends_within(10) == 0


def test_it_ends_with_its_terminal_also_where_no_hangup_reaches_it(demo_home: Path) -> None:
    deaf = "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    with terminal(deaf + OPEN.format(home=str(demo_home))) as child:
        opened(child)
        child.hang_up()
        assert not child.outlives(20)


def test_asks_before_quitting_while_a_decision_is_carried_out(demo_home: Path) -> None:
    with terminal(SLOW.format(home=str(demo_home), module="decisions", name="reject")) as child:
        opened(child)
        child.press("3G")
        child.wait_for("marlow.1.h1")
        child.press("x")
        child.wait_for("Reason, for the record")
        child.quiet_for(0.4)
        child.press("\x1b[Z")
        child.quiet_for(0.4)
        child.press("because")
        child.wait_for("because")
        child.press("\r")
        child.quiet_for(0.4)
        child.press("\t")
        child.quiet_for(0.4)
        child.press("\r")
        child.wait_for("rejecting")
        child.press("q")
        child.wait_for("Quit now")
        child.quiet_for(0.4)
        child.press("n")
        assert child.ends_within(1) is None
        child.press("q")
        child.quiet_for(0.6)
        child.press("y")
        assert child.ends_within(10) == 0


def colours(written: bytes) -> set[str]:
    """The colour parameters of all SGR sequences, the default colours left out."""
    found = set()
    for sequence in re.findall(rb"\x1b\[([0-9;]*)m", written):
        for part in sequence.decode().split(";"):
            if re.fullmatch(r"3[0-8]|4[0-8]|9[0-7]|10[0-7]", part):
                found.add(part)
    return found


def test_no_color_means_no_colour_at_all(demo_home: Path) -> None:
    program = OPEN.format(home=str(demo_home))
    with terminal(program, {"NO_COLOR": "1"}) as child:
        opened(child)
        child.press("3")
        child.wait_for("Likely cause")
        child.press("a")
        child.wait_for("Reason, for the record")
        child.quiet_for(0.4)
        child.press("\x1b?")
        child.quiet_for(0.3)
        child.press("\x10")
        child.quiet_for(0.5)
        assert colours(child.written) == set()
        child.press("\x1b")
    with terminal(program) as child:
        opened(child)
        assert colours(child.written), "with colours there are some to be seen"


def test_idle_it_writes_nothing(demo_home: Path) -> None:
    with terminal(OPEN.format(home=str(demo_home))) as child:
        opened(child)
        child.quiet_for(2.5)
        assert child.quiet_for(4.5) == b""


@pytest.mark.parametrize("how", ["TERM=dumb", "no terminal"])
def test_where_it_cannot_be_shown_it_points_to_the_command_line(demo_home: Path, how: str) -> None:
    program = OPEN.format(home=str(demo_home))
    if how == "TERM=dumb":
        with terminal(program, {"TERM": "dumb"}) as child:
            assert child.ends_within(30) == 2
            assert "rollbook --help" in child.text()
        return
    path = os.pathsep.join(str(ROOT / folder) for folder in ("core", "tui"))
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "rollbook --help" in done.stderr
    assert done.stdout == ""


def test_a_store_that_cannot_be_opened_is_told_after_leaving(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "console.toml").write_text('theme = "nothing like it"\n')
    with terminal(OPEN.format(home=str(home))) as child:
        assert child.ends_within(60) == 2
        assert "no theme 'nothing like it'" in child.text()


def test_a_fault_ends_it_with_a_sentence_and_no_values(demo_home: Path) -> None:
    program = OPEN.format(home=str(demo_home)).replace(
        "from rollbook_tui.app",
        """from rollbook_tui.screens.dashboard import Dashboard
def fault(self):
    name = "Ada Lovelace"
    raise ValueError(name)
Dashboard.action_mark = fault
from rollbook_tui.app""",
    )
    with terminal(program) as child:
        opened(child)
        since = len(child.written)
        child.press(" ")
        assert child.ends_within(30) == 1
        said = child.text(since)
    assert "The console met a fault: ValueError." in said
    assert "Lovelace" not in said
    assert "Traceback" not in said
    log = (demo_home / "logs" / "console.log").read_text(encoding="utf-8")
    assert "ValueError" in log
    assert "Lovelace" not in log
